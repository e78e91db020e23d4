/** Writing of single records. A call that got lost is sent again under the same key, and carried out once. */
import { ask } from './client';
import type { Feature } from './model';

export interface Written {
  /** None where nothing is left of the record today. */
  feature: Feature | null;
  outcome: string;
}

export interface Call {
  method: 'POST' | 'PATCH';
  path: string;
  body: object;
  department: string;
  /** The entity tag that the record had when it was read; none for a new one. */
  tag?: string | null;
}

/** The keys of calls that have not been answered yet, by all that makes a call what it is. */
const keys = new Map<string, string>();

/** Random, also where the page is not served over TLS and `randomUUID` is missing. */
function random(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export async function write({ method, path, body, department, tag }: Call): Promise<Written> {
  const text = JSON.stringify(body);
  const call = [method, path, department, text].join('\n');
  const key = keys.get(call) ?? random();
  keys.set(call, key);
  const headers: Record<string, string> = { 'content-type': 'application/json', 'idempotency-key': `"${key}"` };
  if (department) headers['jiku-department'] = department;
  if (tag) headers['if-match'] = tag;
  const response = await ask(path, { method, body: text, headers });
  keys.delete(call);
  const feature = response.status === 204 ? null : ((await response.json()) as Feature);
  return { feature, outcome: response.headers.get('jiku-outcome') ?? '' };
}
