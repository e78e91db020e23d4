/** The small parts that views are made of. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ask, type ProblemError } from '../api/client';
import { t } from '../text';
import { asProblem } from './ask';
import { Failed } from './failed';

export { Failed };

export function Empty({ children }: { children: ComponentChildren }) {
  return <div class="notice notice-empty" role="status">{children}</div>;
}

/** Shown only when waiting takes long enough to be noticed: the style delays it. */
export function Waiting({ what }: { what?: string }) {
  return <div class="waiting" role="status">{what ?? t('waiting')}</div>;
}

export function Copy({ text, what }: { text: string; what: string }) {
  const [done, set] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Without the clipboard's leave: the old way.
      const area = document.createElement('textarea');
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand('copy');
      area.remove();
    }
    set(true);
    setTimeout(() => set(false), 1600);
  };
  return (
    <button type="button" class="small" onClick={() => void copy()} aria-label={`${t('copy')}: ${what}`}>
      {done ? t('copied') : t('copy')}
    </button>
  );
}

export interface Tab {
  id: string;
  text: string;
}

/** A list of tabs after the pattern of the ARIA practices: arrows move, the panel is the caller's. */
export function Tabs({ tabs, current, choose, name }: { tabs: Tab[]; current: string; choose: (id: string) => void; name: string }) {
  const onKey = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (!step) return;
    event.preventDefault();
    const place = tabs.findIndex((tab) => tab.id === current);
    const next = tabs[(place + step + tabs.length) % tabs.length];
    if (!next) return;
    choose(next.id);
    document.getElementById(`tab-${next.id}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={name} onKeyDown={onKey}>
      {tabs.map((tab) => (
        <button
          key={tab.id}
          id={`tab-${tab.id}`}
          type="button"
          role="tab"
          aria-selected={tab.id === current}
          tabIndex={tab.id === current ? 0 : -1}
          onClick={() => choose(tab.id)}
        >
          {tab.text}
        </button>
      ))}
    </div>
  );
}

/** Asks before something that cannot be taken back lightly. Focus goes in, and back out. */
export function Confirm({ head, children, yes, act, close }: {
  head: string;
  children?: ComponentChildren;
  yes: string;
  act: () => void;
  close: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const shown = dialog.current;
    if (shown && !shown.open) shown.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="dialog-head" onCancel={close}>
      <h2 id="dialog-head">{head}</h2>
      {children}
      <div class="row end">
        <button type="button" onClick={close}>{t('cancel')}</button>
        <button type="button" class="primary" onClick={() => { close(); act(); }}>{yes}</button>
      </div>
    </dialog>
  );
}

/** A small bar beside a number: how much of the most it is. */
export function Bar({ share, tone = '' }: { share: number; tone?: string }) {
  const width = Math.max(0, Math.min(1, share)) * 100;
  return (
    <svg class={`bar ${tone}`} viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <rect class="bar-back" width="100" height="6" />
      <rect class="bar-fill" width={width} height="6" />
    </svg>
  );
}

/** Saves bytes as a file. */
export function save(name: string, parts: BlobPart[], kind: string): void {
  const url = URL.createObjectURL(new Blob(parts, { type: kind }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** The name that an answer gives its file (RFC 6266); none where it gives none. */
export function nameOf(disposition: string | null): string {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? '')?.[1];
  return encoded ? decodeURIComponent(encoded) : (/filename="?([^";]+)"?/i.exec(disposition ?? '')?.[1] ?? '');
}

/** A file of the server's, fetched with the session's headers: a plain link would send none. */
export function Download({ path, text, name }: { path: string; text: string; name?: string }) {
  const [error, setError] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  const fetchFile = async () => {
    setBusy(true);
    setError(null);
    try {
      const response = await ask(path, { headers: { accept: '*/*' } });
      const given = name ?? nameOf(response.headers.get('content-disposition'));
      save(given || path.split('/').pop() || 'file', [await response.blob()], response.headers.get('content-type') ?? '');
    } catch (problem) {
      setError(asProblem(problem));
    }
    setBusy(false);
  };
  return (
    <>
      <button type="button" disabled={busy} onClick={() => void fetchFile()}>{text}</button>
      {error && <Failed error={error} />}
    </>
  );
}
