/**
 * Who uses this tab and what for: a key, the purpose and the case, kept for as long as the tab is open and sent
 * with every request. Nothing of it is in an address, a cookie, or another tab.
 */
import { signal } from '@preact/signals';

export interface Session {
  key: string;
  purpose: string;
  /** The number of the case, where the purpose demands one. */
  file: string;
}

const NAME = 'jiku.session';
const nobody: Session = { key: '', purpose: '', file: '' };

function stored(): Session {
  try {
    const text = sessionStorage.getItem(NAME);
    return text ? { ...nobody, ...(JSON.parse(text) as Partial<Session>) } : nobody;
  } catch {
    return nobody;
  }
}

export const session = signal<Session>(stored());

/** Whether the server wants to know who asks: nobody has said, or it did not take what was said. */
export const unknown = signal<'' | 'asked' | 'refused'>(session.value.key ? '' : 'asked');

function keep(now: Session): void {
  session.value = now;
  try {
    if (now.key) sessionStorage.setItem(NAME, JSON.stringify(now));
    else sessionStorage.removeItem(NAME);
  } catch {
    // A browser that keeps nothing: the session lasts as long as the page.
  }
}

/** Grows whenever another key, purpose or case is used: what was answered before was answered to somebody else. */
export const turn = signal(0);

export function signIn(now: Session): void {
  keep(now);
  unknown.value = '';
  turn.value++;
}

/** The same caller, for another task. */
export function retask(purpose: string, file: string): void {
  if (purpose === session.value.purpose && file === session.value.file) return;
  keep({ ...session.value, purpose, file });
  turn.value++;
}

/** Forgets who it was. The page begins anew, so that nothing that was read stays in it. */
export function signOut(): void {
  keep(nobody);
  location.reload();
}

/** The server did not take the key. */
export function refused(): void {
  unknown.value = session.value.key ? 'refused' : 'asked';
}

/** What every request carries. Headers hold Latin letters only: others go percent-encoded. */
export function headers(of: Session = session.value): Record<string, string> {
  return {
    ...(of.key ? { authorization: `Bearer ${of.key}` } : {}),
    ...(of.purpose ? { 'jiku-purpose': encodeURIComponent(of.purpose) } : {}),
    ...(of.file ? { 'jiku-case': encodeURIComponent(of.file) } : {}),
  };
}
