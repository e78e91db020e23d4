/** The department says nothing of the record any more, from a day on. */
import { useDraft } from '../../parts/draft';
import { pointed } from '../../parts/failed';
import { t } from '../../text';
import { Day } from './change';
import { Writing, type About } from './index';

export function End(about: About) {
  const { draft, set, clear } = useDraft(`end ${about.collection} ${about.id}`, () => ({ from: '' }));
  const call = () => ({ method: 'POST' as const, path: `${about.base}/end`, body: draft.from ? { from: draft.from } : {}, tag: about.tag });
  return (
    <Writing about={about} scope="end" call={call} yes={t('act.end')} pointers={new Set(['/from'])} cleared={clear}>
      {(error) => <Day id="end-from" text={t('form.end-from')} value={draft.from} set={(from) => set({ from })} wrong={pointed(error).get('/from')} />}
    </Writing>
  );
}
