/** Names that begin as somebody types, in characters or pinyin. */
import { get } from '../api/client';

export interface Suggestion {
  text: string;
  collection: string;
  field: string;
  match: string;
  count: number;
  /** Pairs of a first character and the one after the last. */
  marks: [number, number][];
}

const SHOWN = 10;

/** Whether a text may be a part of somebody's number: such texts stand in no address of the server. */
export const mayBeNumber = (text: string): boolean => /^\d{6,}[\dXx]*$/.test(text.trim()) || /^[0-9A-HJ-NPQRTUWXY]{10,}$/.test(text.trim());

/** The likeliest names. */
export async function suggestions(q: string, collection: string, times: { validAt: string; knownAt: string }, signal: AbortSignal): Promise<Suggestion[]> {
  if (mayBeNumber(q)) return [];
  const given = { q: q.trim(), collections: collection, limit: SHOWN, ...times };
  return (await get<{ suggestions: Suggestion[] }>('/suggest', given, signal)).suggestions;
}

/** The pieces of a name, and whether each is marked. Marks count characters, of which some are two units of UTF-16. */
export function marked({ text, marks }: Pick<Suggestion, 'text' | 'marks'>): { text: string; hit: boolean }[] {
  const characters = Array.from(text);
  const out: { text: string; hit: boolean }[] = [];
  let last = 0;
  for (const [from, to] of [...marks].sort((a, b) => a[0] - b[0])) {
    if (from > last) out.push({ text: characters.slice(last, from).join(''), hit: false });
    if (to > Math.max(from, last)) out.push({ text: characters.slice(Math.max(from, last), to).join(''), hit: true });
    last = Math.max(last, to);
  }
  if (last < characters.length) out.push({ text: characters.slice(last).join(''), hit: false });
  return out;
}
