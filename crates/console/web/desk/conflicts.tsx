/** Records of which sources say different things. */
import { collections, nameOf, schema as schemaOf, title, titleField, type Schema } from '../api/catalog';
import { get } from '../api/client';
import { departmentName } from '../api/departments';
import type { Feature, Value } from '../api/model';
import { Empty, Failed, Waiting } from '../parts';
import { useAsk } from '../parts/ask';
import { Shown, valueText } from '../parts/value';
import { go, href, route } from '../router';
import { label, t, type Label } from '../text';

interface Said { department: string; departmentLabel: Label; value: Value; since: string | null }
interface Conflict { id: string; field: string; responsible: string; saidBy: string[]; value: Value; competing: Said[] }
interface Answer { conflicts: Conflict[]; numberMatched: number; cursor: string | null }

/** The records themselves, with what they refer to: conflicts name them by their ids. */
async function records(collection: string, ids: string[], schema: Schema, signal: AbortSignal): Promise<Map<string, Feature>> {
  const expand = schema.fields.filter((field) => field.type === 'reference' && !field.many).map((field) => field.name).join(',');
  const found = await Promise.all(
    [...new Set(ids)].map((id) => get<Feature>(`/collections/${collection}/items/${encodeURIComponent(id)}`, { expand }, signal).catch(() => null)),
  );
  return new Map(found.flatMap((one) => (one ? [[one.id, one] as const] : [])));
}

export function Conflicts() {
  const { query } = route.value;
  const infos = useAsk('collections', () => collections()).value ?? [];
  const collection = query.get('c') || 'person';
  const cursor = query.get('cursor') ?? '';
  const asked = useAsk(`${collection} ${cursor}`, async (signal) => {
    const [schema, answer] = await Promise.all([
      schemaOf(collection),
      get<Answer>(`/collections/${collection}/conflicts`, { limit: 25, cursor }, signal),
    ]);
    const ids = answer.conflicts.map((one) => one.id);
    return { schema, answer, known: await records(collection, ids, schema, signal) };
  });
  return (
    <section class="stack" aria-labelledby="conflicts">
      <div class="row">
        <h1 id="conflicts" class="view-head grow">{t('desk.conflicts')} {asked.value && <span class="count">{t('search.count', { n: asked.value.answer.numberMatched })}</span>}</h1>
        <label class="row">{t('collection')}
          <select value={collection} onChange={(event) => go(href(['desk', 'conflicts'], { c: event.currentTarget.value }))}>
            {infos.map((one) => <option key={one.id} value={one.id}>{nameOf(one)}</option>)}
          </select>
        </label>
      </div>
      {asked.error && <Failed error={asked.error} again={asked.again} />}
      {!asked.value && asked.waiting && <Waiting />}
      {asked.value && !asked.value.answer.conflicts.length && <Empty>{t('desk.no-conflicts')}</Empty>}
      {asked.value && asked.value.answer.conflicts.length > 0 && (
        <div class="table-scroll" tabIndex={0} role="region" aria-labelledby="conflicts">
          <table class="records">
            <thead><tr><th scope="col">{t('desk.what')}</th><th scope="col">{t('field')}</th><th scope="col">{t('desk.counts')}</th><th scope="col">{t('record.otherwise')}</th></tr></thead>
            <tbody>
              {asked.value.answer.conflicts.map((one) => {
                const { schema, known } = asked.value!;
                const record = known.get(one.id);
                const named = titleField(schema);
                const field = schema.byName.get(one.field);
                return (
                  <tr key={`${one.id}.${one.field}`}>
                    <th scope="row"><a href={href(['record', collection, one.id])}>{(named && valueText(named, record?.properties?.[named.name])) || one.id}</a></th>
                    <td>{field ? title(field) : one.field}</td>
                    <td class="wrap"><Shown field={field} value={record?.properties?.[one.field] ?? one.value} /> <span class="dim">{one.saidBy.map(departmentName).join('、')}</span></td>
                    <td class="wrap">{one.competing.map((other, at) => <p key={at}><Shown field={field} value={other.value} /> <span class="dim">{label(other.departmentLabel, other.department)} {other.since}</span></p>)}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
      {asked.value?.answer.cursor && <button type="button" onClick={() => go(href(['desk', 'conflicts'], { c: collection, cursor: asked.value?.answer.cursor }))}>{t('desk.older')}</button>}
    </section>
  );
}
