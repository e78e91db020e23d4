import { expect, test } from 'vitest';
import { en } from './en';
import { bytes, distance, instant, lang, t } from './index';
import { zh } from './zh';

const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort();

test('both languages have the same texts, with the same values in them', () => {
  expect(Object.keys(en)).toEqual(Object.keys(zh));
  for (const key of Object.keys(zh) as (keyof typeof zh)[]) {
    expect(zh[key], key).not.toBe('');
    expect(en[key], key).not.toBe('');
    expect(holes(en[key]), key).toEqual(holes(zh[key]));
  }
});

test('values are filled in', () => {
  lang.value = 'en';
  expect(t('search.next', { shown: 50, n: 12345 })).toBe('50 of 12,345 shown, more');
  lang.value = 'zh';
  expect(t('mend.send', { n: 3 })).toBe('重新发送 3 行');
});

test('sizes, distances and instants are short', () => {
  expect([bytes(0), bytes(999), bytes(1500), bytes(123_456_789)]).toEqual(['0 B', '999 B', '1.5 KB', '123 MB']);
  expect([distance(12.4), distance(2291), distance(45_600)]).toEqual(['12 m', '2.29 km', '45.6 km']);
  expect(instant(null)).toBe('');
  expect(instant('2026-11-26T01:06:29.87398Z')).toMatch(/^2026-11-2\d \d\d:06:29$/);
});
