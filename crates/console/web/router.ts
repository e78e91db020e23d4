/**
 * Where the reader is, kept behind the address's `#`: it can be saved and sent, and what was asked for,
 * which may name a person, is in no server's log.
 */
import { signal } from '@preact/signals';

export interface Route {
  /** The parts of the path: `['record', 'person', 'P7…']`. */
  path: string[];
  query: URLSearchParams;
}

export type Given = Record<string, string | string[] | null | undefined>;

/** Reads what stands behind `#`. */
export function parse(hash: string): Route {
  const text = hash.replace(/^#?\/?/, '');
  const cut = text.indexOf('?');
  const path = (cut < 0 ? text : text.slice(0, cut)).split('/').filter(Boolean).map(decode);
  return { path, query: new URLSearchParams(cut < 0 ? '' : text.slice(cut + 1)) };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** An address. Parameters without a value are left out; the times asked for go along. */
export function href(path: string[], given: Given = {}, times: URLSearchParams = route.value.query): string {
  const query = new URLSearchParams();
  for (const name of ['validAt', 'knownAt']) {
    const value = times.get(name);
    if (value && !(name in given)) query.set(name, value);
  }
  for (const [name, value] of Object.entries(given)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one) query.append(name, one);
  }
  const text = query.toString();
  return `#/${path.map(encodeURIComponent).join('/')}${text ? `?${text}` : ''}`;
}

export const route = signal<Route>(parse(typeof location === 'undefined' ? '' : location.hash));

/** Goes somewhere; `replace` leaves no step to go back to. */
export function go(to: string, replace = false): void {
  if (replace) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  route.value = parse(location.hash);
}

/** The same place with other parameters: null takes one away. */
export function change(given: Given, replace = false): void {
  const { path, query } = route.value;
  const all: Given = {};
  for (const name of new Set(query.keys())) all[name] = query.getAll(name);
  go(href(path, { ...all, ...given }), replace);
}

/** Listens to the browser's own steps. */
export function follow(): void {
  const take = () => (route.value = parse(location.hash));
  addEventListener('popstate', take);
  addEventListener('hashchange', take);
}
