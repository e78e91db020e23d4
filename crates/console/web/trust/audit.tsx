/** The audit trail: its signed head, and the proof that it continues one that somebody has kept. */
import { useState } from 'preact/hooks';
import { get } from '../api/client';
import { Copy, Failed, Waiting } from '../parts';
import { useAsk } from '../parts/ask';
import { href } from '../router';
import { t } from '../text';

export function Audit() {
  const head = useAsk('head', (signal) => get<Record<string, unknown>>('/audit/head', {}, signal));
  const [from, setFrom] = useState('');
  const [asked, setAsked] = useState('');
  const proof = useAsk(asked || null, (signal) => get<Record<string, unknown>>('/audit/consistency', { from: asked }, signal));
  return (
    <section class="stack" aria-labelledby="audit">
      <h1 id="audit" class="view-head">{t('trust.audit')}</h1>
      <p class="dim">{t('trust.audit-about')}</p>
      {head.error && <Failed error={head.error} again={head.again} />}
      {!head.value && head.waiting && <Waiting />}
      {head.value && (
        <section class="panel">
          <h2 class="row"><span class="grow">{t('audit.head')}</span><Copy text={JSON.stringify(head.value)} what={t('audit.head')} /></h2>
          <dl class="facts">{Object.entries(head.value).filter(([, value]) => typeof value !== 'object').map(([name, value]) => <div key={name}><dt>{name}</dt><dd class="mono break">{String(value)}</dd></div>)}</dl>
          <p><a href={href(['trust', 'receipts'])}>{t('trust.all-receipts')}</a></p>
        </section>
      )}
      {head.value && (
        <section class="panel stack">
          <h2>{t('audit.consistency')}</h2>
          <form class="row" onSubmit={(event) => { event.preventDefault(); setAsked(from); }}>
            <label for="audit-from">{t('audit.from')}</label>
            <input id="audit-from" type="number" min={0} required value={from} onInput={(event) => setFrom(event.currentTarget.value)} />
            <button type="submit">{t('audit.prove')}</button>
          </form>
          {proof.error && <Failed error={proof.error} />}
          {proof.value && <pre class="mono body" tabIndex={0} role="region" aria-label={t('audit.consistency')}>{JSON.stringify(proof.value, null, 2)}</pre>}
        </section>
      )}
    </section>
  );
}
