/** Answers that held a value which was corrected since: whom they told what is no longer true. */
import { get } from '../api/client';
import { schema as schemaOf, title } from '../api/catalog';
import { Empty, Failed, Waiting } from '../parts';
import { useAsk } from '../parts/ask';
import { change, href, route } from '../router';
import { instant, t } from '../text';
import type { Recall } from './model';
import { FieldPairs } from './receipt';

export function Recalls() {
  const cursor = route.value.query.get('cursor') ?? '';
  const asked = useAsk(cursor || 'first', (signal) => get<{ recalls: Recall[]; cursor: string | null }>('/recalls', { cursor, limit: 50 }, signal));
  return (
    <section class="stack" aria-labelledby="recalls">
      <div class="row"><h1 id="recalls" class="view-head grow">{t('trust.recalls')}</h1><button type="button" onClick={asked.again}>{t('refresh')}</button></div>
      <p class="dim">{t('trust.recalls-about')}</p>
      {asked.error && <Failed error={asked.error} again={asked.again} />}
      {!asked.value && asked.waiting && <Waiting />}
      {asked.value && !asked.value.recalls.length && <Empty>{t('trust.no-recalls')}</Empty>}
      <ul class="stack">
        {asked.value?.recalls.map((one) => (
          <li key={`${one.receipt} ${one.id}`} class="panel stack">
            <p class="row">
              <a href={href(['trust', 'receipts', one.receipt])}>{instant(one.instant)}</a>
              <span class="mono">{one.method} {one.path}</span>
              {one.purpose && <span class="dim">{one.purpose} {one.case}</span>}
              {one.caller && <span>{one.caller.label || one.caller.id}</span>}
            </p>
            {Array.isArray(one.fields) ? <Names collection={one.collection} id={one.id} names={one.fields} /> : <FieldPairs collection={one.collection} id={one.id} fields={one.fields} />}
          </li>
        ))}
      </ul>
      <div class="row">
        {cursor && <button type="button" onClick={() => history.back()}>{t('page.before')}</button>}
        {asked.value?.cursor && <button type="button" onClick={() => change({ cursor: asked.value?.cursor })}>{t('page.after')}</button>}
      </div>
    </section>
  );
}

function Names({ collection, id, names }: { collection: string; id: string; names: string[] }) {
  const schema = useAsk(collection, () => schemaOf(collection)).value;
  return <p><code>{id}</code> {names.map((name) => { const field = schema?.byName.get(name); return field ? title(field) : name; }).join('、')}</p>;
}
