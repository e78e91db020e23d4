/**
 * Claims on a record, each answered by a word: whether the registers say so. What a record says is never shown
 * here. One record by a form, or many pasted from a table.
 */
import { useEffect, useState } from 'preact/hooks';
import { collections, nameOf, schema as schemaOf, title, type Field, type Schema } from '../api/catalog';
import { get, post, type ProblemError } from '../api/client';
import type { CollectionInfo } from '../api/model';
import type { Item } from '../catalogue';
import { FieldInput } from '../form/input';
import { isSaid, valueOf, type Texts } from '../form/values';
import { Empty, Failed, Tabs, Waiting } from '../parts';
import { asProblem, useAsk } from '../parts/ask';
import { useDraft } from '../parts/draft';
import { href, go, route } from '../router';
import { t } from '../text';
import { Batch } from './batch';
import { Outcome } from './outcome';

export interface Agreement { outcome: string; variants?: string[] }
export interface Verified { outcome: string; key?: Agreement; values?: Record<string, Agreement> }
export interface Answer { results: Verified[]; validAt: string; knownAt: string | null }

/**
 * A collection's fields as far as they may be claimed: those the caller sees, and those that only the catalogue
 * tells of, which may be verified by callers who see none of their values.
 */
async function claimed(collection: string): Promise<Schema> {
  const seen = await schemaOf(collection);
  const entry = await get<{ items: Item[] }>(`/catalog/resources/${encodeURIComponent(collection)}`).catch(() => null);
  const unseen = (entry?.items ?? []).filter((item) => !seen.byName.has(item.name)).map((item): Field => ({
    name: item.name, title: item.label.zh, titleEn: item.label.en, description: '', descriptionEn: '', type: item.dataType, many: item.many,
    target: item.target ?? null, department: item.responsible?.id ?? '', sensitivity: item.sensitivity, standard: item.standard ?? null, search: [],
    role: item.isKey ? 'key' : null, computed: false, codes: null, required: item.required, unit: item.unit ?? null, pattern: null,
  }));
  const fields = [...seen.fields, ...unseen];
  const key = entry ? entry.items.filter((item) => item.isKey).map((item) => item.name) : seen.key;
  return { ...seen, key, fields, byName: new Map(fields.map((field) => [field.name, field])) };
}

/** The fields that can be claimed: places cannot. */
export const claimable = (schema: Schema): Field[] => schema.fields.filter((field) => isSaid(field) && !['point', 'geometry'].includes(field.type));

export function Verify() {
  const infos = useAsk('collections', () => collections());
  const { path } = route.value;
  const all = infos.value ?? [];
  // Persons are what is verified most; whoever sees none begins with the first there is.
  const collection = path[1] ?? (all.find((one) => one.id === 'person') ?? all[0])?.id ?? '';
  const schema = useAsk(collection || null, () => claimed(collection));
  const [mode, setMode] = useState('one');
  return (
    <div class="view verify">
      <h1 class="view-head">{t('verify.head')}</h1>
      <p class="dim">{t('verify.about')}</p>
      {infos.error && <Failed error={infos.error} again={infos.again} />}
      {schema.error && <Failed error={schema.error} again={schema.again} />}
      {!schema.value && schema.waiting && <Waiting />}
      {infos.value && !all.length && <Empty>{t('catalogue.nothing')}</Empty>}
      {schema.value && schema.value.collection === collection && (
        <>
          <div class="row">
            <label class="row">{t('collection')}
              <select value={collection} onChange={(event) => go(href(['verify', event.currentTarget.value]))}>
                {all.map((one: CollectionInfo) => <option key={one.id} value={one.id}>{nameOf(one)}</option>)}
              </select>
            </label>
          </div>
          <Tabs name={t('verify.head')} current={mode} choose={setMode} tabs={[{ id: 'one', text: t('verify.one') }, { id: 'many', text: t('verify.many') }]} />
          <div role="tabpanel" aria-labelledby={`tab-${mode}`}>
            {mode === 'one' ? <One key={collection} schema={schema.value} /> : <Batch key={collection} schema={schema.value} />}
          </div>
        </>
      )}
    </div>
  );
}

/** A claim as the server takes it: its key, and values by field. */
export function claim(schema: Schema, texts: Texts): { key: unknown; values: Record<string, unknown> } {
  const keys = schema.fields.filter((field) => schema.key.includes(field.name));
  const said = (field: Field) => valueOf(field, texts[field.name] ?? '');
  const key = keys.length === 1 ? said(keys[0]!) : Object.fromEntries(keys.map((field) => [field.name, said(field)]));
  const others = claimable(schema).filter((field) => !schema.key.includes(field.name) && (texts[field.name] ?? '').trim());
  return { key, values: Object.fromEntries(others.map((field) => [field.name, said(field)])) };
}

function One({ schema }: { schema: Schema }) {
  const { draft, set, clear } = useDraft<{ texts: Texts; shown: string[] }>(`verify ${schema.collection}`, () => ({ texts: {}, shown: first(schema) }));
  const [answer, setAnswer] = useState<{ result: Verified; claimed: Texts } | null>(null);
  const [error, setError] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  const { query } = route.value;
  const [validAt, knownAt] = [query.get('validAt'), query.get('knownAt')];
  useEffect(() => setAnswer(null), [validAt, knownAt]);
  const keys = schema.fields.filter((field) => schema.key.includes(field.name));
  const others = claimable(schema).filter((field) => !schema.key.includes(field.name));
  const shown = others.filter((field) => draft.shown.includes(field.name));
  const rest = others.filter((field) => !draft.shown.includes(field.name));
  const ready = keys.every((field) => (draft.texts[field.name] ?? '').trim());
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!ready) return;
    setBusy(true);
    setError(null);
    try {
      const visible = Object.fromEntries([...keys, ...shown].map((field) => [field.name, draft.texts[field.name] ?? '']));
      const body = { claims: [claim(schema, visible)], ...(validAt && { validAt }), ...(knownAt && { knownAt }) };
      const { results } = await post<Answer>(`/collections/${encodeURIComponent(schema.collection)}/verify`, body);
      if (results[0]) setAnswer({ result: results[0], claimed: visible });
    } catch (problem) {
      setAnswer(null);
      setError(asProblem(problem));
    }
    setBusy(false);
  };
  const type = (field: Field, text: string) => {
    setAnswer(null);
    set({ texts: { ...draft.texts, [field.name]: text } });
  };
  const where = error?.problem.parameter ?? '';
  const wrongAt = (field: Field) => (where.endsWith(`values.${field.name}`) || (where.includes('.key') && keys.length === 1 && field === keys[0]) ? error?.text : undefined);
  return (
    <div class="verify-body">
      <form class="panel stack" onSubmit={(event) => void submit(event)} noValidate>
        <div class="form-grid">
          {[...keys, ...shown].map((field) => (
            <FieldInput key={field.name} scope="verify" field={field} value={draft.texts[field.name] ?? ''} set={(text) => type(field, text)} required={schema.key.includes(field.name)} wrong={wrongAt(field)} />
          ))}
        </div>
        <div class="row form-foot">
          {rest.length > 0 && (
            <select aria-label={t('verify.more')} value="" onChange={(event) => { const name = event.currentTarget.value; if (name) set({ shown: [...draft.shown, name] }); }}>
              <option value="">{t('verify.more')}</option>
              {rest.map((field) => <option key={field.name} value={field.name}>{title(field)}</option>)}
            </select>
          )}
          <span class="grow" />
          <button type="button" onClick={() => { clear(); setAnswer(null); setError(null); }}>{t('new.clear')}</button>
          <button type="submit" class="primary" disabled={busy || !ready}>{t('verify.ask')}</button>
        </div>
      </form>
      <div aria-live="polite">
        {error && <Failed error={error} />}
        {answer && <Told schema={schema} {...answer} />}
      </div>
    </div>
  );
}

/** What is claimed most: what names the record, then two fields that everybody knows of oneself. */
function first(schema: Schema): string[] {
  const fit = claimable(schema).filter((field) => !schema.key.includes(field.name));
  const title = fit.filter((field) => field.role === 'title');
  return [...title, ...fit.filter((field) => field.role !== 'title' && !field.many && field.type !== 'reference').slice(0, 2)].map((field) => field.name);
}

function Told({ schema, result, claimed }: { schema: Schema; result: Verified; claimed: Texts }) {
  const keys = schema.key.map((name) => schema.byName.get(name)).filter((field): field is Field => !!field);
  const rows = Object.entries(result.values ?? {});
  return (
    <section class={`panel told told-${result.outcome}`} aria-label={t('verify.result')}>
      <h2><Outcome of={{ outcome: result.outcome }} large /></h2>
      {result.outcome === 'no-record' ? <p>{t('verify.no-record-about')}</p> : (
        <table class="records">
          <thead><tr><th scope="col">{t('field')}</th><th scope="col">{t('verify.claimed')}</th><th scope="col">{t('verify.result')}</th></tr></thead>
          <tbody>
            {result.key && <tr><th scope="row">{keys.map(title).join('、')}</th><td>{keys.map((field) => claimed[field.name]).join(' ')}</td><td><Outcome of={result.key} /></td></tr>}
            {rows.map(([name, agreement]) => {
              const field = schema.byName.get(name);
              return <tr key={name}><th scope="row">{field ? title(field) : name}</th><td class="wrap">{claimed[name]}</td><td><Outcome of={agreement} /></td></tr>;
            })}
          </tbody>
        </table>
      )}
    </section>
  );
}
