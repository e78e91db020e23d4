import { expect, test } from 'vitest';
import { area, bounds, classes, metres, middle, ring } from './geometry';

test('distances and circles agree', () => {
  const centre: [number, number] = [116.39, 39.9];
  for (const place of ring(centre, 500)) expect(Math.abs(metres(centre, place) - 500)).toBeLessThan(1.5);
});

test('a degree square at the equator has the area of the sphere there', () => {
  const square = { type: 'Polygon' as const, coordinates: [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]] };
  expect(area(square)).toBeGreaterThan(12_300);
  expect(area(square)).toBeLessThan(12_400);
  expect(middle(square)).toEqual([0.5, 0.5]);
  expect(bounds([square, null])).toEqual([0, 0, 1, 1]);
});

test('classes have as many members each', () => {
  expect(classes([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).toEqual([3, 5, 7, 9]);
  expect(classes([1, 1, 1, 1])).toEqual([]);
  expect(classes([])).toEqual([]);
});
