/** The loading desk: files in, what they would change, published or thrown away; and who owes what. */
import { useRef, useState } from 'preact/hooks';
import { collections, nameOf, schema as schemaOf, title } from '../api/catalog';
import { get } from '../api/client';
import { departmentName, learn } from '../api/departments';
import type { Answering, CollectionInfo, Duty, Load, Source } from '../api/model';
import { Bar, Empty, Failed, Waiting } from '../parts';
import { useAsk } from '../parts/ask';
import { word } from '../parts/words';
import { go, href, route } from '../router';
import { by, setBy } from '../settings';
import { bytes, instant, label, number, t } from '../text';
import { Conflicts } from './conflicts';
import { LoadPage } from './load';
import { again, forget, send, uploads, type Upload } from './upload';

export function Desk() {
  const [, place = '', id = ''] = route.value.path;
  const tabs = [
    { to: ['desk'], text: t('desk.files'), here: place === '' || place === 'load' },
    { to: ['desk', 'board'], text: t('desk.board'), here: place === 'board' },
    { to: ['desk', 'conflicts'], text: t('desk.conflicts'), here: place === 'conflicts' },
  ];
  return (
    <div class="view desk">
      <nav class="subnav" aria-label={t('nav.desk')}>
        <ul>{tabs.map((one) => <li key={one.text}><a href={href(one.to)} aria-current={one.here ? 'page' : undefined}>{one.text}</a></li>)}</ul>
      </nav>
      {place === 'board' ? <Board /> : place === 'conflicts' ? <Conflicts /> : place === 'load' ? <LoadPage key={id} id={id} /> : <Files />}
    </div>
  );
}

function Files() {
  const sources = useAsk('sources', async (signal) => (await get<{ sources: Source[] }>('/sources', {}, signal)).sources);
  const infos = useAsk('collections', () => collections());
  return (
    <>
      <h1 class="hidden">{t('desk.files')}</h1>
      {sources.error && <Failed error={sources.error} again={sources.again} />}
      <div class="desk-body">
        <History sources={sources.value ?? []} infos={infos.value ?? []} />
        <NewLoad sources={sources.value ?? []} infos={infos.value ?? []} />
      </div>
    </>
  );
}

/** Kept outside of the component: what was typed is there when the reader comes back. */
const draft: { file: File | null; source: string; asOf: string } = { file: null, source: '', asOf: '' };

function NewLoad({ sources, infos }: { sources: Source[]; infos: CollectionInfo[] }) {
  const [, redraw] = useState(0);
  const [over, setOver] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const set = (part: Partial<typeof draft>) => {
    Object.assign(draft, part);
    redraw((count) => count + 1);
  };
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!draft.file) return;
    const { file, source, asOf } = draft;
    const load = await send(file.name, file, { source, asOf, by: by.value });
    if (!load) return;
    if (draft.file === file) set({ file: null });
    if (picker.current) picker.current.value = '';
    if (location.hash.split('?')[0] === '#/desk') go(href(['desk', 'load', load]));
  };
  const grouped = [...new Set(sources.map((one) => one.collection))];
  const chosen = sources.find((one) => one.name === draft.source);
  return (
    <section class="panel new-load" aria-labelledby="new-load">
      <h2 id="new-load">{t('desk.new')}</h2>
      <form class="stack" onSubmit={(event) => void submit(event)}>
        <div
          class={`drop ${over ? 'over' : ''}`}
          onDragOver={(event) => { event.preventDefault(); setOver(true); }}
          onDragLeave={() => setOver(false)}
          onDrop={(event) => {
            event.preventDefault();
            setOver(false);
            const file = event.dataTransfer?.files[0];
            if (file) set({ file });
          }}
        >
          <label for="file">{draft.file ? <strong>{draft.file.name}</strong> : t('desk.drop')}</label>
          {draft.file && <span class="dim">{bytes(draft.file.size)}</span>}
          <input ref={picker} id="file" type="file" onChange={(event) => { const file = event.currentTarget.files?.[0]; if (file) set({ file }); }} />
        </div>
        <label class="labelled">
          {t('desk.source')}
          <select value={draft.source} onChange={(event) => set({ source: event.currentTarget.value })}>
            <option value="">{t('desk.recognise')}</option>
            {grouped.map((collection) => {
              const info = infos.find((one) => one.id === collection);
              return (
                <optgroup key={collection} label={info ? nameOf(info) : collection}>
                  {sources.filter((one) => one.collection === collection).map((one) => <option key={one.name} value={one.name}>{label(one.label, one.name)} ({one.name})</option>)}
                </optgroup>
              );
            })}
          </select>
        </label>
        {chosen && <SourceAbout name={chosen.name} />}
        <div class="row">
          <label class="labelled grow">{t('desk.as-of')}<input type="date" value={draft.asOf} onChange={(event) => set({ asOf: event.currentTarget.value })} /></label>
          <label class="labelled grow">{t('desk.by')}<input value={by.value} maxLength={60} autocomplete="name" onInput={(event) => setBy(event.currentTarget.value)} /></label>
        </div>
        <div class="row end"><button type="submit" class="primary" disabled={!draft.file}>{t('desk.send')}</button></div>
      </form>
      <p class="dim">{t('desk.promise')}</p>
      <Uploads />
    </section>
  );
}

function SourceAbout({ name }: { name: string }) {
  const asked = useAsk(name, (signal) => get<Source>(`/sources/${encodeURIComponent(name)}`, {}, signal));
  const source = asked.value;
  if (asked.error) return <Failed error={asked.error} again={asked.again} />;
  if (!source) return null;
  return (
    <div class="dim about-source">
      <p>{label(source.description)}</p>
      <p>{label(source.departmentLabel, source.department)} · {source.format} · {source.encoding} · {word('scope', source.scope)}</p>
      <details><summary>{t('desk.columns', { n: source.columns?.length ?? 0 })}</summary>
        <p>{source.columns?.map((one) => one.headers[0] + (one.optional ? '?' : '')).join('、')}</p>
      </details>
    </div>
  );
}

function Uploads() {
  if (!uploads.value.length) return null;
  return (
    <ul class="uploads" aria-label={t('desk.uploads')}>
      {uploads.value.map((one) => <UploadRow key={one.key} upload={one} />)}
    </ul>
  );
}

export function UploadRow({ upload }: { upload: Upload }) {
  const share = upload.size ? upload.sent / upload.size : 1;
  const retry = async () => {
    const load = await again(upload);
    if (load) go(href(['desk', 'load', load]));
  };
  return (
    <li>
      <p class="row">
        <strong>{upload.name}</strong>
        <span class="dim">{bytes(upload.sent)} / {bytes(upload.size)}</span>
        <span class={`badge ${upload.state === 'arrived' ? 'good' : upload.state === 'sending' ? '' : 'bad'}`}>{t(`upload.${upload.state}`)}</span>
        <span class="grow" />
        {upload.load && <a href={href(['desk', 'load', upload.load])}>{t('desk.open')}</a>}
        {(upload.state === 'lost' || upload.state === 'refused') && <button type="button" class="small" onClick={() => void retry()}>{t('desk.again')}</button>}
        {upload.state !== 'sending' && <button type="button" class="small" aria-label={t('desk.forget', { name: upload.name })} onClick={() => forget(upload.key)}>×</button>}
      </p>
      <Bar share={share} tone={upload.state === 'arrived' ? 'good' : upload.error ? 'bad' : ''} />
      {upload.error && <Failed error={upload.error} />}
    </li>
  );
}

export function StateBadge({ state }: { state: Load['state'] }) {
  const tone = { published: 'good', rehearsed: '', failed: 'bad', undone: 'warn', discarded: 'quiet' }[state as string] ?? 'quiet';
  return <span class={`badge ${tone}`}>{word('state', state)}</span>;
}

function History({ sources, infos }: { sources: Source[]; infos: CollectionInfo[] }) {
  const { query } = route.value;
  const [state, source, cursor] = [query.get('state') ?? '', query.get('source') ?? '', query.get('cursor') ?? ''];
  const asked = useAsk(`${state} ${source} ${cursor} ${uploads.value.filter((one) => one.load).length}`, (signal) =>
    get<{ loads: Load[]; cursor: string | null }>('/loads', { state, source, cursor, limit: 40 }, signal),
  );
  const filter = (given: { state?: string; source?: string; cursor?: string | null }) => go(href(['desk'], { state, source, ...given }));
  const used = [...new Set([source, ...(asked.value?.loads ?? []).map((one) => one.source ?? '')])].filter(Boolean);
  return (
    <section aria-labelledby="history" class="stack">
      <div class="row">
        <h2 id="history" class="grow">{t('desk.history')}</h2>
        <label class="row">{t('state')}
          <select value={state} onChange={(event) => filter({ state: event.currentTarget.value })}>
            <option value="">{t('all')}</option>
            {(['rehearsed', 'published', 'undone', 'failed', 'discarded'] as const).map((one) => <option key={one} value={one}>{word('state', one)}</option>)}
          </select>
        </label>
        <label class="row">{t('desk.source')}
          <select value={source} onChange={(event) => filter({ source: event.currentTarget.value })}>
            <option value="">{t('all')}</option>
            {used.map((one) => <option key={one} value={one}>{label(sources.find((known) => known.name === one)?.label, one)}</option>)}
          </select>
        </label>
        <button type="button" onClick={asked.again}>{t('refresh')}</button>
      </div>
      {asked.error && <Failed error={asked.error} again={asked.again} />}
      {!asked.value && asked.waiting && <Waiting />}
      {asked.value && !asked.value.loads.length && <Empty>{t('desk.no-loads')}</Empty>}
      {asked.value && asked.value.loads.length > 0 && (
        <div class="table-scroll" tabIndex={0} role="region" aria-labelledby="history">
          <table class="records">
            <thead>
              <tr>
                <th scope="col">{t('desk.file')}</th><th scope="col">{t('state')}</th><th scope="col">{t('collection')}</th>
                <th scope="col" class="number">{t('count.read')}</th><th scope="col" class="number">{t('count.inserted')}</th><th scope="col" class="number">{t('count.changed')}</th><th scope="col" class="number">{t('count.rejected')}</th>
                <th scope="col" class="number">{t('desk.received')}</th><th scope="col">{t('desk.who')}</th>
              </tr>
            </thead>
            <tbody>
              {asked.value.loads.map((one) => {
                const info = infos.find((known) => known.id === one.collection);
                return (
                  <tr key={one.id}>
                    <th scope="row"><a href={href(['desk', 'load', one.id])}>{one.file || one.id}</a>{one.kind !== 'file' && <span class="badge quiet">{word('kind', one.kind)}</span>}</th>
                    <td><StateBadge state={one.state} /></td>
                    <td title={one.source ?? ''}>{info ? nameOf(info) : one.collection}</td>
                    <td class="number">{one.counts ? number(one.counts.read) : ''}</td>
                    <td class="number">{one.counts ? number(one.counts.inserted) : ''}</td>
                    <td class="number">{one.counts ? number(one.counts.changed) : ''}</td>
                    <td class="number">{one.counts?.rejected ? <span class="badge bad">{number(one.counts.rejected)}</span> : one.counts ? 0 : ''}</td>
                    <td class="number">{instant(one.received)}</td>
                    <td>{one.by}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
      <div class="row">
        {cursor && <button type="button" onClick={() => history.back()}>{t('desk.newer')}</button>}
        {asked.value?.cursor && <button type="button" onClick={() => filter({ cursor: asked.value?.cursor })}>{t('desk.older')}</button>}
      </div>
    </section>
  );
}

function Board() {
  const asked = useAsk('board', async (signal) => {
    const { responsibility } = await get<{ responsibility: Answering[] }>('/responsibility', {}, signal);
    learn(responsibility);
    const schemas = await Promise.all(responsibility.map((one) => schemaOf(one.collection)));
    return { all: responsibility, schemas: new Map(schemas.map((one) => [one.collection, one])) };
  });
  const infos = useAsk('collections', () => collections()).value ?? [];
  const all = asked.value?.all ?? [];
  const fieldName = (collection: string, name: string) => {
    const field = asked.value?.schemas.get(collection)?.byName.get(name);
    return field ? title(field) : name;
  };
  const late = all.flatMap((one) => [one, ...one.fields]).filter((one) => one.overdue).length;
  return (
    <section class="stack" aria-labelledby="board">
      <h1 id="board" class="view-head">{t('desk.board')} {asked.value && <span class="count">{t('desk.overdue', { n: late })}</span>}</h1>
      {asked.error && <Failed error={asked.error} again={asked.again} />}
      {!asked.value && asked.waiting && <Waiting />}
      {asked.value && (
        <div class="table-scroll" tabIndex={0} role="region" aria-labelledby="board">
          <table class="records">
            <thead><tr><th scope="col">{t('desk.what')}</th><th scope="col">{t('department')}</th><th scope="col">{t('desk.others')}</th><th scope="col">{t('cycle')}</th><th scope="col" class="number">{t('desk.last')}</th><th scope="col">{t('state')}</th></tr></thead>
            <tbody>
              {all.flatMap((one) => {
                const info = infos.find((known) => known.id === one.collection);
                return [
                  <DutyRow key={one.collection} name={info ? nameOf(info) : one.collection} duty={one} to={href(['search', one.collection])} />,
                  ...one.fields.map((field) => <DutyRow key={`${one.collection}.${field.field}`} name={fieldName(one.collection, field.field)} duty={field} below />),
                ];
              })}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function DutyRow({ name, duty, to, below = false }: { name: string; duty: Duty; to?: string; below?: boolean }) {
  return (
    <tr>
      <th scope="row" class={below ? 'below' : undefined}>{to ? <a href={to}>{name}</a> : name}</th>
      <td>{label(duty.departmentLabel, duty.department)}</td>
      <td class="dim">{duty.others.map(departmentName).join('、')}</td>
      <td>{word('cycle', duty.updateCycle)}</td>
      <td class="number">{duty.lastPublished ? instant(duty.lastPublished) : <span class="dim">{t('desk.never')}</span>}</td>
      <td>{duty.overdue ? <span class="badge bad">{t('desk.late')}</span> : <span class="badge good">{t('desk.in-time')}</span>}</td>
    </tr>
  );
}
