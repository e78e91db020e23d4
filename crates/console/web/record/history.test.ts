import { expect, test } from 'vitest';
import { read } from '../api/catalog';
import type { Feature, Statement } from '../api/model';
import { differences, order, origins, placeOf, stops, versionAt } from './history';

const schema = read('person', {
  properties: {
    name: { 'x-type': 'text', 'x-department': 'police' },
    household: { 'x-type': 'reference', 'x-target': 'household' },
    amount: { 'x-type': 'decimal' },
  },
});
const version = (validFrom: string | null, validTo: string | null, knownFrom: string, knownTo: string | null, name: string): Feature => ({
  type: 'Feature', id: 'P1', geometry: null, properties: { name, amount: 1 }, validFrom, validTo, knownFrom, knownTo,
});
const [early, late] = ['2024-01-01T00:00:00.5Z', '2024-01-01T00:00:00.51Z'];
const versions = [
  version(null, null, early, late, 'A'),
  version(null, '2020-01-01', late, null, 'A'),
  version('2020-01-01', null, late, null, 'B'),
];
const said = (given: Partial<Statement>): Statement => ({
  department: 'police', departmentLabel: { zh: '', en: '' }, source: 's', load: 'l', line: 1, knownFrom: early, transaction: 1,
  position: [1, 0], validFrom: null, validTo: null, kind: 'assert', fields: {}, retracts: null, ...given,
});

test('instants sort whatever the length of their fractions', () => {
  expect(order(early) < order(late)).toBe(true);
  expect(order('2024-01-01T00:00:00Z') < order(early)).toBe(true);
});

test('sliders stop where something changes, and find the version there', () => {
  const at = stops(versions);
  expect(at).toEqual({ days: [null, '2020-01-01'], instants: [early, late] });
  expect(versionAt(versions, null, late)?.properties?.name).toBe('A');
  expect(versionAt(versions, '2020-01-01', late)?.properties?.name).toBe('B');
  expect(versionAt(versions, '2020-01-01', early)?.properties?.name).toBe('A');
  expect(placeOf(at.days, '2019-12-31')).toBe(0);
  expect(placeOf(at.days, '2030-01-01')).toBe(1);
});

test('versions differ in what differs', () => {
  expect(differences(schema, versions[1], versions[2])).toEqual([{ field: 'name', before: 'A', after: 'B' }]);
  expect(differences(schema, versions[0], versions[1])).toEqual([]);
});

test('the responsible department is named before others who say the same', () => {
  const shown = { ...versions[2]!, properties: { name: 'B', household: { id: 'P9', properties: { number: 'HH1' } }, amount: 2.5 } };
  const all = [
    said({ fields: { name: 'B', household: { key: 'HH1' }, amount: '2.50' } }),
    said({ department: 'health', fields: { name: 'B' }, position: [2, 0] }),
    said({ department: 'tax', fields: { amount: '2.5' }, position: [3, 0] }),
    said({ department: 'tax', kind: 'retract', retracts: [3, 0], position: [4, 0] }),
  ];
  const found = origins(schema, shown, all, '2024-01-01', late);
  expect(found.get('name')?.department).toBe('police');
  expect(found.get('household')?.department).toBe('police');
  expect(found.get('amount')?.department).toBe('police');
  expect(origins(schema, shown, all, '2024-01-01', '2023-01-01T00:00:00Z').size).toBe(0);
});
