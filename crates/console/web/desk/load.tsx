/** One load: how it goes on, what it would change, its rejects, and what may be done with it. */
import { useEffect, useState } from 'preact/hooks';
import { collections, nameOf, schema as schemaOf, title } from '../api/catalog';
import { address, get, post, ProblemError } from '../api/client';
import type { Load, Pace, Source } from '../api/model';
import { listen, type Event } from '../api/stream';
import { Confirm, Download, Empty, Failed, Tabs, Waiting } from '../parts';
import { asProblem, useAsk } from '../parts/ask';
import { word } from '../parts/words';
import { href } from '../router';
import { by } from '../settings';
import { bytes, instant, label, number, t } from '../text';
import { StateBadge } from './index';
import { Mend } from './mend';
import { Columns, Effects } from './findings';
import type { Report } from './report';

const isMoving = (load: Load) => ['received', 'rehearsing', 'publishing', 'undoing'].includes(load.state);

/** A load as it goes on: told by the server, and asked for where the stream breaks. */
function useLoad(id: string): { load: Load | null; pace: Pace | null; error: ProblemError | null; lost: boolean; set: (load: Load) => void; again: () => void } {
  const [load, set] = useState<Load | null>(null);
  const [pace, setPace] = useState<Pace | null>(null);
  const [error, setError] = useState<ProblemError | null>(null);
  const [lost, setLost] = useState(false);
  const [round, setRound] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    const path = `/loads/${encodeURIComponent(id)}`;
    get<Load>(path, {}, stop.signal).then(
      (found) => {
        set(found);
        setError(null);
        setLost(false);
        if (['undone', 'failed', 'discarded'].includes(found.state)) return;
        const event = ({ name, data }: Event) => {
          if (name === 'progress') setPace(JSON.parse(data) as Pace);
          if (name !== 'state') return;
          const now = JSON.parse(data) as Load;
          set(now);
          setLost(false);
          if (!isMoving(now)) setPace(null);
          if (['undone', 'failed', 'discarded'].includes(now.state)) stop.abort();
        };
        void listen(`${path}/events`, { event, open: () => setLost(false), lost: () => setLost(true) }, stop.signal);
      },
      (problem: unknown) => !stop.signal.aborted && setError(asProblem(problem)),
    );
    return () => stop.abort();
  }, [id, round]);
  return { load, pace, error, lost, set, again: () => setRound((count) => count + 1) };
}

export function LoadPage({ id }: { id: string }) {
  const { load, pace, error, lost, set, again } = useLoad(id);
  if (error) return <Failed error={error} again={again} />;
  if (!load) return <Waiting />;
  return (
    <div class="stack load">
      <nav class="crumbs" aria-label={t('record.crumbs')}><a href={href(['desk'])}>{t('desk.files')}</a> /</nav>
      <Head load={load} set={set} />
      {lost && isMoving(load) && <div class="notice notice-warn" role="status">{t('desk.lost')}</div>}
      {isMoving(load) && <Progress load={load} pace={pace} />}
      {load.problem && (
        <div class="notice notice-failed" role="alert"><p>{label(load.problem)}</p><p class="dim"><code>{load.problem.code}</code></p></div>
      )}
      {load.notices && (
        <div class="notice notice-warn"><p>{t('desk.notices')}</p><p><Download path={`/loads/${encodeURIComponent(load.id)}/notices`} text={t('desk.notices-file')} /></p></div>
      )}
      {load.undoes && <p>{t('desk.undoes')} <a href={href(['desk', 'load', load.undoes])}>{load.undoes}</a></p>}
      {load.undoneBy && <p>{t('desk.undone-by')} <a href={href(['desk', 'load', load.undoneBy])}>{load.undoneBy}</a></p>}
      <Found load={load} />
    </div>
  );
}

function Progress({ load, pace }: { load: Load; pace: Pace | null }) {
  const share = pace?.of ? pace.bytes / pace.of : 0;
  return (
    <div class="panel progress" role="status" aria-live="polite">
      <p>{word('state', load.state)}{pace && <> · {t('desk.rows', { n: pace.rows })} · {t('desk.rate', { n: Math.round(pace.rate) })}</>}</p>
      <progress max={1} value={pace ? share : undefined} aria-label={word('state', load.state)} />
    </div>
  );
}

type Act = 'publish' | 'undo' | 'discard';

function Head({ load, set }: { load: Load; set: (load: Load) => void }) {
  const [asking, ask] = useState<Act | null>(null);
  const [error, setError] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  const infos = useAsk('collections', () => collections()).value ?? [];
  const info = infos.find((one) => one.id === load.collection);
  const rejected = (load.counts?.rejected ?? 0) + (load.quarantined ?? 0);
  const act = async (what: Act) => {
    setBusy(true);
    setError(null);
    try {
      const parameters = { by: by.value, ...(what === 'publish' && rejected ? { maxRejects: String(rejected) } : {}) };
      set(await post<Load>(address(`/loads/${encodeURIComponent(load.id)}/${what}`, parameters)));
    } catch (problem) {
      setError(asProblem(problem));
    }
    setBusy(false);
  };
  const good = (load.counts?.inserted ?? 0) + (load.counts?.changed ?? 0);
  return (
    <>
      <header class="row record-head">
        <h1>{load.file || load.id}</h1>
        <StateBadge state={load.state} />
        <span class="grow" />
        {load.state === 'rehearsed' && <button type="button" class="primary" disabled={busy} onClick={() => ask('publish')}>{t('desk.publish')}</button>}
        {load.state === 'published' && <button type="button" class="danger" disabled={busy} onClick={() => ask('undo')}>{t('desk.undo')}</button>}
        {load.state === 'rehearsing' && <button type="button" class="danger" disabled={busy} onClick={() => void act('discard')}>{t('desk.call-off')}</button>}
        {(['received', 'rehearsed', 'failed'].includes(load.state) || (load.kept > 0 && !isMoving(load))) && <button type="button" disabled={busy} onClick={() => ask('discard')}>{t('desk.discard')}</button>}
      </header>
      {error && <Failed error={error} />}
      <dl class="facts">
        <div><dt>{t('collection')}</dt><dd>{info ? <a href={href(['search', info.id])}>{nameOf(info)}</a> : load.collection}</dd></div>
        <div><dt>{t('desk.source')}</dt><dd>{load.source}</dd></div>
        <div><dt>{t('desk.size')}</dt><dd>{bytes(load.size)}{load.kept > 0 && <span class="dim"> ({t('desk.kept')})</span>}</dd></div>
        <div><dt>{t('desk.as-of')}</dt><dd>{load.asOf}</dd></div>
        <div><dt>{t('desk.received')}</dt><dd>{instant(load.received)} {load.by}</dd></div>
        <div><dt>{t('desk.number')}</dt><dd><code>{load.id}</code></dd></div>
      </dl>
      {load.counts && <Counts load={load} />}
      {asking === 'publish' && (
        <Confirm head={t('desk.publish-head', { n: good })} yes={t('desk.publish')} act={() => void act('publish')} close={() => ask(null)}>
          {rejected > 0 && <p class="notice notice-warn">{t('desk.publish-without', { n: rejected })}</p>}
          <p>{t('desk.publish-about')}</p>
        </Confirm>
      )}
      {asking === 'undo' && (
        <Confirm head={t('desk.undo-head')} yes={t('desk.undo')} act={() => void act('undo')} close={() => ask(null)}><p>{t('desk.undo-about')}</p></Confirm>
      )}
      {asking === 'discard' && (
        <Confirm head={t('desk.discard-head')} yes={t('desk.discard')} act={() => void act('discard')} close={() => ask(null)}>
          <p>{t(load.transaction !== null ? 'desk.discard-published' : 'desk.discard-about')}</p>
        </Confirm>
      )}
    </>
  );
}

function Counts({ load }: { load: Load }) {
  const { counts } = load;
  if (!counts) return null;
  const parts = (['inserted', 'changed', 'unchanged', 'rejected'] as const).map((name) => ({ name, value: counts[name] }));
  return (
    <div class="balance" role="group" aria-label={t('desk.balance')}>
      <span><strong>{number(counts.read)}</strong> {t('count.read')}</span>
      {parts.map((one, place) => (
        <span key={one.name} class={one.name === 'rejected' && one.value ? 'bad' : undefined}><span class="dim">{place ? '+' : '='}</span> <strong>{number(one.value)}</strong> {t(`count.${one.name}`)}</span>
      ))}
      {load.ended > 0 && <span class="dim">{t('count.ended', { n: load.ended })}</span>}
      {load.quarantined > 0 && <span class="dim">{t('count.quarantined', { n: load.quarantined })}</span>}
      {load.held > 0 && <span class="dim">{t('count.held', { n: load.held })}</span>}
    </div>
  );
}

/** What was found: asked for once the rehearsal is over, again when the state changes. */
function Found({ load }: { load: Load }) {
  const settled = !isMoving(load) && load.counts !== null;
  const asked = useAsk(settled ? `${load.id} ${load.state === 'rehearsed' || load.state === 'published' ? 'now' : load.state}` : null, async (signal) => {
    const report = await get<Report>(`/loads/${encodeURIComponent(load.id)}/report`, {}, signal);
    const schema = load.collection ? await schemaOf(load.collection) : null;
    const source = load.source ? await get<Source>(`/sources/${encodeURIComponent(load.source)}`, {}, signal).catch(() => null) : null;
    return { report, schema, source };
  });
  const [tab, setTab] = useState<string | null>(null);
  if (asked.error) return asked.error.problem.status === 404 || asked.error.problem.status === 409 ? <Empty>{asked.error.text}</Empty> : <Failed error={asked.error} again={asked.again} />;
  if (!asked.value) return asked.waiting && settled ? <Waiting /> : null;
  const { report, schema, source } = asked.value;
  const tabs = [
    ...(report.rows ? [{ id: 'effects', text: t('desk.effects') }] : []),
    ...(load.rejects ? [{ id: 'rejects', text: t('desk.rejects', { n: load.counts?.rejected ?? 0 }) }] : []),
    ...(report.columns?.length ? [{ id: 'columns', text: t('desk.profile') }] : []),
    { id: 'steps', text: t('desk.steps') },
  ];
  const current = tab && tabs.some((one) => one.id === tab) ? tab : load.rejects ? 'rejects' : tabs[0]!.id;
  const fieldName = (name: string | null) => {
    const field = name ? schema?.byName.get(name) : undefined;
    return field ? title(field) : (name ?? '');
  };
  return (
    <section class="panel" aria-label={t('desk.report')}>
      <Tabs name={t('desk.report')} tabs={tabs} current={current} choose={setTab} />
      <div role="tabpanel" aria-labelledby={`tab-${current}`} class="stack">
        {current === 'effects' && <Effects report={report} collection={load.collection ?? ''} schema={schema} />}
        {current === 'columns' && <Columns columns={report.columns ?? []} fieldName={fieldName} />}
        {current === 'rejects' && <Mend load={load} source={source} />}
        {current === 'steps' && <Steps load={load} report={report} />}
      </div>
    </section>
  );
}

function Steps({ load, report }: { load: Load; report: Report }) {
  return (
    <>
      <ol class="steps">
        {load.history?.map((one, place) => (
          <li key={place}><span class="number">{instant(one.at)}</span> <StateBadge state={one.state} /> {one.by}{one.note && <span class="dim"> {label(one.note)}</span>}</li>
        ))}
      </ol>
      <p class="dim">{report.report.format} · {report.report.encoding} · {report.report.seconds.toFixed(2)} s</p>
      <p><Download path={`/loads/${encodeURIComponent(load.id)}/report?f=html`} name={`${load.id}.html`} text={t('desk.page')} /></p>
    </>
  );
}
