import { expect, test } from 'vitest';
import { ALL_VINTAGES, axis, csv, following, inForm, lines, periods, yearBefore, type Observation } from './compute';

const one = (period: string, value: number | null, vintage = ''): Observation => ({
  indicator: 'gdp', region: '110000000000', period, vintage, sex: '', age: '', value, unit: '亿元',
});

test('the last vintage of each period counts, and each can be had alone or beside the others', () => {
  const all = [one('2020', 100, 'a'), one('2020', 110, 'b'), one('2021', 120, 'a'), one('2022', null, 'b')];
  expect([...lines(all, '')[0]!.points]).toEqual([['2020', 110], ['2021', 120]]);
  expect([...lines([...all].reverse(), '')[0]!.points.entries()].sort()).toEqual([['2020', 110], ['2021', 120]]);
  expect([...lines(all, 'a')[0]!.points.values()]).toEqual([100, 120]);
  expect(lines(all, ALL_VINTAGES)).toHaveLength(2);
});

test('index and year on year', () => {
  const line = lines([one('2019-Q1', 50), one('2019-Q2', 60), one('2020-Q1', 55), one('2021-Q2', 90)], '')[0]!;
  expect([...inForm(line, 'index').points]).toEqual([['2019-Q1', 100], ['2019-Q2', 120], ['2020-Q1', 110], ['2021-Q2', 180]]);
  expect([...inForm(line, 'yoy').points]).toEqual([['2020-Q1', 10]]);
  expect([yearBefore('2020-Q1'), yearBefore('2020'), yearBefore('2000-03')]).toEqual(['2019-Q1', '2019', '1999-03']);
  expect(periods([line])).toEqual(['2019-Q1', '2019-Q2', '2020-Q1', '2021-Q2']);
});

test('a table for spreadsheets', () => {
  const all = lines([one('2020', 1.5), one('2021', 2)], '');
  expect(csv(all, () => 'GDP, "x"', '时期')).toBe('\ufeff时期,"GDP, ""x"""\r\n2020,1.5\r\n2021,2\r\n');
});

test('an axis leaves room for what is missing', () => {
  expect(['2020', '2020-Q4', '2020-S1', '2020-12', '2020-01'].map(following)).toEqual(['2021', '2021-Q1', '2020-S2', '2021-01', '2020-02']);
  expect(axis(lines([one('2009', 1), one('2012', 2)], ''))).toEqual(['2009', '2010', '2011', '2012']);
  expect(axis([])).toEqual([]);
});
