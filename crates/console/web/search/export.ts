/**
 * A whole answer as one file. The server writes it while it is sent, of one state, whatever its size; here it goes
 * on to a file as it comes where the browser lets a page write one, and else into pieces that the browser may keep
 * on its disk, up to a limit.
 */
import { ask, address } from '../api/client';
import type { Schema } from '../api/catalog';
import { t } from '../text';
import { parameters, type Question } from './question';

export type Format = 'csv' | 'ndjson';

/** From so many records on a file is written as it comes, where the browser can. */
const LARGE = 50_000;
/** What is gathered in pieces at most, in bytes. */
const MOST = 1_000_000_000;
/** The size of a piece, in bytes. */
const PIECE = 4_000_000;

const KINDS: Record<Format, string> = { csv: 'text/csv;charset=utf-8', ndjson: 'application/x-ndjson' };

interface Sink {
  write: (bytes: Uint8Array<ArrayBuffer>) => Promise<void> | void;
  /** The file, where it was gathered; none where it is on the disk already. */
  close: () => Promise<Blob | null>;
  abort: () => Promise<void>;
}

type Picker = (options: object) => Promise<{ createWritable: () => Promise<WritableStream & { write: (bytes: Uint8Array) => Promise<void>; close: () => Promise<void>; abort: () => Promise<void> }> }>;

/** Pieces: what is in a blob need not be in memory. */
export function gathered(kind: string, most = MOST): Sink {
  const blobs: Blob[] = [];
  let parts: Uint8Array<ArrayBuffer>[] = [];
  let [size, all] = [0, 0];
  const flush = () => {
    if (parts.length) blobs.push(new Blob(parts));
    parts = [];
    size = 0;
  };
  return {
    write: (bytes) => {
      parts.push(bytes);
      size += bytes.length;
      all += bytes.length;
      if (all > most) throw new Error(t('export.too-large', { n: Math.round(most / 1e6) }));
      if (size >= PIECE) flush();
    },
    close: () => {
      flush();
      return Promise.resolve(new Blob(blobs, { type: kind }));
    },
    abort: () => Promise.resolve(void blobs.splice(0)),
  };
}

/** A file that the reader has chosen; null where the browser knows no such thing. */
async function chosen(name: string): Promise<Sink | null> {
  const pick = (window as unknown as { showSaveFilePicker?: Picker }).showSaveFilePicker;
  if (!pick) return null;
  const file = await (await pick.call(window, { suggestedName: name })).createWritable();
  return { write: (bytes) => file.write(bytes), close: async () => (await file.close(), null), abort: () => file.abort() };
}

export interface Export {
  question: Question;
  schema: Schema;
  format: Format;
  columns: string[];
  name: string;
  /** How many records there are, as far as that is known. */
  expected: number;
  told: (lines: number) => void;
  signal: AbortSignal;
}

/** Writes all that a question finds; the answer is what is still to be saved. */
export async function run({ question, schema, format, columns, name, expected, told, signal }: Export): Promise<Blob | null> {
  const sink = (expected > LARGE ? await chosen(name) : null) ?? gathered(KINDS[format]);
  try {
    const asked = { ...parameters(question, schema), f: format, ...(format === 'csv' && columns.length ? { properties: columns.join(',') } : {}) };
    const response = await ask(address(`/collections/${encodeURIComponent(question.collection)}/items`, asked), { signal, headers: { accept: '*/*' } });
    // Excel takes a file for UTF-8 by this mark.
    if (format === 'csv') await sink.write(new Uint8Array([0xef, 0xbb, 0xbf]));
    const reader = response.body!.getReader();
    let lines = format === 'csv' ? -1 : 0;
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      await sink.write(value);
      for (const byte of value) if (byte === 10) lines++;
      told(Math.max(0, lines));
    }
    return await sink.close();
  } catch (error) {
    await sink.abort().catch(() => undefined);
    throw error;
  }
}
