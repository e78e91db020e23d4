/** What is being typed, kept beside the views: it is there after a look elsewhere, a lost session, a refusal. */
import { useState } from 'preact/hooks';

const kept = new Map<string, object>();

export interface Draft<T> {
  draft: T;
  set: (part: Partial<T>) => void;
  clear: () => void;
}

/** The draft of a form; `key` names the form and what it is about. */
export function useDraft<T extends object>(key: string, begin: () => T): Draft<T> {
  const [, redraw] = useState(0);
  const draft = (kept.get(key) as T | undefined) ?? begin();
  if (!kept.has(key)) kept.set(key, draft);
  return {
    draft,
    set: (part) => {
      kept.set(key, { ...(kept.get(key) ?? draft), ...part });
      redraw((count) => count + 1);
    },
    clear: () => {
      kept.delete(key);
      redraw((count) => count + 1);
    },
  };
}
