/** Series out of observations: chosen by vintage, aligned by period, as values, index, or year on year. */

export interface Observation {
  indicator: string;
  region: string;
  period: string;
  vintage: string;
  sex: string;
  age: string;
  value: number | null;
  unit: string;
}

export interface Line {
  key: string;
  indicator: string;
  region: string;
  vintage: string;
  sex: string;
  age: string;
  unit: string;
  points: Map<string, number>;
}

export type Form = 'level' | 'index' | 'yoy';

/** Every vintage as a line of its own. */
export const ALL_VINTAGES = '*';

/** Lines of observations. An empty vintage takes, of each period, what was published last. */
export function lines(observations: Observation[], vintage: string): Line[] {
  const out = new Map<string, Line>();
  const from = new Map<string, string>();
  for (const one of observations) {
    if (one.value === null || !Number.isFinite(one.value)) continue;
    if (vintage && vintage !== ALL_VINTAGES && one.vintage !== vintage) continue;
    const own = vintage === ALL_VINTAGES ? one.vintage : vintage;
    const key = [one.indicator, one.region, own, one.sex, one.age].join('|');
    const line = out.get(key) ?? { key, indicator: one.indicator, region: one.region, vintage: own, sex: one.sex, age: one.age, unit: one.unit, points: new Map() };
    out.set(key, line);
    const point = `${key}|${one.period}`;
    const before = from.get(point);
    if (before !== undefined && before > one.vintage) continue;
    from.set(point, one.vintage);
    line.points.set(one.period, one.value);
  }
  return [...out.values()];
}

/** All periods of the lines, in order: `2020`, `2020-Q1`, `2020-03`. */
export const periods = (all: Line[]): string[] => [...new Set(all.flatMap((line) => [...line.points.keys()]))].sort();

/** The period after one of the same kind: `2021`, `2021-Q1`, `2021-S1`, `2021-01`. */
export function following(period: string): string {
  const [, year = '', kind = '', part = ''] = /^(\d{4})(?:-([QS]?)(\d+))?$/.exec(period) ?? [];
  if (!part) return String(Number(year) + 1).padStart(4, '0');
  const parts = { Q: 4, S: 2 }[kind] ?? 12;
  const next = Number(part) + 1;
  const write = (all: number, one: number) => `${String(all).padStart(4, '0')}-${kind}${kind ? one : String(one).padStart(2, '0')}`;
  return next > parts ? write(Number(year) + 1, 1) : write(Number(year), next);
}

/** An axis: where a period is missing between two others, it has its place, and lines break there. */
export function axis(all: Line[]): string[] {
  const out: string[] = [];
  for (const period of periods(all)) {
    const last = out.at(-1);
    if (last !== undefined && last.length === period.length) {
      for (let next = following(last); next < period && out.length < 5000; next = following(next)) out.push(next);
    }
    out.push(period);
  }
  return out;
}

/** The same part of the year before. */
export const yearBefore = (period: string): string => String(Number(period.slice(0, 4)) - 1).padStart(4, '0') + period.slice(4);

/** A line in another form. Where there is nothing to compare with there is no point. */
export function inForm(line: Line, form: Form): Line {
  if (form === 'level') return line;
  const points = new Map<string, number>();
  const [first] = [...line.points.keys()].sort();
  const base = first === undefined ? 0 : (line.points.get(first) ?? 0);
  for (const [period, value] of line.points) {
    const before = form === 'index' ? base : line.points.get(yearBefore(period));
    if (!before) continue;
    const made = form === 'index' ? (value / before) * 100 : (value / before - 1) * 100;
    points.set(period, Math.round(made * 100) / 100);
  }
  return { ...line, unit: form === 'index' ? '' : '%', points };
}

const cell = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** A table with a row a period, for spreadsheets. */
export function csv(all: Line[], names: (line: Line) => string, head: string): string {
  const rows = [[head, ...all.map(names)], ...periods(all).map((period) => [period, ...all.map((line) => String(line.points.get(period) ?? ''))])];
  return '\ufeff' + rows.map((row) => row.map(cell).join(',') + '\r\n').join('');
}
