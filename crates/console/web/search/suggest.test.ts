import { expect, test } from 'vitest';
import { marked, mayBeNumber } from './suggest';

test('marks count characters, rare ones too', () => {
  expect(marked({ text: '王𪚥明', marks: [[1, 2]] })).toEqual([{ text: '王', hit: false }, { text: '𪚥', hit: true }, { text: '明', hit: false }]);
  expect(marked({ text: '王明', marks: [] })).toEqual([{ text: '王明', hit: false }]);
  expect(marked({ text: '王明', marks: [[0, 1], [0, 2]] })).toEqual([{ text: '王', hit: true }, { text: '明', hit: true }]);
});

test('parts of numbers are not asked about', () => {
  expect(mayBeNumber('1101331972')).toBe(true);
  expect(mayBeNumber('11013319721027250X')).toBe(true);
  expect(mayBeNumber('91110108MA01')).toBe(true);
  expect(mayBeNumber('27号')).toBe(false);
  expect(mayBeNumber('wangxiaoming')).toBe(false);
  expect(mayBeNumber('王小明')).toBe(false);
});
