/** Values of fields as people read them. */
import { codeText, type Field } from '../api/catalog';
import { divisionPath } from '../api/divisions';
import type { Value } from '../api/model';
import { href } from '../router';
import { number } from '../text';

/** What an expanded reference names, or its id. */
function reference(value: Value): { id: string | null; text: string } {
  if (typeof value === 'string') return { id: value, text: value };
  if (value && typeof value === 'object' && !Array.isArray(value)) {
    const properties = (value.properties ?? {}) as Record<string, unknown>;
    const text = properties.name ?? properties.text ?? Object.entries(properties).find(([name]) => /(number|code)$/i.test(name))?.[1] ?? value.key ?? value.id;
    return { id: typeof value.id === 'string' ? value.id : null, text: String(text ?? '') };
  }
  return { id: null, text: '' };
}

/** A value as one line of text. */
export function valueText(field: Field | undefined, value: Value | undefined): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map((one) => valueText(field, one)).join('、');
  if (!field) return typeof value === 'object' ? JSON.stringify(value) : String(value);
  if (field.type === 'reference') return reference(value).text;
  if (typeof value === 'object') return JSON.stringify(value);
  if (field.codes) return codeText(field, String(value));
  if (field.type === 'division') return divisionPath(String(value));
  if (typeof value === 'number') return number(value);
  return String(value);
}

/** A value with a link where it leads somewhere, and its code where it stands for something. */
export function Shown({ field, value, brief = false }: { field: Field | undefined; value: Value | undefined; brief?: boolean }) {
  if (value === null || value === undefined) return <span class="dim">–</span>;
  if (Array.isArray(value)) {
    return <>{value.map((one, place) => <span key={place}>{place > 0 && '、'}<Shown field={field} value={one} brief={brief} /></span>)}</>;
  }
  if (field?.type === 'reference' && field.target) {
    const { id, text } = reference(value);
    return id ? <a href={href(['record', field.target, id])}>{text}</a> : <span>{text}</span>;
  }
  const text = valueText(field, value);
  const code = field && (field.codes || field.type === 'division') ? String(value) : null;
  if (code && code !== text) return <span title={code}>{text}{!brief && <code class="code">{code}</code>}</span>;
  const isNumber = typeof value === 'number' || field?.type === 'decimal' || field?.type === 'integer';
  return <span class={isNumber ? 'number' : undefined}>{text}</span>;
}
