/** Who asks, and what for: asked for once in a tab, before anything is read. */
import { useState } from 'preact/hooks';
import { failure, unreachable } from './api/client';
import { headers, session, signIn, signOut, unknown } from './api/session';
import { Failed } from './parts';
import { asProblem } from './parts/ask';
import { Purposes, wantsTask } from './task';
import { lang, t } from './text';
import type { ProblemError } from './api/client';

export function SignIn() {
  const before = session.value;
  const [key, setKey] = useState('');
  const [purpose, setPurpose] = useState(before.purpose);
  const [file, setFile] = useState(before.file);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ProblemError | null>(null);
  const enter = async () => {
    setBusy(true);
    setError(null);
    const now = { key: key.trim(), purpose: purpose.trim(), file: file.trim() };
    try {
      const language = lang.value === 'zh' ? 'zh-CN' : 'en';
      // A question that finds nothing: all it tells is whether the key is taken, and whether a purpose is wanted.
      const response = await fetch('/suggest?q=%E3%90%80&limit=1', { headers: { ...headers(now), accept: 'application/json', 'accept-language': language } }).catch(() => null);
      if (!response) throw unreachable();
      if (response.ok) await response.text();
      else {
        const problem = await failure(response);
        // Who may see no collection has other work here; who has not said what for is asked now.
        if (problem.problem.status !== 403 || wantsTask(problem)) throw problem;
      }
      signIn(now);
    } catch (problem) {
      setError(asProblem(problem));
      setBusy(false);
    }
  };
  return (
    <form class="panel sign stack" onSubmit={(event) => { event.preventDefault(); void enter(); }}>
      <h1>{t('sign.head')}</h1>
      <p class="dim">{t('sign.about')}</p>
      {error ? (wantsTask(error) ? <div class="notice notice-warn" role="alert">{error.text}</div> : <Failed error={error} />) : unknown.value === 'refused' && (
        <div class="notice notice-warn" role="alert"><p>{t('sign.refused')} {t('sign.kept')}</p><button type="button" class="small" onClick={signOut}>{t('sign.clear')}</button></div>
      )}
      <label class="stack"><span>{t('sign.key')}</span>
        <input type="password" autocomplete="off" spellcheck={false} required value={key} onInput={(event) => setKey(event.currentTarget.value)} />
      </label>
      <label class="stack"><span>{t('sign.purpose')}</span>
        <input type="text" value={purpose} onInput={(event) => setPurpose(event.currentTarget.value)} />
      </label>
      <Purposes error={error} chosen={purpose} choose={setPurpose} />
      <label class="stack"><span>{t('sign.case')}</span>
        <input type="text" value={file} onInput={(event) => setFile(event.currentTarget.value)} />
      </label>
      <p><button type="submit" class="primary" disabled={busy || !key.trim()}>{t('sign.in')}</button></p>
    </form>
  );
}
