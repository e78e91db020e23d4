/** Texts in two languages, and forms of numbers and instants. */
import { signal } from '@preact/signals';
import { en } from './en';
import { zh } from './zh';

export type Lang = 'zh' | 'en';
export type Key = keyof typeof zh;
/** A label as the server gives it. */
export interface Label {
  zh: string;
  en: string;
}

const texts: Record<Lang, Record<Key, string>> = { zh, en };

export const lang = signal<Lang>('zh');

/** Whether a text stands under this key. */
export const isKey = (key: string): key is Key => Object.hasOwn(zh, key);

/** A text, its `{names}` filled in. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  return texts[lang.value][key].replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in values ? (typeof values[name] === 'number' ? number(values[name]) : String(values[name])) : whole,
  );
}

/** A text whose key is made up, or the name itself where there is none. */
export const told = (key: string, otherwise: string): string => (isKey(key) ? t(key) : otherwise);

/** A label in the language chosen; the other one where it is empty. */
export function label(of: Label | null | undefined, otherwise = ''): string {
  if (!of) return otherwise;
  return (lang.value === 'zh' ? of.zh || of.en : of.en || of.zh) || otherwise;
}

const plain = new Intl.NumberFormat('en', { maximumFractionDigits: 4 });

/** A number with its thousands apart. */
export const number = (value: number): string => plain.format(value);

/** Bytes in the unit that suits. */
export function bytes(size: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const place = Math.min(units.length - 1, size < 1 ? 0 : Math.floor(Math.log10(size) / 3));
  const value = size / 1000 ** place;
  return `${value >= 100 || place === 0 ? Math.round(value) : value.toFixed(1)} ${units[place]}`;
}

/** An instant in the browser's own zone, to the second. */
export function instant(text: string | null | undefined): string {
  if (!text) return '';
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return text;
  const two = (value: number) => String(value).padStart(2, '0');
  return (
    `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ` +
    `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
  );
}

/** Metres, or kilometres. */
export const distance = (metres: number): string =>
  metres < 1000 ? `${Math.round(metres)} m` : `${(metres / 1000).toFixed(metres < 10000 ? 2 : 1)} km`;
