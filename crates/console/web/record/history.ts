/** What can be told from a record's versions and statements, apart from how it looks. */
import type { Field, Schema } from '../api/catalog';
import type { Feature, Statement, Value } from '../api/model';

/** An instant so that texts sort as instants do: fractions of a second are written as short as they are. */
export const order = (instant: string): string => {
  const [, whole, fraction] = /^([^.Z]*)\.?(\d*)Z?$/.exec(instant) ?? ['', instant, ''];
  return `${whole}.${(fraction ?? '').padEnd(9, '0')}`;
};

/** The days and instants at which a record changes: where sliders can stop. */
export interface Stops {
  /** A day in each stretch of validity, the first of it; null before anything begins. */
  days: (string | null)[];
  instants: string[];
}

export function stops(versions: Feature[]): Stops {
  const days = new Set<string>();
  const instants = new Set<string>();
  let open = false;
  for (const one of versions) {
    if (one.validFrom) days.add(one.validFrom);
    else open = true;
    if (one.validTo) days.add(one.validTo);
    if (one.knownFrom) instants.add(one.knownFrom);
    if (one.knownTo) instants.add(one.knownTo);
  }
  const sorted = [...days].sort();
  return { days: open || !sorted.length ? [null, ...sorted] : sorted, instants: [...instants].sort((a, b) => order(a).localeCompare(order(b))) };
}

/** Whether a version holds on a day as known at an instant; a null day is before everything. */
export function holds(version: Feature, day: string | null, known: string): boolean {
  const from = version.validFrom === null || (day !== null && version.validFrom <= day);
  const to = version.validTo === null || day === null || day < version.validTo;
  const since = version.knownFrom !== null && order(version.knownFrom) <= order(known);
  return from && to && since && (version.knownTo === null || order(known) < order(version.knownTo));
}

/** The version that holds. */
export const versionAt = (versions: Feature[], day: string | null, known: string): Feature | undefined =>
  versions.find((one) => holds(one, day, known));

/** Which stop a day is in: the last that is not after it. */
export function placeOf(all: (string | null)[], wanted: string): number {
  let place = 0;
  all.forEach((one, at) => {
    if (one !== null && one <= wanted) place = at;
  });
  return place;
}

const same = (field: Field | undefined, a: Value | undefined, b: Value | undefined): boolean => {
  if (field && ['decimal', 'integer'].includes(field.type)) return Number(a) === Number(b);
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
};

/** What a statement says may be a natural key where the record has the entity that bears it. */
function agrees(field: Field, said: Value | undefined, shown: Value | undefined): boolean {
  if (field.type !== 'reference' || !shown || typeof shown !== 'object' || Array.isArray(shown)) return same(field, said, shown);
  if (said && typeof said === 'object' && !Array.isArray(said)) {
    return Object.values((shown.properties ?? {}) as object).includes(said.key);
  }
  return said === shown.id;
}

export interface Difference {
  field: string;
  before: Value | undefined;
  after: Value | undefined;
}

/** The fields in which two versions differ, in the schema's order; a place that moved counts as one. */
export function differences(schema: Schema, a: Feature | undefined, b: Feature | undefined): Difference[] {
  const out: Difference[] = [];
  for (const field of schema.fields) {
    if (field.role === 'primary-geometry') continue;
    const [before, after] = [a?.properties?.[field.name], b?.properties?.[field.name]];
    if (!same(field, before, after)) out.push({ field: field.name, before, after });
  }
  const place = schema.fields.find((field) => field.role === 'primary-geometry');
  const [before, after] = [a?.geometry ?? null, b?.geometry ?? null];
  if (place && JSON.stringify(before) !== JSON.stringify(after)) {
    const text = (of: typeof before) => (of ? (of.type === 'Point' ? (of.coordinates as number[]).join(', ') : of.type) : undefined);
    out.push({ field: place.name, before: text(before), after: text(after) });
  }
  return out;
}

const at = (position: [number, number]) => position.join('.');

/** Of each field the statement whose value is shown, at a pair of times: the responsible department's, or the last. */
export function origins(schema: Schema, shown: Feature, statements: Statement[], day: string, known: string): Map<string, Statement> {
  const told = statements.filter((one) => order(one.knownFrom) <= order(known));
  const withdrawn = new Set(told.flatMap((one) => (one.retracts ? [at(one.retracts)] : [])));
  const live = told.filter(
    (one) =>
      one.kind === 'assert' &&
      !withdrawn.has(at(one.position)) &&
      (one.validFrom === null || one.validFrom <= day) &&
      (one.validTo === null || day < one.validTo),
  );
  const out = new Map<string, Statement>();
  for (const field of schema.fields) {
    const value = shown.properties?.[field.name];
    if (value === undefined) continue;
    const agreeing = live.filter((one) => field.name in one.fields && agrees(field, one.fields[field.name], value));
    const won = agreeing.filter((one) => one.department === field.department).at(-1) ?? agreeing.at(-1);
    if (won) out.set(field.name, won);
  }
  return out;
}
