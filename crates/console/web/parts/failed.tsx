/** What went wrong, in the server's own words, under which receipt, and what can be done about it. */
import { useEffect, useState } from 'preact/hooks';
import type { ProblemError } from '../api/client';
import { refused } from '../api/session';
import { askTask, wantsTask } from '../task';
import { isKey, t, type Key } from '../text';

type Kind = 'unknown' | 'forbidden' | 'missing' | 'changed' | 'often' | 'failed';

const KINDS: Record<number, Kind> = { 401: 'unknown', 403: 'forbidden', 404: 'missing', 409: 'changed', 412: 'changed', 429: 'often' };
const HEADS: Record<Kind, Key> = {
  unknown: 'error.unknown', forbidden: 'error.forbidden', missing: 'error.missing', changed: 'error.changed', often: 'error.often', failed: 'error.head',
};

/** Where a problem is, by pointers into what was sent; empty where it is not about a part of it. */
export const pointed = (error: ProblemError | null): Map<string, string> =>
  new Map((error?.problem.problems ?? []).map((one) => [one.pointer, one.detail]));

/** `without`: pointers of problems that stand elsewhere on the page. */
export function Failed({ error, again, without }: { error: ProblemError; again?: () => void; without?: ReadonlySet<string> }) {
  const { problem } = error;
  const kind = KINDS[problem.status] ?? 'failed';
  const others = problem.problems?.filter((one) => !without?.has(one.pointer)) ?? [];
  const advice = `advice.${kind}`;
  return (
    <div class={`notice notice-${kind}`} role="alert">
      <p class="notice-head">{t(HEADS[kind])}</p>
      <p>{error.text}</p>
      {others.length > 0 && (
        <ul>
          {others.map((one) => <li key={one.pointer + one.code}><code>{one.pointer}</code> {one.detail}</li>)}
        </ul>
      )}
      {isKey(advice) && !wantsTask(error) && <p class="dim">{t(advice)}</p>}
      <p class="dim">
        <code>{problem.code}</code>
        {problem.parameter && <> · <code>{problem.parameter}</code></>}
        {error.receipt && <> · {t('error.receipt')} <code>{error.receipt}</code></>}
      </p>
      {wantsTask(error) && <button type="button" class="primary" onClick={() => askTask(error)}>{t('task.say')}</button>}
      {kind === 'unknown' && <button type="button" class="primary" onClick={refused}>{t('sign.again')}</button>}
      {again && !wantsTask(error) && kind !== 'unknown' && <Again again={again} wait={error.wait} />}
    </div>
  );
}

/** A way to ask again; where the server has said when, not before. */
function Again({ again, wait }: { again: () => void; wait: number | null }) {
  const [left, setLeft] = useState(wait ?? 0);
  useEffect(() => {
    if (!wait) return;
    const end = Date.now() + wait * 1000;
    setLeft(wait);
    const timer = setInterval(() => {
      const rest = Math.max(0, Math.ceil((end - Date.now()) / 1000));
      setLeft(rest);
      if (!rest) clearInterval(timer);
    }, 500);
    return () => clearInterval(timer);
  }, [wait]);
  return <button type="button" disabled={left > 0} onClick={again}>{left > 0 ? t('error.again-in', { time: duration(left) }) : t('error.again')}</button>;
}

/** Seconds as people say them. */
function duration(seconds: number): string {
  if (seconds < 120) return t('time.seconds', { n: seconds });
  if (seconds < 7200) return t('time.minutes', { n: Math.ceil(seconds / 60) });
  return t('time.hours', { n: Math.ceil(seconds / 3600) });
}
