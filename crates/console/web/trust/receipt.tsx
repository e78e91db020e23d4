/** One receipt: who asked what, what for, what was read; the same answer again, and what has changed since. */
import { useState } from 'preact/hooks';
import { schema as schemaOf, title } from '../api/catalog';
import { ask, get, type ProblemError } from '../api/client';
import { departmentName } from '../api/departments';
import type { Value } from '../api/model';
import { Copy, Failed, nameOf, save, Waiting } from '../parts';
import { asProblem, useAsk } from '../parts/ask';
import { Shown } from '../parts/value';
import { href } from '../router';
import { bytes, instant, number, t } from '../text';
import type { Difference, Pairs, Receipt } from './model';

/** How many ids of a collection are shown. */
const SHOWN = 40;
/** How much of an answer is shown, in characters. */
const READ = 20_000;

export function ReceiptPage({ id }: { id: string }) {
  const path = `/receipts/${encodeURIComponent(id)}`;
  const asked = useAsk(id, (signal) => get<Receipt>(path, {}, signal));
  const one = asked.value;
  return (
    <div class="stack">
      <nav class="crumbs" aria-label={t('record.crumbs')}><a href={href(['trust', 'receipts'])}>{t('trust.receipts')}</a> /</nav>
      <header class="row record-head"><h1 class="mono">{id}</h1><Copy text={id} what={t('receipt.number')} /></header>
      {asked.error && <Failed error={asked.error} again={asked.again} />}
      {!one && asked.waiting && <Waiting />}
      {one && <Told receipt={one} path={path} />}
    </div>
  );
}

function Told({ receipt, path }: { receipt: Receipt; path: string }) {
  const { asked, caller, whatFor, times } = receipt;
  const has = (rel: string) => receipt.links.some((link) => link.rel === rel);
  return (
    <>
      <dl class="facts">
        <div><dt>{t('receipt.instant')}</dt><dd>{instant(receipt.instant)}</dd></div>
        <div><dt>{t('receipt.caller')}</dt><dd>{caller?.label || caller?.id || '–'}{caller?.department && ` · ${departmentName(caller.department)}`}{caller?.user && ` · ${caller.user}`}</dd></div>
        <div><dt>{t('sign.purpose')}</dt><dd>{whatFor?.purpose ?? '–'}</dd></div>
        <div><dt>{t('receipt.case')}</dt><dd>{whatFor?.case ?? '–'}</dd></div>
        <div><dt>{t('receipt.status')}</dt><dd>{receipt.status}</dd></div>
        {receipt.bytes !== undefined && <div><dt>{t('desk.size')}</dt><dd>{bytes(receipt.bytes)}{receipt.whole === false && ` · ${t('receipt.broken')}`}</dd></div>}
        {times && <div><dt>{t('valid-at')}</dt><dd>{times.validAt}</dd></div>}
        {times && <div><dt>{t('known-at')}</dt><dd>{instant(times.knownAt)}</dd></div>}
      </dl>
      <section class="panel">
        <h2>{t('receipt.asked')}</h2>
        <p class="mono break">{asked?.method} {asked?.path}{asked?.query ? `?${decoded(asked.query)}` : ''}</p>
        {asked?.body && <pre class="mono body">{pretty(asked.body)}</pre>}
        {receipt.digest && <p class="dim break">{t('receipt.digest')} <code>{receipt.digest}</code></p>}
      </section>
      <Read receipt={receipt} />
      {(has('diff') || has('replay')) && <Again path={path} />}
      {has('proof') && <Proof path={`${path}/proof`} />}
    </>
  );
}

function decoded(query: string): string {
  try {
    return decodeURIComponent(query.replaceAll('+', ' '));
  } catch {
    return query;
  }
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function Read({ receipt }: { receipt: Receipt }) {
  const records = Object.entries(receipt.records ?? {});
  const counted = Object.entries(receipt.counted ?? {});
  if (!records.length && !counted.length) return null;
  return (
    <section class="panel">
      <h2>{t('receipt.read')}</h2>
      <dl class="links">
        {records.map(([collection, ids]) => (
          <div key={collection}><dt>{collection} <span class="facet-count">{number(ids.length)}</span></dt>
            <dd>{ids.slice(0, SHOWN).map((id) => <a key={id} class="mono" href={href(['record', collection, id])}>{id}</a>)}{ids.length > SHOWN && '…'}</dd></div>
        ))}
        {counted.map(([collection, count]) => <div key={`#${collection}`}><dt>{collection}</dt><dd class="dim">{t('receipt.counted', { n: count })}</dd></div>)}
      </dl>
    </section>
  );
}

interface Replayed { text: string | null; blob: Blob; name: string; state: string; policy: string; kind: string }

/** Asks for the same again, and for what has changed: both are looks of their own, so they wait until somebody wants them. */
function Again({ path }: { path: string }) {
  const [replayed, setReplayed] = useState<Replayed | null>(null);
  const [difference, setDifference] = useState<Difference | null>(null);
  const [error, setError] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  const run = async (work: () => Promise<void>) => {
    setBusy(true);
    setError(null);
    try {
      await work();
    } catch (problem) {
      setError(asProblem(problem));
    }
    setBusy(false);
  };
  const replay = async () => {
    const response = await ask(`${path}/replay`, { headers: { accept: '*/*' } });
    const kind = response.headers.get('content-type') ?? '';
    const blob = await response.blob();
    const text = /json|text|csv/.test(kind) ? await blob.text() : null;
    const name = nameOf(response.headers.get('content-disposition')) || 'answer';
    setReplayed({ text: text && /json/.test(kind) ? pretty(text) : text, blob, name, kind, state: response.headers.get('jiku-replay') ?? '', policy: response.headers.get('jiku-replay-policy') ?? '' });
  };
  return (
    <section class="panel stack">
      <div class="row">
        <h2 class="grow">{t('receipt.again')}</h2>
        <button type="button" disabled={busy} onClick={() => void run(replay)}>{t('receipt.replay')}</button>
        <button type="button" disabled={busy} onClick={() => void run(async () => setDifference(await get<Difference>(`${path}/diff`)))}>{t('receipt.diff')}</button>
      </div>
      {error && <Failed error={error} />}
      {difference && <Differences of={difference} />}
      {replayed && (
        <div class="stack">
          <p class="row" role="status">
            <span class={`badge ${replayed.state === 'same' ? 'good' : replayed.state === 'different' ? 'bad' : 'warn'}`}>{t(replayed.state === 'same' ? 'receipt.same' : replayed.state === 'different' ? 'receipt.different' : 'receipt.unchecked')}</span>
            {replayed.policy === 'changed' && <span class="badge warn">{t('receipt.policy-changed')}</span>}
            <span class="grow" />
            <button type="button" onClick={() => save(replayed.name, [replayed.blob], replayed.kind)}>{t('receipt.save')}</button>
          </p>
          {replayed.text !== null && <pre class="mono body" tabIndex={0} role="region" aria-label={t('receipt.replay')}>{replayed.text.slice(0, READ)}{replayed.text.length > READ && '\n…'}</pre>}
        </div>
      )}
    </section>
  );
}

function Differences({ of }: { of: Difference }) {
  const only = (all: Record<string, string[]>) => Object.entries(all).flatMap(([collection, ids]) => ids.map((id) => ({ collection, id })));
  const [appeared, disappeared] = [only(of.appeared), only(of.disappeared)];
  return (
    <div class="stack difference">
      <p role="status"><span class={`badge ${of.same ? 'good' : 'warn'}`}>{t(of.same ? 'receipt.unchanged' : 'receipt.changed')}</span></p>
      {of.changed.map((one) => <FieldPairs key={one.id} collection={one.collection} id={one.id} fields={one.fields} />)}
      {([['appeared', appeared], ['disappeared', disappeared]] as const).map(([name, all]) => all.length > 0 && (
        <div key={name}><h3>{t(`receipt.${name}`, { n: all.length })}</h3><p class="row">{all.slice(0, SHOWN).map((one) => <a key={one.id} class="mono" href={href(['record', one.collection, one.id])}>{one.id}</a>)}{all.length > SHOWN && '…'}</p></div>
      ))}
    </div>
  );
}

/** What was told of a record, and what is known now. */
export function FieldPairs({ collection, id, fields }: { collection: string; id: string; fields: Pairs }) {
  const schema = useAsk(collection, () => schemaOf(collection)).value;
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={id}>
      <table class="records">
        <thead><tr><th scope="col"><a class="mono" href={href(['record', collection, id])}>{id}</a></th><th scope="col">{t('receipt.then')}</th><th scope="col">{t('receipt.now')}</th></tr></thead>
        <tbody>
          {Object.entries(fields).map(([name, { then, now }]) => {
            const field = schema?.byName.get(name);
            return <tr key={name}><th scope="row">{field ? title(field) : name}</th><td class="removed wrap"><Shown field={field} value={then as Value} /></td><td class="added wrap"><Shown field={field} value={now as Value} /></td></tr>;
          })}
        </tbody>
      </table>
    </div>
  );
}

/** That the answer stands in the trail, for who audits. */
function Proof({ path }: { path: string }) {
  const [open, setOpen] = useState(false);
  const asked = useAsk(open ? path : null, (signal) => get<unknown>(path, {}, signal));
  return (
    <details class="panel" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('receipt.proof')}</summary>
      {asked.error && <Failed error={asked.error} again={asked.again} />}
      {asked.value !== null && <pre class="mono body" tabIndex={0} role="region" aria-label={t('receipt.proof')}>{JSON.stringify(asked.value, null, 2)}</pre>}
    </details>
  );
}
