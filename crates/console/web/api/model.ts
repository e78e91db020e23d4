/** What answers look like that the interface's description leaves open. */
import type { Label } from '../text';
import type { components } from './schema';

export type Query = components['schemas']['Query'];

export interface Geometry {
  type: 'Point' | 'MultiPoint' | 'LineString' | 'MultiLineString' | 'Polygon' | 'MultiPolygon';
  coordinates: unknown;
}

export type Value = string | number | boolean | null | Value[] | { [name: string]: unknown };

export interface Feature {
  type: 'Feature';
  id: string;
  geometry: Geometry | null;
  properties: Record<string, Value> | null;
  validFrom: string | null;
  validTo: string | null;
  knownFrom: string | null;
  knownTo: string | null;
  score?: number;
  distance?: number;
  /** Natural keys that lead to no record yet, by field. */
  held?: Record<string, string[]>;
  /** By field, what other departments say. */
  conflicts?: Record<string, { department: string; value: Value; since: string | null }[]>;
  /** By field, that somebody doubts it. */
  disputes?: Record<string, { state: string; by: string; since: string | null }>;
  /** Only in answers across collections. */
  collection?: string;
  title?: string;
}

export interface Page {
  features: Feature[];
  numberMatched: number;
  numberReturned: number;
  cursor?: string;
  validAt?: string;
  knownAt?: string | null;
}

export interface Found extends Page {
  counts: Record<string, number>;
}

export interface Group {
  key: Record<string, string | null>;
  count: number;
  measures: Record<string, number | string | null>;
}

export interface Groups {
  groups: Group[];
  numberMatched: number;
}

export interface CollectionInfo {
  id: string;
  title: string;
  titleEn: string;
  description: string;
  descriptionEn: string;
  register: string;
  department: string;
  sensitivity: string;
  updateCycle: string;
  crs?: string[];
  extent?: { spatial: { bbox: [number, number, number, number][] } };
}

export interface Statement {
  department: string;
  departmentLabel: Label;
  source: string;
  load: string;
  line: number;
  knownFrom: string;
  transaction: number;
  position: [number, number];
  validFrom: string | null;
  validTo: string | null;
  kind: 'assert' | 'end' | 'retract' | 'merge' | 'split' | 'dispute';
  fields: Record<string, Value>;
  retracts: [number, number] | null;
  into?: string;
  to?: string;
  statements?: [number, number][];
  field?: string;
  state?: string;
  note?: string;
}

export type LoadState =
  | 'received' | 'rehearsing' | 'rehearsed' | 'publishing' | 'published' | 'undoing' | 'undone' | 'failed' | 'discarded';

export interface Counts {
  read: number;
  inserted: number;
  changed: number;
  unchanged: number;
  rejected: number;
  corrected?: number;
}

export interface Load {
  id: string;
  kind: string;
  state: LoadState;
  source: string | null;
  collection: string | null;
  department: string | null;
  file: string;
  size: number;
  kept: number;
  asOf: string | null;
  maxRejects: string;
  counts: Counts | null;
  quarantined: number;
  ended: number;
  held: number;
  problems: Record<string, number>;
  outcome: string | null;
  rejects: boolean;
  /** Whether rows say what their department does not answer for. */
  notices: boolean;
  transaction: number | null;
  problem: ({ code: string } & Label) | null;
  undoes: string | null;
  undoneBy: string | null;
  received: string;
  by: string;
  progress: Pace | null;
  history?: { state: LoadState; at: string; by: string; note: ({ code: string } & Label) | null }[];
}

/** How far a load has come. */
export interface Pace {
  stage: string;
  bytes: number;
  of: number;
  rows: number;
  rate: number;
}

export interface Source {
  name: string;
  label: Label;
  collection: string;
  department: string;
  departmentLabel?: Label;
  description?: Label;
  scope: string;
  format: string;
  encoding?: string;
  synthetic: boolean;
  columns?: { headers: string[]; field: string; label: Label; optional: boolean }[];
}

export interface Duty {
  department: string;
  departmentLabel: Label;
  others: string[];
  updateCycle: string;
  lastPublished: string | null;
  overdue: boolean;
}

export interface Answering extends Duty {
  collection: string;
  fields: (Duty & { field: string })[];
  sources: { source: string; department: string; lastPublished: string | null; overdue: boolean }[];
}
