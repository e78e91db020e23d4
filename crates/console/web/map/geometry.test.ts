import { expect, test } from 'vitest';
import { area, bounds, cell, classes, metres, middle, ring } from './geometry';

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

test('a cell of the grid holds the place that the server put into it', () => {
  // 1000-14402-25411 holds persons by 116.1 E, 39.5 N.
  const box = bounds([cell('1000-14402-25411')])!;
  expect(metres([box[0], box[1]], [box[0], box[3]])).toBeCloseTo(1000, 0);
  expect(Math.abs(metres([box[0], box[1]], [box[2], box[1]]) - 1000)).toBeLessThan(2);
  expect(cell('nonsense')).toBeNull();
});

test('classes have as many members each', () => {
  expect(classes([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).toEqual([3, 5, 7, 9]);
  expect(classes([1, 1, 1, 1])).toEqual([]);
  expect(classes([])).toEqual([]);
});
