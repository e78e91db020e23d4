/** Some of what was said of the record is of a new one, which gets a natural key of its own. */
import { useState } from 'preact/hooks';
import { title } from '../../api/catalog';
import { FieldInput } from '../../form/input';
import { isSaid, pointer, said, type Texts } from '../../form/values';
import { useDraft } from '../../parts/draft';
import { pointed } from '../../parts/failed';
import { valueText } from '../../parts/value';
import { instant, label, t } from '../../text';
import { Writing, type About } from './index';

export function Split(about: About) {
  const { schema, statements } = about;
  const { draft, set, clear } = useDraft<{ positions: string[]; texts: Texts }>(`split ${about.collection} ${about.id}`, () => ({ positions: [], texts: {} }));
  const [wrong, setWrong] = useState<string[]>([]);
  const gone = new Set(statements.flatMap((one) => (one.retracts ? [one.retracts.join('.')] : [])));
  const stand = statements.filter((one) => one.kind === 'assert' && !gone.has(one.position.join('.')));
  const fields = schema.fields.filter((field) => isSaid(field) && field.role === 'key');
  const call = () => {
    const { properties, wrong: unread } = said(fields, draft.texts, {});
    setWrong(unread);
    if (unread.length) return null;
    const body = { statements: draft.positions.map((one) => one.split('.').map(Number)), properties };
    return { method: 'POST' as const, path: `${about.base}/split`, body, tag: about.tag };
  };
  const toggle = (position: string) => set({ positions: draft.positions.includes(position) ? draft.positions.filter((one) => one !== position) : [...draft.positions, position] });
  return (
    <Writing about={about} scope="split" call={call} disabled={!draft.positions.length} yes={t('act.split-yes', { n: draft.positions.length })} pointers={new Set(fields.map(pointer))} cleared={clear}>
      {(error) => {
        const problems = pointed(error);
        return (
          <>
            <fieldset>
              <legend>{t('act.split-which')}</legend>
              {stand.map((one) => {
                const position = one.position.join('.');
                const told = Object.entries(one.fields).slice(0, 5).map(([name, value]) => { const field = schema.byName.get(name); return `${field ? title(field) : name}: ${valueText(field, value)}`; });
                return (
                  <label key={position} class="check">
                    <input type="checkbox" checked={draft.positions.includes(position)} onChange={() => toggle(position)} />
                    <span>{label(one.departmentLabel, one.department)} <span class="dim">{instant(one.knownFrom)}</span> {told.join('，')}</span>
                  </label>
                );
              })}
            </fieldset>
            <div class="form-grid">
              {fields.map((field) => (
                <FieldInput key={field.name} scope="split" field={field} value={draft.texts[field.name] ?? ''} set={(text) => set({ texts: { ...draft.texts, [field.name]: text } })}
                  wrong={wrong.includes(field.name) ? t('form.no-geometry') : problems.get(pointer(field))} />
              ))}
            </div>
          </>
        );
      }}
    </Writing>
  );
}
