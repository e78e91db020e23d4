/** How the answer divides: by codes, by district, by year. A choice narrows the question. */
import { codeText, title, type Field, type Schema } from '../api/catalog';
import { post } from '../api/client';
import { divisionName } from '../api/divisions';
import type { Groups } from '../api/model';
import { Bar, Failed } from '../parts';
import { useAsk } from '../parts/ask';
import { number, t } from '../text';
import { useState } from 'preact/hooks';
import { body, type Question } from './question';

const SHOWN = 8;

/** The fields that divide an answer well, the most telling first. */
export function facetFields(schema: Schema): Field[] {
  const rank = (field: Field) => (field.type === 'division' ? 0 : field.codes ? 1 : field.type === 'date' ? 2 : -1);
  const all = schema.fields.filter((field) => rank(field) >= 0 && field.search.includes('column') && !field.many);
  return all.sort((a, b) => rank(a) - rank(b));
}

/** What a field is grouped by. */
export const groupOf = (field: Field): string =>
  field.type === 'division' ? `division:county` : field.type === 'date' ? `year:${field.name}` : field.name;

export function Facets({ question, schema, choose }: { question: Question; schema: Schema; choose: (field: string, value: string | null) => void }) {
  // Divisions other than the record's own place (a birthplace) cannot be grouped by level.
  const fields = facetFields(schema).filter((field) => field.type !== 'division' || field.name === 'division');
  return (
    <section aria-label={t('search.facets')}>
      {fields.map((field, place) => (
        <Facet key={field.name} field={field} question={question} schema={schema} choose={choose} begin={place < 3} />
      ))}
    </section>
  );
}

function Facet({ field, question, schema, choose, begin }: {
  field: Field;
  question: Question;
  schema: Schema;
  choose: (field: string, value: string | null) => void;
  begin: boolean;
}) {
  const chosen = new Set(question.chosen.filter((one) => one.field === field.name).map((one) => one.value));
  const [open, setOpen] = useState(begin || chosen.size > 0);
  const [whole, setWhole] = useState(false);
  const group = groupOf(field);
  const query = body(question, schema, { group: [group], measures: ['count'], limit: 500 }, field.name);
  const asked = useAsk(open ? JSON.stringify(query) : null, (signal) => post<Groups>('/query', query, signal));
  // Who may look records up and not count them has no facets, and needs none.
  if (asked.error?.problem.status === 403) return null;
  const groups = [...(asked.value?.groups ?? [])].sort((a, b) =>
    field.type === 'date' ? String(b.key[group]).localeCompare(String(a.key[group])) : b.count - a.count,
  );
  const most = Math.max(1, ...groups.map((one) => one.count));
  const shown = whole ? groups : groups.filter((one, place) => place < SHOWN || chosen.has(one.key[group] ?? null));
  const text = (value: string | null) => {
    if (value === null) return t('search.none');
    return field.type === 'division' ? (divisionName(value) ?? value) : codeText(field, value);
  };
  return (
    <details class="facet" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{title(field)}{chosen.size > 0 && <span class="badge">{chosen.size}</span>}</summary>
      {asked.error && <Failed error={asked.error} />}
      <ul class={asked.waiting ? 'stale' : ''}>
        {shown.map((one) => {
          const value = one.key[group] ?? null;
          return (
            <li key={value ?? ''}>
              <label class="facet-row">
                <input type="checkbox" checked={chosen.has(value)} onChange={() => choose(field.name, value)} />
                <span class="facet-text">{text(value)}</span>
                <span class="facet-count">{number(one.count)}</span>
                <Bar share={one.count / most} />
              </label>
            </li>
          );
        })}
      </ul>
      {groups.length > SHOWN && (
        <button type="button" class="link" onClick={() => setWhole(!whole)}>
          {whole ? t('search.fewer') : t('search.more', { n: groups.length })}
        </button>
      )}
    </details>
  );
}
