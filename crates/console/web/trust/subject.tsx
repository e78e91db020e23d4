/** Who looked at somebody's record, when and what for: for the person it is about, who stands at the counter. */
import { useState } from 'preact/hooks';
import { collections, nameOf, schema as schemaOf } from '../api/catalog';
import { post, type ProblemError } from '../api/client';
import { FieldInput } from '../form/input';
import { valueOf, type Texts } from '../form/values';
import { Empty, Failed } from '../parts';
import { asProblem, useAsk } from '../parts/ask';
import { useDraft } from '../parts/draft';
import { instant, label, t, told } from '../text';
import type { Look } from './model';

interface Answer { subject: string; looks: Look[]; cursor: string | null }

export function SubjectLog() {
  const infos = useAsk('collections', () => collections());
  const { draft, set } = useDraft<{ collection: string; texts: Texts }>('subject', () => ({ collection: '', texts: {} }));
  const collection = draft.collection || (infos.value?.find((one) => one.id === 'person') ?? infos.value?.[0])?.id || '';
  const schema = useAsk(collection || null, () => schemaOf(collection)).value;
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [error, setError] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  const keys = schema?.fields.filter((field) => schema.key.includes(field.name)) ?? [];
  const run = async (cursor: string | null) => {
    setBusy(true);
    setError(null);
    try {
      const values = keys.map((field) => [field.name, valueOf(field, draft.texts[field.name] ?? '')] as const);
      const key = values.length === 1 ? values[0]![1] : Object.fromEntries(values);
      const next = await post<Answer>('/subjects/log', { collection, key, limit: 100, ...(cursor ? { cursor } : {}) });
      setAnswer(cursor && answer ? { ...next, looks: [...answer.looks, ...next.looks] } : next);
    } catch (problem) {
      if (!cursor) setAnswer(null);
      setError(asProblem(problem));
    }
    setBusy(false);
  };
  return (
    <section class="stack" aria-labelledby="subject">
      <h1 id="subject" class="view-head">{t('trust.subject')}</h1>
      <p class="dim">{t('trust.subject-about')}</p>
      <form class="panel stack" onSubmit={(event) => { event.preventDefault(); void run(null); }}>
        <div class="form-grid">
          <div class="form-field"><label for="subject-collection">{t('collection')}</label>
            <select id="subject-collection" value={collection} onChange={(event) => { set({ collection: event.currentTarget.value, texts: {} }); setAnswer(null); }}>
              {infos.value?.map((one) => <option key={one.id} value={one.id}>{nameOf(one)}</option>)}
            </select>
          </div>
          {keys.map((field) => <FieldInput key={field.name} scope="subject" field={field} required value={draft.texts[field.name] ?? ''} set={(text) => { set({ texts: { ...draft.texts, [field.name]: text } }); setAnswer(null); }} />)}
        </div>
        <div class="row end"><button type="submit" class="primary" disabled={busy || !keys.length || keys.some((field) => !draft.texts[field.name]?.trim())}>{t('subject.ask')}</button></div>
      </form>
      <div aria-live="polite" class="stack">
        {error && <Failed error={error} />}
        {answer && !answer.looks.length && <Empty>{t('subject.none')}</Empty>}
        {answer && answer.looks.length > 0 && (
          <div class="table-scroll" tabIndex={0} role="region" aria-labelledby="subject">
            <table class="records">
              <thead><tr><th scope="col">{t('receipt.instant')}</th><th scope="col">{t('department')}</th><th scope="col">{t('sign.purpose')}</th><th scope="col">{t('subject.way')}</th></tr></thead>
              <tbody>{answer.looks.map((one, place) => <tr key={place}><th scope="row" class="period">{instant(one.instant)}</th><td>{label(one.departmentLabel, one.department ?? '–')}</td><td>{one.purpose ?? '–'}</td><td>{told(`way.${one.way}`, one.way)}</td></tr>)}</tbody>
            </table>
          </div>
        )}
        {answer?.cursor && <p><button type="button" disabled={busy} onClick={() => void run(answer.cursor)}>{t('page.after')}</button></p>}
      </div>
    </section>
  );
}
