/** Steps of requests and objections: who speaks, why, what the server says of it; and clocks as people read them. */
import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { ask, type ProblemError } from '../api/client';
import { departmentName, learn } from '../api/departments';
import { get } from '../api/client';
import type { Answering } from '../api/model';
import { Failed } from '../parts';
import { asProblem, useAsk } from '../parts/ask';
import { instant, t, told } from '../text';
import type { Reading, Step } from './model';

/** For which department somebody speaks who may speak for several; the caller's own where nothing is said. */
export const speaking = signal('');

export const speakerHeaders = (): Record<string, string> => (speaking.value ? { 'jiku-department': speaking.value } : {});

/** A request in the name of the department that speaks. */
export async function call<T>(path: string, body?: unknown): Promise<T> {
  const json: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  const response = await ask(path, { method: body === undefined ? 'GET' : 'POST', body: body === undefined ? undefined : JSON.stringify(body), headers: { ...json, ...speakerHeaders() } });
  return (await response.json()) as T;
}

export function SpeakingFor() {
  const all = useAsk('speaking', async (signal) => {
    const { responsibility } = await get<{ responsibility: Answering[] }>('/responsibility', {}, signal);
    learn(responsibility);
    const duties = responsibility.flatMap((one) => [one, ...one.fields]);
    return [...new Set(duties.flatMap((one) => [one.department, ...one.others]))].sort();
  });
  // Who may not read who answers for what speaks for itself.
  if (!all.value) return null;
  return (
    <label class="row">{t('trust.speaking')}
      <select value={speaking.value} onChange={(event) => (speaking.value = event.currentTarget.value)}>
        <option value="">{t('trust.own-department')}</option>
        {all.value.map((one) => <option key={one} value={one}>{departmentName(one)}</option>)}
      </select>
    </label>
  );
}

export function Clock({ of }: { of: Reading | null }) {
  if (!of) return null;
  const tone = of.urgency === 'overdue' ? 'bad' : of.urgency === 'due-soon' ? 'warn' : 'quiet';
  const left = of.left < 0 ? t('clock.over', { n: -of.left }) : t('clock.left', { n: of.left });
  return (
    <span title={t('clock.about', { since: of.since, days: of.workingDays })}>
      <span class={`badge ${tone}`}>{left}</span> <span class="dim">{told(`awaited.${of.awaited}`, of.awaited)} · {of.due}{of.provisional && ` (${t('clock.provisional')})`}</span>
    </span>
  );
}

export function StateOf({ kind, state }: { kind: 'request' | 'objection'; state: string }) {
  const tone = ['granted', 'verified', 'unmarked'].includes(state) ? 'good' : ['refused', 'rejected', 'revoked'].includes(state) ? 'bad' : ['returned', 'marked', 'expired'].includes(state) ? 'warn' : 'quiet';
  return <span class={`badge ${tone}`}>{told(`${kind}.${state}`, state)}</span>;
}

export function Steps({ kind, history }: { kind: 'request' | 'objection'; history: Step[] }) {
  return (
    <ol class="steps">
      {history.map((one, place) => <li key={place}><span class="number">{instant(one.at)}</span> <StateOf kind={kind} state={one.state} /> {departmentName(one.by.department)}{one.note && <span class="dim"> {one.note}</span>}</li>)}
    </ol>
  );
}

/** A step that wants a word of why. */
export interface Way {
  name: string;
  text: string;
  /** The body beside the note. */
  body?: Record<string, unknown>;
  needsNote?: boolean;
  danger?: boolean;
}

/** The steps that may be taken, with one note for whichever is. */
export function Ways<T>({ base, ways, done, children }: { base: string; ways: Way[]; done: (now: T) => void; children?: ComponentChildren }) {
  const [note, setNote] = useState('');
  const [error, setError] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  if (!ways.length) return null;
  const take = async (way: Way) => {
    setBusy(true);
    setError(null);
    try {
      const now = await call<T>(`${base}/${way.name.split(' ')[0]}`, { ...way.body, ...(note.trim() ? { note: note.trim() } : {}) });
      setNote('');
      done(now);
    } catch (problem) {
      setError(asProblem(problem));
    }
    setBusy(false);
  };
  return (
    <section class="panel stack">
      <h2>{t('trust.step')}</h2>
      {children}
      <div class="form-field"><label for="step-note">{t('trust.note')}</label><textarea id="step-note" rows={2} maxLength={1000} value={note} onInput={(event) => setNote(event.currentTarget.value)} /></div>
      {error && <Failed error={error} />}
      <div class="row end">
        {ways.map((way) => <button key={way.name} type="button" class={way.danger ? 'danger' : 'primary'} disabled={busy || (way.needsNote && !note.trim())} onClick={() => void take(way)}>{way.text}</button>)}
      </div>
    </section>
  );
}
