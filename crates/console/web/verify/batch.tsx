/** Many claims at once, pasted from a table: its first line names the fields. */
import { useState } from 'preact/hooks';
import { title, type Field, type Schema } from '../api/catalog';
import { post, ProblemError } from '../api/client';
import { parse } from '../desk/csv';
import type { Texts } from '../form/values';
import { Failed } from '../parts';
import { asProblem } from '../parts/ask';
import { useDraft } from '../parts/draft';
import { route } from '../router';
import { number, t } from '../text';
import { claim, claimable, type Answer, type Verified } from './index';
import { Outcome } from './outcome';

/** How many claims go with one request. */
const AT_ONCE = 500;
/** How many rows stand on a page of answers. */
const SHOWN = 200;

export interface Table { fields: Field[]; rows: Texts[]; unknown: string[] }

/** A pasted table: cells apart by tabs or commas, its columns named as fields are called in either language. */
export function readTable(schema: Schema, text: string): Table {
  const tabbed = text.includes('\t') ? text.split(/\r?\n/).filter((line) => line.trim()).map((line) => line.split('\t')) : parse(text).filter((row) => row.some((cell) => cell.trim()));
  const [header = [], ...rows] = tabbed;
  const known = [...schema.fields.filter((field) => schema.key.includes(field.name)), ...claimable(schema)];
  const named = header.map((name) => known.find((field) => [field.name, field.title, field.titleEn].some((one) => one.toLowerCase() === name.trim().toLowerCase())));
  return {
    fields: named.filter((field): field is Field => !!field),
    unknown: header.filter((_, place) => !named[place]),
    rows: rows.map((row) => Object.fromEntries(named.flatMap((field, place) => (field ? [[field.name, (row[place] ?? '').trim()]] : [])))),
  };
}

export function Batch({ schema }: { schema: Schema }) {
  const { draft, set, clear } = useDraft(`verify-many ${schema.collection}`, () => ({ text: '' }));
  const [answers, setAnswers] = useState<{ table: Table; results: Verified[] } | null>(null);
  const [error, setError] = useState<ProblemError | null>(null);
  const [done, setDone] = useState<number | null>(null);
  const [page, setPage] = useState(0);
  const table = readTable(schema, draft.text);
  const missing = schema.key.filter((name) => !table.fields.some((field) => field.name === name));
  const isTyped = draft.text.trim() !== '';
  const ready = isTyped && !missing.length && !table.unknown.length && table.rows.length > 0;
  const titles = (names: string[]) => names.map((name) => { const field = schema.byName.get(name); return field ? title(field) : name; }).join('、');
  const run = async () => {
    setError(null);
    setAnswers(null);
    const results: Verified[] = [];
    const { query } = route.value;
    const times = { ...(query.get('validAt') && { validAt: query.get('validAt') }), ...(query.get('knownAt') && { knownAt: query.get('knownAt') }) };
    try {
      for (let from = 0; from < table.rows.length; from += AT_ONCE) {
        setDone(from);
        const claims = table.rows.slice(from, from + AT_ONCE).map((row) => claim(schema, row));
        results.push(...(await post<Answer>(`/collections/${encodeURIComponent(schema.collection)}/verify`, { claims, ...times })).results);
      }
      setAnswers({ table, results });
      setPage(0);
    } catch (problem) {
      setError(asProblem(problem));
    }
    setDone(null);
  };
  const counts = new Map<string, number>();
  for (const one of answers?.results ?? []) counts.set(one.outcome, (counts.get(one.outcome) ?? 0) + 1);
  return (
    <div class="stack">
      <form class="panel stack" onSubmit={(event) => { event.preventDefault(); void run(); }}>
        <div class="form-field">
          <label for="claims">{t('verify.paste')}</label>
          <textarea id="claims" class="mono" rows={6} value={draft.text} spellcheck={false} placeholder={[...schema.key.map((name) => titles([name])), ...claimable(schema).filter((field) => field.role === 'title').map(title)].join('\t')} onInput={(event) => { set({ text: event.currentTarget.value }); setAnswers(null); }} />
        </div>
        {isTyped && table.unknown.length > 0 && <p class="wrong-text">{t('verify.unknown-columns', { names: table.unknown.join('、') })}</p>}
        {isTyped && missing.length > 0 && <p class="wrong-text">{t('verify.no-key', { names: titles(missing) })}</p>}
        <div class="row form-foot">
          <span class="dim grow" role="status">{done === null ? (ready ? t('verify.rows', { n: table.rows.length }) : '') : t('verify.done', { n: done, all: table.rows.length })}</span>
          <button type="button" onClick={() => { clear(); setAnswers(null); setError(null); }}>{t('new.clear')}</button>
          <button type="submit" class="primary" disabled={!ready || done !== null}>{t('verify.ask')}</button>
        </div>
      </form>
      {error && <Failed error={error} />}
      {answers && (
        <section class="stack" aria-label={t('verify.result')}>
          <p class="row" role="status">{[...counts].map(([outcome, count]) => <span key={outcome}><Outcome of={{ outcome }} /> <strong class="number">{number(count)}</strong></span>)}</p>
          <div class="table-scroll" tabIndex={0} role="region" aria-label={t('verify.result')}>
            <table class="records">
              <thead><tr><th scope="col" class="number">{t('line')}</th><th scope="col">{t('verify.result')}</th>{answers.table.fields.map((field) => <th key={field.name} scope="col">{title(field)}</th>)}</tr></thead>
              <tbody>
                {answers.results.slice(page * SHOWN, (page + 1) * SHOWN).map((one, place) => {
                  const row = page * SHOWN + place;
                  return (
                    <tr key={row}>
                      <th scope="row" class="number">{row + 2}</th>
                      <td><Outcome of={{ outcome: one.outcome }} /></td>
                      {answers.table.fields.map((field) => {
                        const agreement = schema.key.includes(field.name) ? one.key : one.values?.[field.name];
                        return <td key={field.name}>{answers.table.rows[row]?.[field.name]} {agreement && agreement.outcome !== 'match' && <Outcome of={agreement} />}</td>;
                      })}
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </div>
          {answers.results.length > SHOWN && (
            <p class="row">
              <button type="button" disabled={page === 0} onClick={() => setPage(page - 1)}>{t('page.before')}</button>
              <span class="dim">{page + 1} / {Math.ceil(answers.results.length / SHOWN)}</span>
              <button type="button" disabled={(page + 1) * SHOWN >= answers.results.length} onClick={() => setPage(page + 1)}>{t('page.after')}</button>
            </p>
          )}
        </section>
      )}
    </div>
  );
}
