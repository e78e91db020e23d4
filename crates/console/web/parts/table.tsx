/** Records as a table: dense, sortable where the server can sort, one row open to the keyboard at a time. */
import { title, type Field, type Schema } from '../api/catalog';
import type { Feature } from '../api/model';
import { href } from '../router';
import { distance, t } from '../text';
import { Doubt } from './doubt';
import { Marked } from './marked';
import { Shown, valueText } from './value';

/** The fields a table begins with: what names the record, then what tells most. */
export function defaultColumns(schema: Schema): string[] {
  const fit = schema.fields.filter(
    (field) => !['point', 'geometry', 'reference'].includes(field.type) && !field.many && field.search.length > 0,
  );
  const rank = (field: Field) =>
    field.role === 'title' ? 0 : field.role === 'key' ? 1 : ['addressText', 'text'].includes(field.name) ? 3 : 2;
  const names = fit.map((field) => field.name);
  const title = fit.filter((field) => rank(field) === 0);
  const keys = fit.filter((field) => rank(field) === 1);
  const long = fit.filter((field) => rank(field) === 3);
  const rest = fit.filter((field) => rank(field) === 2);
  const head = [...title, ...keys];
  const chosen = [...head, ...rest.slice(0, Math.max(0, 6 - head.length)), ...long].map((field) => field.name);
  // A reference that is part of the key says what the record is about.
  const about = schema.fields.filter((field) => field.type === 'reference' && field.role === 'key').map((field) => field.name);
  return [...about, ...chosen].filter((name, place, all) => all.indexOf(name) === place && (names.includes(name) || about.includes(name)));
}

export function Records({ features, schema, columns, sort, setSort, words, chosen, choose }: {
  features: Feature[];
  schema: Schema;
  columns: string[];
  sort: string;
  setSort: (sort: string) => void;
  words: string;
  chosen: string | null;
  choose: (id: string | null) => void;
}) {
  const fields = columns.map((name) => schema.byName.get(name)).filter((field): field is Field => !!field);
  const far = features.some((one) => one.distance !== undefined);
  const lead = fields[0];
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={t('search.table')}>
      <table class="records">
        <thead>
          <tr>
            {fields.map((field) => {
              const by = sort.replace(/^-/, '') === field.name;
              const order = !by ? 'none' : sort.startsWith('-') ? 'descending' : 'ascending';
              const next = order === 'ascending' ? `-${field.name}` : order === 'descending' ? '' : field.name;
              return (
                <th key={field.name} scope="col" aria-sort={order}>
                  {field.search.includes('column') ? (
                    <button type="button" class="head" onClick={() => setSort(next)}>
                      {title(field)}
                      <span aria-hidden="true">{order === 'ascending' ? ' ↑' : order === 'descending' ? ' ↓' : ''}</span>
                    </button>
                  ) : (
                    title(field)
                  )}
                </th>
              );
            })}
            {far && <th scope="col">{t('distance')}</th>}
          </tr>
        </thead>
        <tbody>
          {features.map((one) => {
            const to = href(['record', schema.collection, one.id]);
            return (
              <tr
                key={one.id}
                class={one.id === chosen ? 'chosen' : undefined}
                onMouseEnter={() => choose(one.id)}
                onMouseLeave={() => choose(null)}
              >
                {fields.map((field) => {
                  const value = one.properties?.[field.name];
                  if (field === lead) {
                    return (
                      <th key={field.name} scope="row">
                        <a href={to}><Marked text={valueText(field, value) || one.id} words={words} /></a><Doubt feature={one} collection={schema.collection} />
                      </th>
                    );
                  }
                  const marked = field.search.includes('text') && typeof value === 'string';
                  return (
                    <td key={field.name} class={field.type}>
                      {marked ? <Marked text={value} words={words} /> : <Shown field={field} value={value} brief />}
                    </td>
                  );
                })}
                {far && <td class="number">{one.distance === undefined ? '' : distance(one.distance)}</td>}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
