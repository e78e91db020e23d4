/** Names of divisions by their codes, asked for many at once and remembered. */
import { signal } from '@preact/signals';
import { post } from './client';
import type { Page } from './model';

/** Grows as names come; null where the server knows no such code. */
const names = signal<ReadonlyMap<string, string | null>>(new Map());
let wanted = new Set<string>();
let timer: ReturnType<typeof setTimeout> | null = null;

const LEVELS = [2, 4, 6, 9, 12];

/** The codes from the province down to a division, in twelve digits. */
export function lineage(code: string): string[] {
  const full = code.padEnd(12, '0');
  const all = LEVELS.map((length) => full.slice(0, length).padEnd(12, '0'));
  return all.filter((one, place) => place === 0 || one !== all[place - 1]);
}

async function fetchNames(): Promise<void> {
  timer = null;
  const codes = [...wanted];
  wanted = new Set();
  for (let from = 0; from < codes.length; from += 100) {
    const some = codes.slice(from, from + 100);
    try {
      const list = some.map((code) => `'${code}'`).join(', ');
      const page = await post<Page>('/query', { from: 'division', filter: `code IN (${list})`, select: ['code', 'name'], limit: 100 });
      const next = new Map(names.value);
      for (const code of some) next.set(code, null);
      for (const feature of page.features) {
        const { code, name } = feature.properties ?? {};
        if (typeof code === 'string' && typeof name === 'string') next.set(code, name);
      }
      names.value = next;
    } catch {
      // Codes stay as they are; whoever shows them next asks again.
    }
  }
}

/** A division's name, if it is known by now. */
export function divisionName(code: string): string | null {
  if (!/^\d{1,12}$/.test(code)) return null;
  const full = code.padEnd(12, '0');
  const known = names.value.get(full);
  if (known === undefined) {
    wanted.add(full);
    timer ??= setTimeout(() => void fetchNames(), 8);
  }
  return known ?? null;
}

/** `东城区 东华门街道 多福巷社区`: from the county down, as far as names are known. */
export function divisionPath(code: string): string {
  const line = lineage(code);
  const shown = line.length > 3 ? line.slice(2) : line.slice(-1);
  const parts = shown.map((one) => divisionName(one)).filter((name): name is string => !!name);
  return parts.length ? parts.join(' ') : code;
}
