/** A text with what was searched for marked in it. */

/** The pieces of a text, and whether each is one of the words. */
export function pieces(text: string, words: string): { text: string; hit: boolean }[] {
  const all = words.split(/[\s,，、;；"“”]+/).filter(Boolean);
  if (!all.length) return [{ text, hit: false }];
  const escaped = all.sort((a, b) => b.length - a.length).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const out: { text: string; hit: boolean }[] = [];
  let last = 0;
  for (const found of text.matchAll(new RegExp(escaped.join('|'), 'gi'))) {
    if (found.index > last) out.push({ text: text.slice(last, found.index), hit: false });
    out.push({ text: found[0], hit: true });
    last = found.index + found[0].length;
  }
  if (last < text.length) out.push({ text: text.slice(last), hit: false });
  return out;
}

export function Marked({ text, words }: { text: string; words: string }) {
  return <>{pieces(text, words).map((one, place) => (one.hit ? <mark key={place}>{one.text}</mark> : one.text))}</>;
}
