/** A field is in doubt: raised by anybody who may, then accepted, verified or removed by whoever answers for it. */
import { useState } from 'preact/hooks';
import { title } from '../../api/catalog';
import { post, type ProblemError } from '../../api/client';
import { useSpeaker } from '../../form/speaker';
import { Failed } from '../../parts';
import { asProblem } from '../../parts/ask';
import { useDraft } from '../../parts/draft';
import { pointed } from '../../parts/failed';
import { Shown } from '../../parts/value';
import { go, href } from '../../router';
import { t, told } from '../../text';
import { Writing, type About } from './index';

/** What may follow a state; nothing stands for a field that nobody doubts. */
const NEXT: Record<string, string[]> = {
  '': ['raised'],
  raised: ['accepted', 'verified', 'removed'],
  accepted: ['verified', 'removed'],
  verified: ['raised', 'removed'],
};

export function Dispute(about: About) {
  const { schema, feature, base } = about;
  const { draft, set, clear } = useDraft(`dispute ${about.collection} ${about.id}`, () => ({ field: Object.keys(feature.disputes ?? {})[0] ?? '', state: '', note: '' }));
  const fields = schema.fields.filter((field) => !field.computed);
  const field = schema.byName.get(draft.field);
  const now = feature.disputes?.[draft.field]?.state ?? '';
  const next = NEXT[now] ?? ['raised'];
  const state = next.includes(draft.state) ? draft.state : next[0]!;
  const call = () => ({ method: 'POST' as const, path: `${base}/dispute`, body: { field: draft.field, state, ...(draft.note.trim() ? { note: draft.note.trim() } : {}) }, tag: about.tag });
  return (
    <Writing about={about} scope="dispute" call={call} disabled={!draft.field} yes={told(`dispute.${state}`, state)} pointers={new Set(['/field', '/state', '/note'])} cleared={clear}>
      {(error) => {
        const problems = pointed(error);
        return (
          <>
            <div class="form-grid">
              <div class={`form-field ${problems.has('/field') ? 'wrong' : ''}`}>
                <label for="dispute-field">{t('field')}</label>
                <select id="dispute-field" value={draft.field} onChange={(event) => set({ field: event.currentTarget.value, state: '' })}>
                  <option value="">{t('form.unsaid')}</option>
                  {fields.map((one) => <option key={one.name} value={one.name}>{title(one)}{feature.disputes?.[one.name] ? ` · ${told(`doubt.${feature.disputes[one.name]?.state}`, '')}` : ''}</option>)}
                </select>
                {field && <p class="dim">{t('dispute.now')} <Shown field={field} value={feature.properties?.[field.name]} /></p>}
                {problems.has('/field') && <p class="wrong-text">{problems.get('/field')}</p>}
              </div>
              <div class="form-field">
                <label for="dispute-state">{t('dispute.step')}</label>
                <select id="dispute-state" value={state} onChange={(event) => set({ state: event.currentTarget.value })}>
                  {next.map((one) => <option key={one} value={one}>{told(`dispute.${one}`, one)}</option>)}
                </select>
              </div>
            </div>
            <div class={`form-field ${problems.has('/note') ? 'wrong' : ''}`}>
              <label for="dispute-note">{t('dispute.note')}</label>
              <textarea id="dispute-note" rows={3} maxLength={1000} value={draft.note} onInput={(event) => set({ note: event.currentTarget.value })} />
              {problems.has('/note') && <p class="wrong-text">{problems.get('/note')}</p>}
            </div>
            {state === 'raised' && <Objecting about={about} field={draft.field} reason={draft.note.trim()} cleared={clear} />}
          </>
        );
      }}
    </Writing>
  );
}

/** The same as a paper of its own, which the responsible department must answer within so many working days. */
function Objecting({ about, field, reason, cleared }: { about: About; field: string; reason: string; cleared: () => void }) {
  const [error, setError] = useState<ProblemError | null>(null);
  const { speaker } = useSpeaker(about.collection);
  const object = async () => {
    setError(null);
    try {
      const body = { collection: about.collection, record: about.id, field, reason };
      const { id } = await post<{ id: string }>('/objections', body, undefined, speaker ? { 'jiku-department': speaker } : {});
      cleared();
      go(href(['trust', 'objections', id]));
    } catch (problem) {
      setError(asProblem(problem));
    }
  };
  return (
    <>
      <p><button type="button" disabled={!field || !reason} onClick={() => void object()}>{t('objection.raise')}</button></p>
      {error && <Failed error={error} />}
    </>
  );
}
