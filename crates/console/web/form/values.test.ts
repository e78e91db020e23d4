import { expect, test } from 'vitest';
import type { Field } from '../api/catalog';
import type { Feature } from '../api/model';
import { geometryOf, pointer, said, textOf, valueOf } from './values';

const field = (name: string, more: Partial<Field> = {}): Field => ({
  name, title: name, titleEn: name, description: '', descriptionEn: '', type: 'text', many: false, target: null, department: '',
  sensitivity: '', standard: null, search: [], role: null, computed: false, codes: null, required: false, unit: null, pattern: null, ...more,
});

test('only what was changed is said, and what was emptied is taken away', () => {
  const fields = [field('name'), field('former', { many: true }), field('floors', { type: 'integer' }), field('open', { type: 'boolean' })];
  const before = { name: '王芳', former: '王小芳', floors: '6', open: 'true' };
  expect(said(fields, before, before).properties).toEqual({});
  expect(said(fields, { name: '王 芳', former: '', floors: '7', open: 'false' }, before).properties).toEqual({ name: '王 芳', former: null, floors: 7, open: false });
});

test('numbers go as numbers as long as nothing of them is lost', () => {
  expect(valueOf(field('n', { type: 'decimal' }), '12.50')).toBe(12.5);
  expect(valueOf(field('n', { type: 'decimal' }), '12345678901234.5678')).toBe('12345678901234.5678');
  expect(valueOf(field('n', { type: 'integer' }), 'six')).toBe('six');
});

test('references are their ids, several values one a line', () => {
  const feature = { properties: { address: { id: 'S1', key: 'A', properties: {} }, names: ['甲', '乙'] }, geometry: { type: 'Point', coordinates: [116.1, 39.9] } } as unknown as Feature;
  expect(textOf(field('address', { type: 'reference' }), feature)).toBe('S1');
  expect(textOf(field('names', { many: true }), feature)).toBe('甲\n乙');
  expect(textOf(field('location', { type: 'point', role: 'primary-geometry' }), feature)).toBe('116.1, 39.9');
});

test('a geometry is a pair of numbers or GeoJSON', () => {
  expect(geometryOf('116.39，39.9')).toEqual({ type: 'Point', coordinates: [116.39, 39.9] });
  expect(geometryOf('{"type":"LineString","coordinates":[[1,2],[3,4]]}')?.type).toBe('LineString');
  expect(geometryOf('here')).toBeNull();
  const place = field('location', { type: 'point', role: 'primary-geometry' });
  expect(said([place], { location: 'here' }, {}).wrong).toEqual(['location']);
  expect(pointer(place)).toBe('/geometry');
  expect(pointer(field('a/b'))).toBe('/properties/a~1b');
});
