/** Values as forms hold them: every one a text, several of them one a line. */
import type { Field } from '../api/catalog';
import type { Feature, Geometry, Value } from '../api/model';

export type Texts = Record<string, string>;

/** The fields that somebody can say; the rest is worked out. */
export const isSaid = (field: Field): boolean => !field.computed;

function one(value: Value): string {
  if (value === null) return '';
  // An expanded reference is an object with the record's id.
  if (typeof value === 'object' && !Array.isArray(value)) return typeof value.id === 'string' ? value.id : String(value.key ?? '');
  return String(value);
}

const isPoint = (field: Field): boolean => field.role === 'primary-geometry' && field.type === 'point';

/** A field of a record as a form shows it. */
export function textOf(field: Field, feature: Feature | null): string {
  if (!feature) return '';
  if (field.role === 'primary-geometry') {
    if (!feature.geometry) return '';
    return isPoint(field) && feature.geometry.type === 'Point' ? (feature.geometry.coordinates as number[]).join(', ') : JSON.stringify(feature.geometry);
  }
  const value = feature.properties?.[field.name];
  if (value === undefined || value === null) return '';
  return Array.isArray(value) ? value.map((each) => one(each)).join('\n') : one(value);
}

/** A geometry as it was typed: a longitude and a latitude, or GeoJSON. Null where it is neither. */
export function geometryOf(text: string): Geometry | null {
  const pair = text.split(/[,，\s]+/).filter(Boolean).map(Number);
  if (pair.length === 2 && pair.every(Number.isFinite)) return { type: 'Point', coordinates: pair };
  try {
    const read = JSON.parse(text) as Geometry;
    return read && typeof read.type === 'string' && Array.isArray(read.coordinates) ? read : null;
  } catch {
    return null;
  }
}

function json(field: Field, text: string): Value {
  const plain = text.trim();
  if (field.type === 'boolean') return plain === 'true' ? true : plain === 'false' ? false : plain;
  // Numbers that a browser cannot hold to the last digit go as they were typed.
  if (['integer', 'decimal'].includes(field.type) && /^-?\d{1,15}(\.\d{1,6})?$/.test(plain) && plain.replace(/\D/g, '').length <= 15) return Number(plain);
  return plain;
}

/** A text as it is sent: null for none. */
export function valueOf(field: Field, text: string): Value {
  if (field.many) {
    const all = text.split(/[\n、;；]+/).map((each) => each.trim()).filter(Boolean);
    return all.length ? all.map((each) => json(field, each)) : null;
  }
  return text.trim() ? json(field, text) : null;
}

export interface Said {
  properties: Record<string, Value>;
  geometry?: Geometry | null;
  /** Geometries that cannot be read, by field. */
  wrong: string[];
}

/** What a form says: fields whose text is not the one that it began with. */
export function said(fields: Field[], texts: Texts, before: Texts): Said {
  const out: Said = { properties: {}, wrong: [] };
  for (const field of fields) {
    const text = texts[field.name];
    if (text === undefined || text.trim() === (before[field.name] ?? '').trim()) continue;
    if (field.role === 'primary-geometry') {
      out.geometry = text.trim() ? geometryOf(text) : null;
      if (text.trim() && !out.geometry) out.wrong.push(field.name);
    } else out.properties[field.name] = valueOf(field, text);
  }
  return out;
}

/** Where a field stands in a body (RFC 6901). */
export const pointer = (field: Field): string =>
  field.role === 'primary-geometry' ? '/geometry' : `/properties/${field.name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
