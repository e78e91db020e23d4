/** One record: what is known of it, who says so, what it belongs to, and how it came to be so. */
import { useEffect, useState } from 'preact/hooks';
import { about, collections, nameOf, schema as schemaOf, title, titleField, type Field, type Schema } from '../api/catalog';
import { address, ask, get, post, type ProblemError } from '../api/client';
import type { CollectionInfo, Feature, Page, Statement } from '../api/model';
import { lazy } from '../map/lazy';
import { write, type Written } from '../api/write';
import { Confirm, Copy, Empty, Failed, Tabs, Waiting } from '../parts';
import { asProblem, useAsk } from '../parts/ask';
import { Shown, valueText } from '../parts/value';
import { change, go, href, route } from '../router';
import { wantsTask } from '../task';
import { instant, label, number, t, told } from '../text';
import { ActButtons, ActPanel, actOf, outcomeText } from './act';
import { origins, order } from './history';
import { Timeline } from './timeline';

const Spot = lazy(async () => (await import('../map/pane')).Spot);

interface Known {
  schema: Schema;
  infos: CollectionInfo[];
  versions: Feature[];
  statements: Statement[];
}

export function Record() {
  const { path } = route.value;
  const [collection, id] = [path[1] ?? '', path[2] ?? ''];
  const base = `/collections/${encodeURIComponent(collection)}/items/${encodeURIComponent(id)}`;
  const known = useAsk(`${collection}/${id}`, async (signal): Promise<Known> => {
    const [schema, infos, versions, statements] = await Promise.all([
      schemaOf(collection),
      collections(),
      // Of a record that was merged away there may be statements and no version; not everybody sees its history.
      get<{ versions: Feature[] }>(`${base}/versions`, {}, signal).catch(forgiven({ versions: [] })),
      get<{ statements: Statement[] }>(`${base}/statements`, {}, signal).catch(forbidden({ statements: [] })),
    ]);
    return { schema, infos, versions: versions.versions, statements: statements.statements };
  });
  if (known.error) return <div class="view"><Back collection={collection} /><Failed error={known.error} again={known.again} /></div>;
  if (!known.value) return <div class="view"><Waiting /></div>;
  return <RecordPage key={`${collection}/${id}`} base={base} collection={collection} id={id} known={known.value} again={known.again} />;
}

const unless = (statuses: number[]) => <T,>(otherwise: T) => (error: unknown): T => {
  const problem = asProblem(error);
  if (statuses.includes(problem.problem.status) && !wantsTask(problem)) return otherwise;
  throw error;
};
const forgiven = unless([403, 404]);
const forbidden = unless([403]);

function Back({ collection }: { collection: string }) {
  const infos = useAsk('collections', () => collections()).value;
  const info = infos?.find((one) => one.id === collection);
  return (
    <nav class="crumbs" aria-label={t('record.crumbs')}>
      <a href={href(['search'])}>{t('nav.search')}</a> / <a href={href(['search', collection])}>{info ? nameOf(info) : collection}</a> /
    </nav>
  );
}

interface Answer {
  feature: Feature | null;
  /** The entity tag it came with: what somebody who changes it has seen. */
  tag: string | null;
  /** Where a merged record's id led. */
  successor: string | null;
  error: ProblemError | null;
}

function RecordPage({ base, collection, id, known, again }: { base: string; collection: string; id: string; known: Known; again: () => void }) {
  const { query } = route.value;
  const { schema, versions, statements, infos } = known;
  const times = { validAt: query.get('validAt') ?? '', knownAt: query.get('knownAt') ?? '' };
  const expand = schema.fields.filter((field) => field.type === 'reference' && !field.many).map((field) => field.name).join(',');
  const asked = useAsk(JSON.stringify([base, times]), async (signal): Promise<Answer> => {
    try {
      const response = await ask(address(base, { ...times, expand }), { signal });
      const feature = (await response.json()) as Feature;
      return { feature, tag: response.headers.get('etag'), successor: feature.id === id ? null : feature.id, error: null };
    } catch (error) {
      if (error instanceof DOMException) throw error;
      const problem = asProblem(error);
      if (problem.problem.status !== 404) throw error;
      return { feature: null, tag: null, successor: null, error: problem };
    }
  });
  const [tab, setTab] = useState('values');
  const [outcome, setOutcome] = useState('');
  // What is written is written of today's record.
  const isNow = !times.validAt && !times.knownAt;
  const act = isNow ? actOf() : null;
  const done = ({ outcome: came }: Written) => {
    setOutcome(came || 'changed');
    change({ act: null }, true);
    again();
    asked.again();
  };
  const feature = asked.value?.feature ?? null;
  const named = titleField(schema);
  const head = feature ?? versions.at(-1) ?? null;
  const name = (named && head && valueText(named, head.properties?.[named.name])) || id;
  const day = times.validAt || new Date().toISOString().slice(0, 10);
  const instantNow = times.knownAt || new Date().toISOString();
  const who = feature ? origins(schema, feature, statements, day, instantNow) : new Map<string, Statement>();
  const contested = Object.keys(feature?.conflicts ?? {}).length;
  const doubted = Object.keys(feature?.disputes ?? {}).length;
  const info = infos.find((one) => one.id === collection);
  // An id that was merged away leads on, and the record it leads to says so.
  const successor = asked.value?.successor;
  useEffect(() => {
    if (successor) go(href(['record', collection, successor], { merged: id }), true);
  }, [successor]);
  if (successor) return <div class="view"><Waiting /></div>;
  return (
    <div class="view record">
      <Back collection={collection} />
      <header class="row record-head">
        <h1>{name}</h1>
        <span class="badge quiet">{info ? nameOf(info) : collection}</span>
        {contested > 0 && <span class="badge warn">{t('record.conflicts', { n: contested })}</span>}
        {doubted > 0 && <span class="badge bad">{t('record.doubts', { n: doubted })}</span>}
        <span class="grow" />
        {isNow && feature && <ActButtons act={act} />}
        <code>{id}</code>
        <Copy text={id} what={t('record.id')} />
      </header>
      {outcome && <div class="notice notice-good" role="status">{outcomeText(outcome)}</div>}
      {query.get('merged') && (
        <div class="notice notice-warn" role="status">{t('record.merged-here', { id: query.get('merged') ?? '' })}</div>
      )}
      <div class="record-body">
        <div class="stack">
          {act && feature && <ActPanel act={act} about={{ schema, collection, id, base, feature, tag: asked.value?.tag ?? null, statements, done }} />}
          <Timeline schema={schema} versions={versions} validAt={times.validAt} knownAt={times.knownAt} change={(given) => change(given, true)} />
          <section class="panel" aria-label={t('record.what')}>
            <Tabs
              name={t('record.what')}
              current={tab}
              choose={setTab}
              tabs={[
                { id: 'values', text: t('record.values') },
                { id: 'statements', text: t('record.statements', { n: statements.length }) },
              ]}
            />
            <div role="tabpanel" aria-labelledby={`tab-${tab}`} class={asked.waiting ? 'stale' : ''}>
              {asked.error && <Failed error={asked.error} again={asked.again} />}
              {tab === 'values' && asked.value?.error && <Empty><p>{t('record.not-then')}</p><p>{asked.value.error.text}</p></Empty>}
              {tab === 'values' && feature && <Values schema={schema} feature={feature} who={who} statements={statements} />}
              {tab === 'statements' && <Statements schema={schema} statements={statements} base={base} done={done} />}
            </div>
          </section>
        </div>
        <div class="stack">
          {feature?.geometry && (
            <section class="panel">
              <h2>{t('record.place')}</h2>
              <Spot feature={feature} validAt={times.validAt} knownAt={times.knownAt} />
              {feature.geometry.type === 'Point' && (
                <p class="row dim"><code>{(feature.geometry.coordinates as number[]).join(', ')}</code><Copy text={(feature.geometry.coordinates as number[]).join(',')} what={t('record.place')} /></p>
              )}
            </section>
          )}
          <Links collection={collection} id={id} infos={infos} times={times} />
        </div>
      </div>
    </div>
  );
}

function Values({ schema, feature, who, statements }: { schema: Schema; feature: Feature; who: Map<string, Statement>; statements: Statement[] }) {
  const [all, setAll] = useState(false);
  const fields = schema.fields.filter((field) => field.role !== 'primary-geometry');
  const filled = fields.filter(
    ({ name }) => feature.properties?.[name] !== undefined || feature.held?.[name] || feature.conflicts?.[name] || feature.disputes?.[name],
  );
  const labels = new Map(statements.map((one) => [one.department, one.departmentLabel]));
  const called = (department: string) => label(labels.get(department), department);
  return (
    <>
      <div class="table-scroll" tabIndex={0} role="region" aria-label={t('record.values')}>
        <table class="records values">
          <thead>
            <tr><th scope="col">{t('field')}</th><th scope="col">{t('value')}</th><th scope="col">{t('record.source')}</th><th scope="col" class="number">{t('record.since')}</th></tr>
          </thead>
          <tbody>
            {(all ? fields : filled).map((field) => (
              <ValueRow key={field.name} field={field} feature={feature} won={who.get(field.name)} called={called} statements={statements} />
            ))}
          </tbody>
        </table>
      </div>
      {filled.length < fields.length && (
        <button type="button" class="link" onClick={() => setAll(!all)}>{all ? t('record.hide-empty') : t('record.show-empty', { n: fields.length - filled.length })}</button>
      )}
    </>
  );
}

function ValueRow({ field, feature, won, called, statements }: { field: Field; feature: Feature; won: Statement | undefined; called: (department: string) => string; statements: Statement[] }) {
  const others = feature.conflicts?.[field.name] ?? [];
  const doubt = feature.disputes?.[field.name];
  const note = doubt && [...statements].reverse().find((one) => one.kind === 'dispute' && one.field === field.name && one.state === doubt.state)?.note;
  return (
    <tr class={doubt ? 'doubted' : others.length ? 'contested' : undefined}>
      <th scope="row" title={about(field) || undefined}>{title(field)}{field.standard && <span class="standard">{field.standard}</span>}</th>
      <td class="wrap">
        <Shown field={field} value={feature.properties?.[field.name]} />
        {feature.held?.[field.name] && <p class="other"><span class="badge warn">{t('record.held')}</span> <code>{feature.held[field.name]?.join(', ')}</code></p>}
        {doubt && (
          <p class="other"><span class="badge bad">{told(`doubt.${doubt.state}`, doubt.state)}</span> {note} <span class="dim">{called(doubt.by)} {doubt.since}</span></p>
        )}
        {others.map((one, place) => (
          <p key={place} class="other">
            <span class="badge warn">{t('record.otherwise')}</span> <Shown field={field} value={one.value} /> <span class="dim">{called(one.department)} {one.since}</span>
          </p>
        ))}
      </td>
      <td class="dim">{won ? <>{label(won.departmentLabel, won.department)} <LoadLink statement={won} /></> : field.computed ? t('record.computed') : ''}</td>
      <td class="dim number">{won ? <span title={instant(won.knownFrom)}>{won.validFrom ?? instant(won.knownFrom).slice(0, 10)}</span> : ''}</td>
    </tr>
  );
}

function LoadLink({ statement }: { statement: Statement }) {
  if (!statement.load) return null;
  return <a href={href(['desk', 'load', statement.load])} title={`${statement.source} · ${t('line')} ${statement.line}`}>{statement.source}:{statement.line}</a>;
}

function Statements({ schema, statements, base, done }: { schema: Schema; statements: Statement[]; base: string; done: (written: Written) => void }) {
  const retracted = new Set(statements.flatMap((one) => (one.retracts ? [one.retracts.join('.')] : [])));
  const sorted = [...statements].sort((a, b) => order(b.knownFrom).localeCompare(order(a.knownFrom)));
  return (
    <ol class="statements">
      {sorted.map((one) => {
        const gone = retracted.has(one.position.join('.'));
        return (
          <li key={one.position.join('.')} class={gone ? 'gone' : undefined}>
            <p class="row">
              <strong>{label(one.departmentLabel, one.department)}</strong>
              <span class="badge quiet">{told(`said.${one.kind}`, one.kind)}</span>
              {gone && <span class="badge bad">{t('record.retracted')}</span>}
              {!gone && one.kind !== 'retract' && <Retract base={base} statement={one} done={done} />}
              <span class="dim">{t('record.known', { at: instant(one.knownFrom) })} · {t('record.holds', { from: one.validFrom ?? '…', to: one.validTo ?? '…' })} · <LoadLink statement={one} /></span>
            </p>
            {one.kind === 'assert' && (
              <dl class="said">
                {Object.entries(one.fields).filter(([, value]) => value !== null).map(([name, value]) => {
                  const field = schema.byName.get(name);
                  return <div key={name}><dt>{field ? title(field) : name}</dt><dd><Shown field={field} value={value} brief /></dd></div>;
                })}
              </dl>
            )}
            {one.into && <p>→ <code>{one.into}</code></p>}
            {one.to && <p>→ <code>{one.to}</code></p>}
            {one.kind === 'dispute' && <p>{told(`doubt.${one.state}`, one.state ?? '')}: {one.field && title(schema.byName.get(one.field) ?? schema.fields[0]!)} {one.note}</p>}
          </li>
        );
      })}
    </ol>
  );
}

/** Takes back what should never have been said; it stays in the record's history. */
function Retract({ base, statement, done }: { base: string; statement: Statement; done: (written: Written) => void }) {
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState<ProblemError | null>(null);
  const run = async () => {
    setError(null);
    try {
      done(await write({ method: 'POST', path: `${base}/retract`, body: { statement: statement.position }, department: statement.department }));
    } catch (problem) {
      setError(asProblem(problem));
    }
  };
  return (
    <>
      <button type="button" class="small" onClick={() => setAsking(true)}>{t('act.retract')}</button>
      {error && <Failed error={error} />}
      {asking && (
        <Confirm head={t('act.retract-head')} yes={t('act.retract')} act={() => void run()} close={() => setAsking(false)}>
          <p>{t('act.retract-about', { department: label(statement.departmentLabel, statement.department), source: `${statement.source}:${statement.line}` })}</p>
        </Confirm>
      )}
    </>
  );
}

const nothing: Page = { features: [], numberMatched: 0, numberReturned: 0 };

interface Linked {
  info: CollectionInfo;
  schema: Schema;
  field: Field;
  page: Page;
}

/** Records that point here, by the field with which they do. */
function Links({ collection, id, infos, times }: { collection: string; id: string; infos: CollectionInfo[]; times: { validAt: string; knownAt: string } }) {
  const asked = useAsk(JSON.stringify([id, times]), async (signal): Promise<Linked[]> => {
    const schemas = await Promise.all(infos.map(async (info) => ({ info, schema: await schemaOf(info.id) })));
    const pointing = schemas.flatMap(({ info, schema }) =>
      schema.fields.filter((field) => field.target === collection && field.search.length > 0).map((field) => ({ info, schema, field })),
    );
    const given = { ...(times.validAt && { validAt: times.validAt }), ...(times.knownAt && { knownAt: times.knownAt }) };
    const pages = await Promise.all(
      pointing.map(async (one) => {
        const named = titleField(one.schema)?.name;
        const query = { from: one.info.id, filter: `${one.field.name} = '${id}'`, limit: 6, ...given, ...(named ? { select: [named] } : {}) };
        const page = await post<Page>('/query', query, signal).catch(forbidden(nothing));
        return { ...one, page };
      }),
    );
    return pages.filter((one) => one.page.numberMatched > 0);
  });
  return (
    <section class="panel">
      <h2>{t('record.links')}</h2>
      {asked.error && <Failed error={asked.error} again={asked.again} />}
      {!asked.value && asked.waiting && <Waiting />}
      {asked.value?.length === 0 && <p class="dim">{t('record.no-links')}</p>}
      <dl class="links">
        {asked.value?.map(({ info, schema, field, page }) => {
          const named = titleField(schema);
          return (
            <div key={`${info.id}.${field.name}`}>
              <dt>
                <a href={href(['search', info.id], { w: `${field.name}:${id}` })}>{nameOf(info)} · {title(field)}</a> <span class="facet-count">{number(page.numberMatched)}</span>
              </dt>
              <dd>
                {page.features.map((one) => (
                  <a key={one.id} href={href(['record', info.id, one.id])}>{(named && valueText(named, one.properties?.[named.name])) || one.id}</a>
                ))}
                {page.numberMatched > page.features.length && <span class="dim">…</span>}
              </dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}
