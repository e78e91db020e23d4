/**
 * Texts into the bytes of the file they came from. Browsers read GB18030 and write only UTF-8, so the table
 * from characters to bytes is made by reading all bytes once.
 */

let table: Map<number, number[]> | null = null;

/** All pairs, and the four-byte codes below U+10000, as the browser reads them. */
function gb18030(): Map<number, number[]> {
  if (table) return table;
  const decoder = new TextDecoder('gb18030');
  const made = new Map<number, number[]>();
  const take = (all: number[][]) => {
    // One text for all codes; a line's end keeps them apart.
    const text = decoder.decode(Uint8Array.from(all.flatMap((code) => [...code, 0x0a])));
    text.split('\n').forEach((character, place) => {
      const point = character.codePointAt(0);
      const bytes = all[place];
      if (point === undefined || !bytes || point === 0xfffd || [...character].length !== 1) return;
      if (!made.has(point)) made.set(point, bytes);
    });
  };
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    const pairs: number[][] = [];
    for (let trail = 0x40; trail <= 0xfe; trail++) if (trail !== 0x7f) pairs.push([lead, trail]);
    take(pairs);
  }
  for (let a = 0x81; a <= 0x84; a++) {
    for (let b = 0x30; b <= 0x39; b++) {
      const codes: number[][] = [];
      for (let c = 0x81; c <= 0xfe; c++) for (let d = 0x30; d <= 0x39; d++) codes.push([a, b, c, d]);
      take(codes);
    }
  }
  table = made;
  return made;
}

/** A character that an encoding does not have. */
export class Unwritable extends Error {
  constructor(
    readonly character: string,
    readonly encoding: string,
  ) {
    super(`${character} ∉ ${encoding}`);
  }
}

/** Encodes a text; UTF-8 with its mark where `mark` says so. */
export function encode(text: string, encoding: string, mark = false): Uint8Array<ArrayBuffer> {
  const name = encoding.toLowerCase();
  if (name === 'utf-8' || name === 'utf8') return new TextEncoder().encode((mark ? '\ufeff' : '') + text) as Uint8Array<ArrayBuffer>;
  if (name !== 'gb18030' && name !== 'gbk') throw new Unwritable('', encoding);
  const known = gb18030();
  const out: number[] = [];
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    if (point < 0x80) out.push(point);
    else if (point >= 0x10000) {
      const place = point - 0x10000;
      out.push(0x90 + Math.floor(place / 12600), 0x30 + (Math.floor(place / 1260) % 10), 0x81 + (Math.floor(place / 10) % 126), 0x30 + (place % 10));
    } else {
      const bytes = known.get(point);
      if (!bytes) throw new Unwritable(character, encoding);
      out.push(...bytes);
    }
  }
  return Uint8Array.from(out);
}

/** Whether bytes begin with UTF-8's mark. */
export const hasMark = (bytes: Uint8Array): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
