/** What the reader has chosen: language and colours, remembered by the browser. */
import { effect, signal } from '@preact/signals';
import { lang, t, type Lang } from './text';

export type Theme = 'light' | 'dark';

export const theme = signal<Theme>('light');

function stored(name: string): string | null {
  try {
    return localStorage.getItem(`jiku.${name}`);
  } catch {
    return null;
  }
}

function store(name: string, value: string): void {
  try {
    localStorage.setItem(`jiku.${name}`, value);
  } catch {
    // A browser that keeps nothing: the choice lasts as long as the page.
  }
}

/** Takes what was chosen before, or what the browser prefers. */
export function begin(): void {
  const chosen = stored('lang') ?? (navigator.language.startsWith('zh') ? 'zh' : 'en');
  lang.value = (chosen === 'en' ? 'en' : 'zh') satisfies Lang;
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  theme.value = (stored('theme') ?? (dark ? 'dark' : 'light')) === 'dark' ? 'dark' : 'light';
  effect(() => {
    document.documentElement.lang = lang.value === 'zh' ? 'zh-CN' : 'en';
    document.documentElement.dataset.theme = theme.value;
    document.title = t('title');
  });
}

export function choose(given: { lang?: Lang; theme?: Theme }): void {
  if (given.lang) store('lang', (lang.value = given.lang));
  if (given.theme) store('theme', (theme.value = given.theme));
}

/** Who the reader says to be, in the history of loads. */
export const by = signal(stored('by') ?? '');
export function setBy(name: string): void {
  store('by', (by.value = name));
}

/** The department for which the reader wrote last. */
export const department = signal(stored('department') ?? '');
export function setDepartment(name: string): void {
  store('department', (department.value = name));
}
