/** The record is another one: its id leads there from now on. */
import { get } from '../../api/client';
import type { Feature } from '../../api/model';
import { titleField } from '../../api/catalog';
import { records } from '../../form/input';
import { useAsk } from '../../parts/ask';
import { Combobox } from '../../parts/combobox';
import { useDraft } from '../../parts/draft';
import { pointed } from '../../parts/failed';
import { valueText } from '../../parts/value';
import { href } from '../../router';
import { t } from '../../text';
import { Writing, type About } from './index';

export function Merge(about: About) {
  const { draft, set, clear } = useDraft(`merge ${about.collection} ${about.id}`, () => ({ into: '' }));
  const into = draft.into.trim();
  const named = titleField(about.schema);
  // A whole id: shown with its name before anything is done.
  const other = useAsk(/^[A-Z][0-9A-Z$*~=]{8,}$/.test(into) ? into : null, (signal) =>
    get<Feature>(`/collections/${about.collection}/items/${encodeURIComponent(into)}`, {}, signal),
  );
  const call = () => ({ method: 'POST' as const, path: `${about.base}/merge`, body: { into }, tag: about.tag });
  return (
    <Writing about={about} scope="merge" call={call} disabled={!into || into === about.id} yes={t('act.merge')} pointers={new Set(['/into'])} cleared={clear}>
      {(error) => {
        const wrong = pointed(error).get('/into');
        return (
          <div class={`form-field ${wrong ? 'wrong' : ''}`}>
            <label for="merge-into">{t('act.merge-into')}</label>
            <Combobox id="merge-into" value={draft.into} invalid={!!wrong} input={(text) => set({ into: text })} placeholder={t('form.reference')} take={() => undefined}
              ask={async (text, signal) => (await records(about.collection, null, text, signal)).filter((one) => one.text !== about.id)} />
            {wrong && <p class="wrong-text">{wrong}</p>}
            {other.error && <p class="wrong-text">{other.error.text}</p>}
            {other.value && <p>→ <a href={href(['record', about.collection, into])}>{(named && valueText(named, other.value.properties?.[named.name])) || into}</a></p>}
          </div>
        );
      }}
    </Writing>
  );
}
