/** One box over all registers; within one of them facets, a table and a map side by side. */
import { useEffect, useState } from 'preact/hooks';
import { collections, nameOf, schema as schemaOf, title, type Schema } from '../api/catalog';
import { post, get } from '../api/client';
import type { CollectionInfo, Feature, Found, Groups, Page } from '../api/model';
import { Copy, Empty, Failed, save, Waiting } from '../parts';
import { asProblem, useAsk } from '../parts/ask';
import { Combobox } from '../parts/combobox';
import { Doubt } from '../parts/doubt';
import { Marked } from '../parts/marked';
import { defaultColumns, Records } from '../parts/table';
import { valueText } from '../parts/value';
import { word } from '../parts/words';
import { LazyPane } from '../map/lazy';
import { change, go, href, route } from '../router';
import { lang, number, t } from '../text';
import { run as exportAll, type Format } from './export';
import { Facets } from './facets';
import { body, cql, curl, fromAddress, isNarrowed, keyForms, toAddress, type Question } from './question';
import { marked, suggestions, type Suggestion } from './suggest';

const PAGE = 50;

export function Search() {
  const { path, query } = route.value;
  const collection = path[1] ?? '';
  const question = fromAddress(collection, query);
  const known = useAsk('collections', () => collections());
  return (
    <div class="view search">
      <SearchBox question={question} infos={known.value ?? []} />
      {known.error && <Failed error={known.error} again={known.again} />}
      {known.value?.length === 0 && (
        <Empty><p>{t('catalogue.nothing')}</p><p class="row"><a href={href(['catalogue'])}>{t('nav.catalogue')}</a><a href={href(['trust'])}>{t('nav.trust')}</a></p></Empty>
      )}
      {known.value && known.value.length > 0 && (
        <div class="search-body">
          <aside class="side" aria-label={t('search.collections')}>
            <Counts question={question} infos={known.value} />
            {collection && <Side question={question} />}
          </aside>
          <div class="main-column">
            {!collection && !question.q && <Overview infos={known.value} />}
            {!collection && question.q && <Everywhere question={question} infos={known.value} />}
            {collection && <Within key={collection} question={question} />}
          </div>
        </div>
      )}
    </div>
  );
}

function SearchBox({ question, infos }: { question: Question; infos: CollectionInfo[] }) {
  const { q, collection, validAt, knownAt } = question;
  const [text, setText] = useState(q);
  useEffect(() => setText(q), [collection, q]);
  const search = (where: string, what: string) => {
    const kept = where === collection ? toAddress(question) : {};
    go(href(where ? ['search', where] : ['search'], { ...kept, q: what.trim() }));
  };
  return (
    <form class="search-box" role="search" onSubmit={(event) => { event.preventDefault(); search(collection, text); }}>
      <label class="hidden" for="where">{t('search.where')}</label>
      <select id="where" value={collection} onChange={(event) => search(event.currentTarget.value, text)}>
        <option value="">{t('search.everywhere')}</option>
        {infos.map((one) => <option key={one.id} value={one.id}>{nameOf(one)}</option>)}
      </select>
      <label class="hidden" for="q">{t('search.what')}</label>
      <Combobox
        id="q"
        className="grow"
        value={text}
        placeholder={t('search.hint')}
        input={setText}
        ask={async (typed, signal) =>
          (await suggestions(typed, collection, { validAt, knownAt }, signal)).map((one) => ({
            key: `${one.collection} ${one.field} ${one.text}`,
            text: one.text,
            where: one.collection,
            shown: <Suggested one={one} info={infos.find((info) => info.id === one.collection)} />,
          }))
        }
        take={(one) => search(one.where, one.text)}
      />
      <button type="submit" class="primary">{t('search.go')}</button>
    </form>
  );
}

function Suggested({ one, info }: { one: Suggestion; info: CollectionInfo | undefined }) {
  return (
    <>
      <span class="grow">{marked(one).map((piece, place) => (piece.hit ? <mark key={place}>{piece.text}</mark> : piece.text))}</span>
      <span class="dim">{info ? nameOf(info) : one.collection}{one.count > 1 && ` · ${t('search.count', { n: one.count })}`}</span>
    </>
  );
}

/** The collections, and how many of each match. */
function Counts({ question, infos }: { question: Question; infos: CollectionInfo[] }) {
  const { q, validAt, knownAt } = question;
  const key = keyForms(q).length > 0;
  const counts = useAsk(key ? null : JSON.stringify([q, validAt, knownAt]), async (signal) => {
    if (q) return (await get<Found>('/search', { q, limit: 1, validAt, knownAt }, signal)).counts;
    // Some may not be counted by everybody.
    const all = await Promise.allSettled(
      infos.map(async (one) => {
        const groups = await post<Groups>('/query', { from: one.id, measures: ['count'], ...(validAt && { validAt }), ...(knownAt && { knownAt }) }, signal);
        return [one.id, groups.groups[0]?.count ?? 0] as const;
      }),
    );
    return Object.fromEntries(all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
  });
  const registers = [...new Set(infos.map((one) => one.register))];
  return (
    <nav aria-label={t('search.collections')} class="counts">
      <ul>
        <li>
          <a class="count-row" href={href(['search'], { q })} aria-current={question.collection ? undefined : 'page'}>
            <span>{t('search.everywhere')}</span>
          </a>
        </li>
        {registers.map((register) => (
          <li key={register}>
            <ul>
              {infos.filter((one) => one.register === register).map((one) => {
                const count = counts.value?.[one.id];
                return (
                  <li key={one.id}>
                    <a
                      class={`count-row ${count === 0 ? 'none' : ''}`}
                      href={href(['search', one.id], { q })}
                      aria-current={one.id === question.collection ? 'page' : undefined}
                    >
                      <span>{nameOf(one)}</span>
                      <span class="facet-count">{count === undefined ? '' : number(count)}</span>
                    </a>
                  </li>
                );
              })}
            </ul>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Overview({ infos }: { infos: CollectionInfo[] }) {
  return (
    <section aria-labelledby="overview">
      <h1 id="overview" class="view-head">{t('search.overview')}</h1>
      <div class="table-scroll" tabIndex={0} role="region" aria-labelledby="overview">
        <table class="records">
          <thead>
            <tr>
              <th scope="col">{t('collection')}</th>
              <th scope="col">{t('search.about')}</th>
              <th scope="col">{t('register')}</th>
              <th scope="col">{t('sensitivity')}</th>
              <th scope="col">{t('cycle')}</th>
            </tr>
          </thead>
          <tbody>
            {infos.map((one) => (
              <tr key={one.id}>
                <th scope="row"><a href={href(['search', one.id])}>{nameOf(one)}</a></th>
                <td class="wrap">{lang.value === 'zh' ? one.description : one.descriptionEn || one.description}</td>
                <td>{word('register', one.register)}</td>
                <td>{word('sensitivity', one.sensitivity)}</td>
                <td>{word('cycle', one.updateCycle)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="dim">{t('search.try')}</p>
    </section>
  );
}

/** A ranked list over all collections, or the records of a natural key. */
function Everywhere({ question, infos }: { question: Question; infos: CollectionInfo[] }) {
  const { q, validAt, knownAt } = question;
  const forms = keyForms(q);
  const asked = useAsk(JSON.stringify([q, validAt, knownAt]), async (signal) => {
    if (!forms.length) return (await get<Found>('/search', { q, limit: 60, validAt, knownAt }, signal)).features;
    const times = { ...(validAt && { validAt }), ...(knownAt && { knownAt }) };
    const found = await Promise.all(
      forms.map(async ({ collection }) => {
        const path = `/collections/${collection}/lookup`;
        const { records } = await post<{ records: (Feature | null)[] }>(path, { keys: [q.trim().toUpperCase()], ...times }, signal);
        return records.flatMap((one) => (one ? [{ ...one, collection, title: String(one.properties?.name ?? one.id) }] : []));
      }),
    );
    return found.flat();
  });
  if (asked.error) return <Failed error={asked.error} again={asked.again} />;
  if (!asked.value) return <Waiting />;
  if (!asked.value.length) return <Empty>{t('search.nothing', { q })}</Empty>;
  return (
    <section aria-labelledby="found" class={asked.waiting ? 'stale' : ''}>
      <h1 id="found" class="view-head">{forms.length ? t('search.by-key') : t('search.best', { n: asked.value.length })}</h1>
      <ol class="hits">
        {asked.value.map((one) => <Hit key={`${one.collection}/${one.id}`} feature={one} info={infos.find((info) => info.id === one.collection)} q={q} />)}
      </ol>
    </section>
  );
}

function Hit({ feature, info, q }: { feature: Feature; info: CollectionInfo | undefined; q: string }) {
  const schema = useAsk(feature.collection ?? null, () => schemaOf(feature.collection ?? '')).value;
  const properties = feature.properties ?? {};
  const brief = schema ? defaultColumns(schema).slice(1).filter((name) => properties[name] !== undefined) : [];
  return (
    <li class="hit">
      <a class="hit-title" href={href(['record', feature.collection ?? '', feature.id])}>
        <Marked text={feature.title ?? feature.id} words={q} />
      </a>
      <span class="badge quiet">{info ? nameOf(info) : feature.collection}</span>
      <Doubt feature={feature} />
      <span class="hit-brief">
        {schema && brief.map((name) => {
          const field = schema.byName.get(name);
          const text = valueText(field, properties[name]);
          return <span key={name} title={field ? title(field) : name}><Marked text={text} words={q} /></span>;
        })}
      </span>
    </li>
  );
}

function Side({ question }: { question: Question }) {
  const schema = useAsk(question.collection, () => schemaOf(question.collection)).value;
  if (!schema || schema.collection !== question.collection) return null;
  const choose = (field: string, value: string | null) => {
    const has = question.chosen.some((one) => one.field === field && one.value === value);
    const chosen = has
      ? question.chosen.filter((one) => one.field !== field || one.value !== value)
      : [...question.chosen, { field, value }];
    change(toAddress({ ...question, chosen }));
  };
  return <Facets question={question} schema={schema} choose={choose} />;
}

function Within({ question }: { question: Question }) {
  const schema = useAsk(question.collection, () => schemaOf(question.collection));
  const infos = useAsk('collections', () => collections());
  if (schema.error) return <Failed error={schema.error} again={schema.again} />;
  if (!schema.value || !infos.value) return <Waiting />;
  const info = infos.value.find((one) => one.id === question.collection);
  return <Results question={question} schema={schema.value} info={info} />;
}

function Results({ question, schema, info }: { question: Question; schema: Schema; info: CollectionInfo | undefined }) {
  const { query } = route.value;
  const hasPlace = !!info?.crs;
  const layout = query.get('view') ?? (hasPlace ? 'both' : 'table');
  const columns = query.get('cols')?.split(',').filter((name) => schema.byName.has(name)) ?? defaultColumns(schema);
  const expand = columns.filter((name) => schema.byName.get(name)?.type === 'reference');
  const asking = body(question, schema, { limit: PAGE, ...(expand.length ? { expand } : {}) });
  const first = useAsk(JSON.stringify(asking), (signal) => post<Page>('/query', asking, signal));
  const [more, setMore] = useState<{ of: Page | null; features: Feature[]; cursor?: string }>({ of: null, features: [] });
  const [chosen, choose] = useState<string | null>(null);
  const [moreError, setMoreError] = useState<ReturnType<typeof asProblem> | null>(null);
  const page = first.value;
  const mine = more.of === page ? more : { of: page, features: [], cursor: page?.cursor };
  const features = page ? [...page.features, ...mine.features] : [];
  const load = async () => {
    if (!page || !mine.cursor) return;
    try {
      const next = await post<Page>('/query', { ...asking, cursor: mine.cursor });
      setMore({ of: page, features: [...mine.features, ...next.features], cursor: next.cursor });
      setMoreError(null);
    } catch (error) {
      setMoreError(asProblem(error));
    }
  };
  const title = info ? nameOf(info) : question.collection;
  return (
    <section aria-labelledby="results" class="results">
      <div class="row toolbar">
        <h1 id="results" class="view-head" aria-live="polite">
          {title} <span class="count">{page ? t('search.count', { n: page.numberMatched }) : ''}</span>
        </h1>
        {hasPlace && (
          <div class="segments" role="group" aria-label={t('search.layout')}>
            {(['table', 'both', 'map'] as const).map((one) => (
              <button key={one} type="button" aria-pressed={layout === one} onClick={() => change({ view: one }, true)}>{t(`search.${one}`)}</button>
            ))}
          </div>
        )}
        <Columns schema={schema} columns={columns} />
        <Export question={question} schema={schema} columns={columns} expected={page?.numberMatched ?? 0} />
        <a class="button" href={href(['new', question.collection])}>{t('new.button')}</a>
        {hasPlace && <a class="button" href={href(['map'], { ...toAddress(question), layer: question.collection })}>{t('search.to-map')}</a>}
      </div>
      <Narrowing question={question} schema={schema} />
      {first.error && <Failed error={first.error} again={first.again} />}
      {!first.error && (
        <div class={`results-body ${layout}`}>
          {layout !== 'map' && (
            <div class={`results-table ${first.waiting ? 'stale' : ''}`}>
              {!page && <Waiting />}
              {page && !features.length && <Empty>{isNarrowed(question) ? t('search.nothing-narrow') : t('search.nothing-yet')}</Empty>}
              {features.length > 0 && (
                <Records
                  features={features}
                  schema={schema}
                  columns={columns}
                  sort={question.sort}
                  setSort={(sort) => change({ sort: sort || null })}
                  words={question.q}
                  chosen={chosen}
                  choose={choose}
                />
              )}
              {moreError && <Failed error={moreError} />}
              {mine.cursor && (
                <button type="button" class="more" onClick={() => void load()}>
                  {t('search.next', { shown: features.length, n: page?.numberMatched ?? 0 })}
                </button>
              )}
            </div>
          )}
          {layout !== 'table' && hasPlace && (
            <LazyPane question={question} schema={schema} chosen={chosen} choose={choose} narrow={(box) => change(toAddress({ ...question, box }))} />
          )}
        </div>
      )}
    </section>
  );
}

/** What narrows the answer, each with a way to take it away; the reader's own CQL2; the whole as text. */
function Narrowing({ question, schema }: { question: Question; schema: Schema }) {
  const without = (part: Partial<Question>) => change(toAddress({ ...question, ...part }));
  const text = cql(question, schema);
  const line = curl(location.origin, question, schema);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    without({ filter: String(new FormData(event.currentTarget as HTMLFormElement).get('filter') ?? '').trim() });
  };
  return (
    <div class="narrowing">
      {(question.chosen.length > 0 || question.polygon || question.circle || question.box) && (
        <ul class="chips" aria-label={t('search.narrowed')}>
          {question.chosen.map((one) => {
            const field = schema.byName.get(one.field);
            const value = one.value === null ? t('search.none') : valueText(field, one.value);
            return (
              <li key={`${one.field}:${one.value}`}>
                <button type="button" class="chip" onClick={() => without({ chosen: question.chosen.filter((other) => other !== one) })}>
                  {field ? title(field) : one.field}: {value} <span aria-hidden="true">×</span><span class="hidden">{t('remove')}</span>
                </button>
              </li>
            );
          })}
          {(['polygon', 'circle', 'box'] as const).map((kind) => question[kind] && (
            <li key={kind}>
              <button type="button" class="chip" onClick={() => without({ [kind]: null })}>
                {t(`search.${kind}`)} <span aria-hidden="true">×</span><span class="hidden">{t('remove')}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <details class="query" open={!!question.filter}>
        <summary>{t('search.query')}</summary>
        <form class="row" onSubmit={submit} key={question.filter}>
          <label for="filter">{t('search.filter')}</label>
          <input id="filter" name="filter" class="grow mono" defaultValue={question.filter} placeholder="birthDate >= DATE('1990-01-01') AND name LIKE '王%'" spellcheck={false} autocomplete="off" />
          <button type="submit">{t('search.apply')}</button>
        </form>
        {text && <div class="row"><span class="tag">CQL2</span><code class="grow line">{text}</code><Copy text={text} what="CQL2" /></div>}
        <div class="row"><span class="tag">curl</span><code class="grow line">{line}</code><Copy text={line} what="curl" /></div>
      </details>
    </div>
  );
}

function Columns({ schema, columns }: { schema: Schema; columns: string[] }) {
  const fit = schema.fields.filter((field) => !['point', 'geometry'].includes(field.type));
  const toggle = (name: string) => {
    const next = columns.includes(name) ? columns.filter((one) => one !== name) : [...columns, name];
    if (next.length) change({ cols: next.join(',') }, true);
  };
  return (
    <details class="menu">
      <summary class="button">{t('search.columns')}</summary>
      <ul class="menu-body">
        {fit.map((field) => (
          <li key={field.name}>
            <label><input type="checkbox" checked={columns.includes(field.name)} onChange={() => toggle(field.name)} /> {title(field)}</label>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Export({ question, schema, columns, expected }: { question: Question; schema: Schema; columns: string[]; expected: number }) {
  const [state, set] = useState<{ lines: number; stop: AbortController } | null>(null);
  const [error, setError] = useState<ReturnType<typeof asProblem> | null>(null);
  const run = async (format: Format) => {
    const stop = new AbortController();
    set({ lines: 0, stop });
    setError(null);
    const name = `${question.collection}.${format}`;
    try {
      const file = await exportAll({ question, schema, format, columns, name, expected, told: (lines) => set({ lines, stop }), signal: stop.signal });
      if (file) save(name, [file], file.type);
    } catch (failed) {
      // Whoever closes the choice of a file has thought better of it.
      const isCalledOff = stop.signal.aborted || (failed instanceof DOMException && failed.name === 'AbortError');
      if (!isCalledOff) setError(asProblem(failed));
    }
    set(null);
  };
  return (
    <>
      {!state && (['csv', 'ndjson'] as const).map((format) => (
        <button key={format} type="button" onClick={() => void run(format)}>{t('search.export', { format: format.toUpperCase() })}</button>
      ))}
      {state && (
        <button type="button" onClick={() => state.stop.abort()}>{t('search.exporting', { n: state.lines })}</button>
      )}
      {error && <Failed error={error} />}
    </>
  );
}
