/** Which department speaks: one of those that may say something of a collection. */
import { schema as schemaOf } from '../api/catalog';
import { get } from '../api/client';
import { departmentName, learn } from '../api/departments';
import type { Answering } from '../api/model';
import { useAsk } from '../parts/ask';
import { department, setDepartment } from '../settings';
import { t } from '../text';

/** The responsible ones first. Who may not read the catalogue of responsibilities is told by the schema. */
async function speakers(collection: string, signal: AbortSignal): Promise<string[]> {
  const own = (await schemaOf(collection)).fields.map((field) => field.department);
  try {
    const { responsibility } = await get<{ responsibility: Answering[] }>('/responsibility', {}, signal);
    learn(responsibility);
    const mine = responsibility.filter((one) => one.collection === collection);
    const duties = mine.flatMap((one) => [one, ...one.fields]);
    return [...new Set([...duties.map((one) => one.department), ...duties.flatMap((one) => one.others)])];
  } catch (error) {
    if (signal.aborted) throw error;
    return [...new Set(own)].filter(Boolean);
  }
}

/** The department that speaks where nobody has chosen: the one chosen last, else the responsible one. */
export function useSpeaker(collection: string): { all: string[]; speaker: string } {
  const all = useAsk(`speakers ${collection}`, (signal) => speakers(collection, signal)).value ?? [];
  return { all, speaker: all.includes(department.value) ? department.value : (all[0] ?? department.value) };
}

export function Speaker({ collection, id }: { collection: string; id: string }) {
  const { all, speaker } = useSpeaker(collection);
  return (
    <div class="form-field">
      <label for={id}>{t('form.department')}</label>
      <select id={id} value={speaker} onChange={(event) => setDepartment(event.currentTarget.value)}>
        {all.map((one) => <option key={one} value={one}>{departmentName(one)}</option>)}
      </select>
    </div>
  );
}
