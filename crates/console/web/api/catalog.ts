/** What there is: collections and their fields, asked for once. */
import { lang } from '../text';
import { get } from './client';
import type { CollectionInfo } from './model';
import { turn } from './session';

/** A field, as a collection's JSON Schema has it. */
export interface Field {
  name: string;
  title: string;
  titleEn: string;
  description: string;
  descriptionEn: string;
  /** `text`, `code`, `date`, `division`, `reference`, `decimal`, `integer`, `period`, `point`, `geometry` … */
  type: string;
  many: boolean;
  /** Of a reference, its collection. */
  target: string | null;
  department: string;
  sensitivity: string;
  standard: string | null;
  search: string[];
  role: string | null;
  computed: boolean;
  codes: Map<string, { zh: string; en: string }> | null;
  required: boolean;
  unit: string | null;
  pattern: string | null;
}

export interface Schema {
  collection: string;
  key: string[];
  fields: Field[];
  byName: Map<string, Field>;
}

interface Property {
  title?: string;
  'x-title-en'?: string;
  description?: string;
  'x-description-en'?: string;
  'x-type'?: string;
  'x-target'?: string;
  'x-department'?: string;
  'x-sensitivity'?: string;
  'x-standard'?: string;
  'x-search'?: string[];
  'x-ogc-role'?: string;
  readOnly?: boolean;
  'x-unit'?: string;
  pattern?: string;
  type?: string;
  items?: Property;
  oneOf?: { const: string; title: string; 'x-title-en': string }[];
}

/** A JSON Schema as a list of fields. */
export function read(collection: string, given: { properties: Record<string, Property>; 'x-key'?: string[]; required?: string[] }): Schema {
  const fields = Object.entries(given.properties).map(([name, property]): Field => {
    const codes = property.oneOf ?? property.items?.oneOf;
    return {
      name,
      title: property.title ?? name,
      titleEn: property['x-title-en'] || property.title || name,
      description: property.description ?? '',
      descriptionEn: property['x-description-en'] || property.description || '',
      type: property['x-type'] ?? 'text',
      many: property.type === 'array',
      target: property['x-target'] ?? null,
      department: property['x-department'] ?? '',
      sensitivity: property['x-sensitivity'] ?? '',
      standard: property['x-standard'] ?? null,
      search: property['x-search'] ?? [],
      role: property['x-ogc-role'] ?? null,
      computed: property.readOnly ?? false,
      codes: codes ? new Map(codes.map((one) => [one.const, { zh: one.title, en: one['x-title-en'] || one.title }])) : null,
      required: given.required?.includes(name) ?? false,
      unit: property['x-unit'] ?? null,
      pattern: property.pattern ?? property.items?.pattern ?? null,
    };
  });
  return { collection, key: given['x-key'] ?? [], fields, byName: new Map(fields.map((field) => [field.name, field])) };
}

/** Asks once; a question that failed is asked again, and so is every one by another caller or for another task. */
export function once<K, T>(run: (key: K) => Promise<T>): (key: K) => Promise<T> {
  const answers = new Map<K, Promise<T>>();
  let asked = turn.value;
  return (key) => {
    if (asked !== turn.value) answers.clear();
    asked = turn.value;
    const known = answers.get(key);
    if (known) return known;
    const mine = run(key);
    answers.set(key, mine);
    mine.catch(() => answers.get(key) === mine && answers.delete(key));
    return mine;
  };
}

const all = once<'all', CollectionInfo[]>(async () => (await get<{ collections: CollectionInfo[] }>('/collections')).collections);

export const collections = (): Promise<CollectionInfo[]> => all('all');

/** A collection's fields. */
export const schema = once(async (collection: string) =>
  read(collection, await get(`/collections/${encodeURIComponent(collection)}/schema`)),
);

export const title = (of: Field): string => (lang.value === 'zh' ? of.title : of.titleEn);
export const about = (of: Field): string => (lang.value === 'zh' ? of.description : of.descriptionEn);
export const nameOf = (of: CollectionInfo): string => (lang.value === 'zh' ? of.title : of.titleEn || of.title);

/** What a code means, with the code where that is not known. */
export function codeText(field: Field, code: string): string {
  const known = field.codes?.get(code);
  return known ? (lang.value === 'zh' ? known.zh : known.en) : code;
}

/** The field that names a record. */
export const titleField = (of: Schema): Field | undefined =>
  of.fields.find((field) => field.role === 'title') ?? of.byName.get('text') ?? of.fields.find((field) => field.role === 'key');
