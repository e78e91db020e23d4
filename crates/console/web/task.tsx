/** What the questions of this tab are for: asked once a task, shown on every view, changed in one place. */
import { signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ProblemError } from './api/client';
import { retask, session } from './api/session';
import { t } from './text';

/** Refusals that a purpose or the number of a case can turn. */
const CODES = ['purpose-required', 'purpose-unknown', 'case-required'];
export const wantsTask = (error: ProblemError): boolean => CODES.includes(error.code);

/** Why it is asked for, and what is done once it was said; nothing while nobody asks. */
const asking = signal<{ because: ProblemError | null; then?: () => void } | null>(null);

export function askTask(because: ProblemError | null = null, then?: () => void): void {
  asking.value = { because, then };
}

/** The purposes that a refusal names, which are those of the caller. */
export function named(error: ProblemError | null): string[] {
  if (!error || !['purpose-required', 'purpose-unknown'].includes(error.code)) return [];
  const listed = /(?:one of|there are|可用[：:])\s*(.+)$/.exec(error.problem.detail)?.[1] ?? '';
  return listed.split(/[,，、\s]+/).map((one) => one.replace(/[.。]$/, '')).filter((one) => /^[a-z][a-z0-9-]*$/.test(one));
}

/** In the head of the page. */
export function Task() {
  const { purpose, file } = session.value;
  return (
    <button type="button" class={`bare task ${purpose ? '' : 'none'}`} onClick={() => askTask()} title={t('task.about')}>
      <span class="hidden">{t('task.change')}: </span>
      {purpose ? `${purpose}${file ? ` · ${file}` : ''}` : t('task.none')}
    </button>
  );
}

/** Asks, where somebody wants it asked. */
export function TaskDialog() {
  const asked = asking.value;
  return asked ? <Form key={asked.because?.code} {...asked} /> : null;
}

function Form({ because, then }: { because: ProblemError | null; then?: () => void }) {
  const [purpose, setPurpose] = useState(session.value.purpose);
  const [file, setFile] = useState(session.value.file);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const shown = dialog.current;
    if (shown && !shown.open) shown.showModal();
    return () => shown?.close();
  }, []);
  const close = () => (asking.value = null);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    retask(purpose.trim(), file.trim());
    close();
    then?.();
  };
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="task-head" onCancel={close}>
      <h2 id="task-head">{t('task.head')}</h2>
      <p class="dim">{t('task.about')}</p>
      {because && <p class="notice notice-warn">{because.text}</p>}
      <form class="stack" onSubmit={submit}>
        <label class="labelled">{t('sign.purpose')}
          <input value={purpose} maxLength={200} autocomplete="off" onInput={(event) => setPurpose(event.currentTarget.value)} />
        </label>
        <Purposes error={because} chosen={purpose} choose={setPurpose} />
        <label class="labelled">{t('sign.case')}
          <input value={file} maxLength={200} autocomplete="off" onInput={(event) => setFile(event.currentTarget.value)} />
        </label>
        <div class="row end">
          <button type="button" onClick={() => { setPurpose(''); setFile(''); }}>{t('task.new')}</button>
          <span class="grow" />
          <button type="button" onClick={close}>{t('cancel')}</button>
          <button type="submit" class="primary">{t('task.set')}</button>
        </div>
      </form>
    </dialog>
  );
}

/** The purposes to choose from, where a refusal has named them. */
export function Purposes({ error, chosen, choose }: { error: ProblemError | null; chosen: string; choose: (purpose: string) => void }) {
  const all = named(error);
  if (!all.length) return null;
  return (
    <div class="chips" role="group" aria-label={t('sign.purpose')}>
      {all.map((one) => <button key={one} type="button" class="chip" aria-pressed={one === chosen} onClick={() => choose(one)}>{one}</button>)}
    </div>
  );
}
