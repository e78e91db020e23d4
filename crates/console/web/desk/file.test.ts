import { expect, test } from 'vitest';
import { parse, write } from './csv';
import { encode, Unwritable } from './encode';

test('rows are read and written again', () => {
  const rows = [['a', 'b "c"', ''], ['x,y', 'two\nlines', ' edge'], ['', '', '']];
  expect(parse(write(rows))).toEqual(rows);
  expect(parse('a,"b\r\n')).toEqual([['a', 'b\r\n']]);
  expect(parse('')).toEqual([]);
  expect(parse('1,2\r\n3,4')).toEqual([['1', '2'], ['3', '4']]);
});

test('GB18030 is written as it is read: pairs, four bytes, beyond the basic plane', () => {
  const text = '统一社会信用代码,㐀䶵€𠀀𬌗,abc·"—\n';
  const bytes = encode(text, 'GB18030');
  expect(new TextDecoder('gb18030').decode(bytes)).toBe(text);
  expect([...encode('中', 'gb18030')]).toEqual([0xd6, 0xd0]);
});

test('UTF-8 keeps its mark where it had one', () => {
  expect([...encode('a', 'UTF-8', true)]).toEqual([0xef, 0xbb, 0xbf, 0x61]);
  expect(() => encode('a', 'big5')).toThrow(Unwritable);
});
