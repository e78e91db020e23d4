/** A field of a form, as its type wants it: a choice, a day, a number, a record to look for, a place, a text. */
import { about, codeText, schema as schemaOf, title, titleField, type Field } from '../api/catalog';
import { post } from '../api/client';
import { divisionPath } from '../api/divisions';
import type { Page } from '../api/model';
import { Combobox, type Proposal } from '../parts/combobox';
import { mayBeNumber } from '../search/suggest';
import { valueText } from '../parts/value';
import { t } from '../text';

interface Given {
  field: Field;
  value: string;
  set: (text: string) => void;
  /** What the server, or the form, has against it. */
  wrong?: string;
  required?: boolean;
  /** Of several forms on one page. */
  scope: string;
}

/** More codes than this are looked for, not scrolled through. */
const LISTED = 120;

export function FieldInput({ field, value, set, wrong, required, scope }: Given) {
  const id = `${scope}-${field.name}`;
  const hint = about(field);
  const told = [wrong ? `${id}-wrong` : '', hint ? `${id}-about` : ''].filter(Boolean).join(' ') || undefined;
  return (
    <div class={`form-field ${wrong ? 'wrong' : ''}`}>
      <label for={id}>
        {title(field)}
        {required && <span class="required"> *<span class="hidden">{t('form.required')}</span></span>}
        {field.unit && <span class="dim"> ({field.unit})</span>}
      </label>
      <Input {...{ field, value, set, wrong, required, id, told }} />
      {wrong && <p id={`${id}-wrong`} class="wrong-text">{wrong}</p>}
      {hint && <p id={`${id}-about`} class="dim hint">{hint}</p>}
    </div>
  );
}

function Input({ field, value, set, wrong, id, told }: Omit<Given, 'scope'> & { id: string; told: string | undefined }) {
  const common = { id, 'aria-invalid': !!wrong || undefined, 'aria-describedby': told };
  const typed = (event: { currentTarget: { value: string } }) => set(event.currentTarget.value);
  if (field.many) return <textarea {...common} rows={2} value={value} placeholder={t('form.one-a-line')} onInput={typed} />;
  if (field.type === 'boolean') {
    return (
      <select {...common} value={value} onChange={typed}>
        <option value="">{t('form.unsaid')}</option><option value="true">{t('form.yes')}</option><option value="false">{t('form.no')}</option>
      </select>
    );
  }
  if (field.codes && field.codes.size <= LISTED) {
    return (
      <select {...common} value={value} onChange={typed}>
        <option value="">{t('form.unsaid')}</option>
        {value && !field.codes.has(value) && <option value={value}>{value}</option>}
        {[...field.codes.keys()].map((code) => <option key={code} value={code}>{codeText(field, code)} ({code})</option>)}
      </select>
    );
  }
  const lookedFor = field.codes || field.type === 'division' || (field.type === 'reference' && field.target);
  if (lookedFor) {
    const ask = async (text: string, signal: AbortSignal) => (field.codes ? codes(field, text) : records(field.type === 'division' ? 'division' : field.target!, field.type === 'division' ? 'code' : null, text, signal));
    const shown = field.codes ? codeText(field, value) : field.type === 'division' && /^\d{12}$/.test(value) ? divisionPath(value) : '';
    return (
      <>
        <Combobox id={id} value={value} invalid={!!wrong} describedBy={told} input={set} ask={ask} take={() => undefined} placeholder={t(field.type === 'reference' ? 'form.reference' : 'form.look-for')} />
        {shown && shown !== value && <span class="dim hint">{shown}</span>}
      </>
    );
  }
  if (field.type === 'date' || field.type === 'period') return <input {...common} value={value} inputMode="numeric" maxLength={10} placeholder={field.type === 'date' ? 'YYYY-MM-DD' : 'YYYY-MM'} autocomplete="off" onInput={typed} />;
  if (field.type === 'point') return <input {...common} value={value} placeholder={t('form.point')} autocomplete="off" onInput={typed} />;
  if (field.type === 'geometry') return <textarea {...common} class="mono" rows={3} value={value} placeholder='{"type":"Polygon","coordinates":[…]}' spellcheck={false} onInput={typed} />;
  const isNumber = ['integer', 'decimal'].includes(field.type);
  return <input {...common} value={value} inputMode={isNumber ? 'decimal' : undefined} autocomplete="off" spellcheck={false} onInput={typed} />;
}

/** Codes whose number or name holds what was typed. */
function codes(field: Field, text: string): Proposal[] {
  const wanted = text.trim().toLowerCase();
  const all = [...(field.codes?.keys() ?? [])].map((code) => ({ code, name: codeText(field, code) }));
  const fit = all.filter(({ code, name }) => code.toLowerCase().startsWith(wanted) || name.toLowerCase().includes(wanted));
  return fit.slice(0, 12).map(({ code, name }) => ({ key: code, text: code, shown: <><span class="grow">{name}</span><code>{code}</code></> }));
}

/** Records that are called so; what stands in the field is the id, or another field that stands for the record. */
export async function records(collection: string, by: string | null, text: string, signal: AbortSignal): Promise<Proposal[]> {
  if (mayBeNumber(text)) return [];
  const schema = await schemaOf(collection);
  const named = titleField(schema);
  if (!named) return [];
  const key = schema.fields.find((field) => field.role === 'key' && field.type === 'text');
  const select = [...new Set([named.name, ...(by ? [by] : []), ...(key ? [key.name] : [])])];
  const page = await post<Page>('/query', { from: collection, q: text.trim(), limit: 8, select }, signal);
  return page.features.map((one) => {
    const name = valueText(named, one.properties?.[named.name]) || one.id;
    const stands = by ? String(one.properties?.[by] ?? '') : one.id;
    const second = by ? stands : key && key !== named ? valueText(key, one.properties?.[key.name]) : '';
    return { key: one.id, text: stands, shown: <><span class="grow">{name}</span><span class="dim">{second || one.id}</span></> };
  });
}
