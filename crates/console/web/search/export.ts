/** A whole answer as one file, page by page: the server's pages are bounded, the file is not. */
import { ask, address } from '../api/client';
import type { Schema } from '../api/catalog';
import { parameters, type Question } from './question';

const PAGE = 5000;

/** The address of the next page, out of a `Link` header (RFC 8288). */
export function next(link: string | null): string | null {
  const found = /<([^>]*)>;\s*rel="next"/.exec(link ?? '');
  return found?.[1] ?? null;
}

/** Gathers all pages. `told` hears how many lines there are so far. */
export async function gather(
  question: Question,
  schema: Schema,
  format: 'csv' | 'ndjson',
  columns: string[],
  told: (lines: number) => void,
  signal: AbortSignal,
): Promise<string[]> {
  const parts: string[] = [];
  let lines = 0;
  const first = { ...parameters(question, schema), f: format, limit: PAGE, ...(columns.length ? { properties: columns.join(',') } : {}) };
  let place: string | null = address(`/collections/${question.collection}/items`, first);
  while (place) {
    const response: Response = await ask(place, { signal, headers: { accept: '*/*' } });
    let text = await response.text();
    // Every page of a CSV begins with the names of its columns; the file does so once.
    if (format === 'csv' && parts.length) text = text.slice(text.indexOf('\n') + 1);
    // Excel takes a file for UTF-8 by this mark.
    if (format === 'csv' && !parts.length) parts.push('\ufeff');
    parts.push(text);
    lines += text.split('\n').length - 1 - (format === 'csv' && lines === 0 ? 1 : 0);
    told(lines);
    place = next(response.headers.get('link'));
  }
  return parts;
}
