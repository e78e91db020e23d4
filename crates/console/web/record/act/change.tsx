/** Some fields get other values, from a day on; with a last day it is a correction of the past. */
import { useState } from 'preact/hooks';
import { FieldInput } from '../../form/input';
import { isSaid, pointer, said, textOf, type Texts } from '../../form/values';
import { useDraft } from '../../parts/draft';
import { pointed } from '../../parts/failed';
import { t } from '../../text';
import { Writing, type About } from './index';

interface Typed { texts: Texts; from: string; to: string; open: boolean }

export function Change(about: About) {
  const { schema, feature, base, tag } = about;
  const fields = schema.fields.filter((field) => isSaid(field) && field.role !== 'key');
  const before: Texts = Object.fromEntries(fields.map((field) => [field.name, textOf(field, feature)]));
  const { draft, set, clear } = useDraft<Typed>(`change ${about.collection} ${about.id}`, () => ({ texts: {}, from: '', to: '', open: false }));
  const [wrong, setWrong] = useState<string[]>([]);
  const [all, setAll] = useState(false);
  const texts = { ...before, ...draft.texts };
  const changed = fields.filter((field) => (texts[field.name] ?? '').trim() !== (before[field.name] ?? '').trim());
  const filled = fields.filter((field) => before[field.name] || draft.texts[field.name] !== undefined);
  const shown = all || filled.length < 3 ? fields : filled;
  const call = () => {
    const { properties, geometry, wrong: unread } = said(fields, texts, before);
    setWrong(unread);
    if (unread.length) return null;
    const body = {
      properties,
      ...(geometry === undefined ? {} : { geometry }),
      ...(draft.from ? { validFrom: draft.from } : {}),
      ...(draft.open ? { validTo: '..' } : draft.to ? { validTo: draft.to } : {}),
    };
    return { method: 'PATCH' as const, path: base, body, tag };
  };
  return (
    <Writing about={about} scope="change" call={call} disabled={!changed.length} yes={t('act.change-yes', { n: changed.length })} pointers={new Set(shown.map(pointer))} cleared={clear}>
      {(error) => {
        const problems = pointed(error);
        return (
          <>
            <div class="form-grid">
              {shown.map((field) => (
                <FieldInput
                  key={field.name}
                  scope="change"
                  field={field}
                  value={texts[field.name] ?? ''}
                  set={(text) => set({ texts: { ...draft.texts, [field.name]: text } })}
                  wrong={wrong.includes(field.name) ? t('form.no-geometry') : problems.get(pointer(field))}
                />
              ))}
            </div>
            {shown.length < fields.length && <button type="button" class="link" onClick={() => setAll(true)}>{t('record.show-empty', { n: fields.length - shown.length })}</button>}
            <div class="row form-days">
              <Day id="change-from" text={t('form.from')} value={draft.from} set={(from) => set({ from })} wrong={problems.get('/validFrom')} />
              <Day id="change-to" text={t('form.to')} value={draft.to} set={(to) => set({ to, open: false })} wrong={problems.get('/validTo')} disabled={draft.open} />
              <label class="check"><input type="checkbox" checked={draft.open} onChange={() => set({ open: !draft.open, to: '' })} /> {t('form.open-end')}</label>
            </div>
            <p class="dim">{t(draft.to ? 'form.is-correction' : draft.open ? 'form.is-whole' : 'form.is-change')}</p>
          </>
        );
      }}
    </Writing>
  );
}

export function Day({ id, text, value, set, wrong, disabled }: { id: string; text: string; value: string; set: (day: string) => void; wrong?: string; disabled?: boolean }) {
  return (
    <div class={`form-field ${wrong ? 'wrong' : ''}`}>
      <label for={id}>{text}</label>
      <input id={id} type="date" value={value} disabled={disabled} aria-invalid={!!wrong || undefined} aria-describedby={wrong ? `${id}-wrong` : undefined} onInput={(event) => set(event.currentTarget.value)} />
      {wrong && <p id={`${id}-wrong`} class="wrong-text">{wrong}</p>}
    </div>
  );
}
