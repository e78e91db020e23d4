/**
 * A question about one collection: what the search and the map keep in the address, and how it is put to
 * the server, as CQL2, as a body of `POST /query`, and as a line for a shell.
 */
import type { Field, Schema } from '../api/catalog';
import type { Query } from '../api/model';
import type { Given } from '../router';

/** A value chosen from a facet; a null value asks for records without one. */
export interface Chosen {
  field: string;
  value: string | null;
}

export type Place = [number, number];

export interface Question {
  collection: string;
  q: string;
  /** Written by hand. */
  filter: string;
  chosen: Chosen[];
  polygon: Place[] | null;
  circle: { centre: Place; metres: number } | null;
  /** West, south, east, north. */
  box: [number, number, number, number] | null;
  sort: string;
  validAt: string;
  knownAt: string;
}

const places = (text: string | null): Place[] | null => {
  if (!text) return null;
  const all = text.split(',').map((pair) => pair.trim().split(' ').map(Number));
  const good = all.every((pair) => pair.length === 2 && pair.every(Number.isFinite));
  return good && all.length >= 3 ? (all as Place[]) : null;
};

const numbers = (text: string | null, count: number): number[] | null => {
  const all = (text ?? '').split(',').map((one) => (one.trim() ? Number(one) : NaN));
  return all.length === count && all.every(Number.isFinite) ? all : null;
};

/** What an address asks. What cannot be read in it asks nothing. */
export function fromAddress(collection: string, query: URLSearchParams): Question {
  const circle = numbers(query.get('circle'), 3);
  const box = numbers(query.get('box'), 4);
  return {
    collection,
    q: query.get('q') ?? '',
    filter: query.get('filter') ?? '',
    chosen: query.getAll('w').flatMap((text) => {
      const cut = text.indexOf(':');
      return cut > 0 ? [{ field: text.slice(0, cut), value: text.slice(cut + 1) || null }] : [];
    }),
    polygon: places(query.get('polygon')),
    circle: circle ? { centre: [circle[0]!, circle[1]!], metres: circle[2]! } : null,
    box: box ? (box as Question['box']) : null,
    sort: query.get('sort') ?? '',
    validAt: query.get('validAt') ?? '',
    knownAt: query.get('knownAt') ?? '',
  };
}

const short = (value: number): string => String(Number(value.toFixed(6)));

/** The parameters of an address that ask this. */
export function toAddress(question: Question): Given {
  return {
    q: question.q || null,
    filter: question.filter || null,
    w: question.chosen.map((one) => `${one.field}:${one.value ?? ''}`),
    polygon: question.polygon?.map((place) => place.map(short).join(' ')).join(',') ?? null,
    circle: question.circle ? [...question.circle.centre.map(short), Math.round(question.circle.metres)].join(',') : null,
    box: question.box?.map(short).join(',') ?? null,
    sort: question.sort || null,
  };
}

/** A text of CQL2. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

function chosenText(field: Field, values: (string | null)[]): string {
  const parts: string[] = [];
  const known = values.filter((value): value is string => value !== null);
  if (field.type === 'division') {
    parts.push(...known.map((code) => `within_division(${field.name}, ${quoted(code)})`));
  } else if (field.type === 'date') {
    parts.push(
      ...known.map((year) => {
        const next = String(Number(year) + 1).padStart(4, '0');
        return `(${field.name} >= DATE('${year}-01-01') AND ${field.name} < DATE('${next}-01-01'))`;
      }),
    );
  } else if (known.length === 1) {
    parts.push(`${field.name} = ${quoted(known[0]!)}`);
  } else if (known.length > 1) {
    parts.push(`${field.name} IN (${known.map(quoted).join(', ')})`);
  }
  if (known.length < values.length) parts.push(`${field.name} IS NULL`);
  return parts.length > 1 ? `(${parts.join(' OR ')})` : (parts[0] ?? '');
}

/** The whole filter as CQL2 text; empty where nothing is filtered. `except` leaves a facet's own field out. */
export function cql(question: Question, schema: Schema, except?: string): string {
  const parts: string[] = [];
  const fields = new Map<string, (string | null)[]>();
  for (const { field, value } of question.chosen) {
    if (field !== except) fields.set(field, [...(fields.get(field) ?? []), value]);
  }
  for (const [name, values] of fields) {
    const field = schema.byName.get(name);
    if (field) parts.push(chosenText(field, values));
  }
  const { polygon, circle, box } = question;
  if (polygon) {
    const ring = [...polygon, polygon[0]!].map((place) => place.map(short).join(' ')).join(', ');
    parts.push(`S_INTERSECTS(geometry, POLYGON((${ring})))`);
  }
  if (circle) parts.push(`near(${circle.centre.map(short).join(', ')}, ${Math.round(circle.metres)})`);
  if (box) parts.push(`S_INTERSECTS(geometry, BBOX(${box.map(short).join(', ')}))`);
  if (question.filter.trim()) {
    const own = question.filter.trim();
    parts.push(parts.length && / or /i.test(own) ? `(${own})` : own);
  }
  return parts.join(' AND ');
}

/** The body of `POST /query`. */
export function body(question: Question, schema: Schema, more: Partial<Query> = {}, except?: string): Query {
  const filter = cql(question, schema, except);
  return {
    from: question.collection,
    ...(question.q ? { q: question.q } : {}),
    ...(filter ? { filter } : {}),
    ...(question.validAt ? { validAt: question.validAt } : {}),
    ...(question.knownAt ? { knownAt: question.knownAt } : {}),
    ...(question.sort && !more.group && !more.measures ? { sort: [question.sort] } : {}),
    ...more,
  };
}

/** The same question as parameters of `GET /collections/{c}/items`. */
export function parameters(question: Question, schema: Schema): Record<string, string> {
  const filter = cql(question, schema);
  const all = {
    q: question.q,
    filter,
    sortby: question.sort,
    validAt: question.validAt,
    knownAt: question.knownAt,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value));
}

/** For a shell: in single quotes. */
const shell = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** A line that asks the same with curl. */
export function curl(origin: string, question: Question, schema: Schema): string {
  const given = Object.entries(parameters(question, schema)).map(([name, value]) => ` --data-urlencode ${shell(`${name}=${value}`)}`);
  return `curl -sG ${shell(`${origin}/collections/${question.collection}/items`)}${given.join('')}`;
}

/** Whether anything is asked. */
export const isNarrowed = (question: Question): boolean =>
  !!(question.q || question.filter || question.chosen.length || question.polygon || question.circle || question.box);

/** What a text may be the natural key of, by its form. Such keys never stand in an address of the server. */
export function keyForms(text: string): { collection: string; field: string }[] {
  const plain = text.trim().toUpperCase();
  const all: { collection: string; field: string }[] = [];
  if (/^(\d{15}|\d{17}[\dX])$/.test(plain)) all.push({ collection: 'person', field: 'identityNumber' });
  if (/^[0-9A-HJ-NPQRTUWXY]{18}$/.test(plain)) all.push({ collection: 'organization', field: 'creditCode' });
  return all;
}
