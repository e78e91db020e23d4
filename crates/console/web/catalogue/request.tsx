/** Asking for a resource: which fields in which form, what for, on what ground, for how long. */
import { useState } from 'preact/hooks';
import { ProblemError } from '../api/client';
import { Failed } from '../parts';
import { asProblem } from '../parts/ask';
import { useDraft } from '../parts/draft';
import { pointed } from '../parts/failed';
import { call, SpeakingFor } from '../trust/acting';
import type { Request } from '../trust/model';
import { go, href, route } from '../router';
import { session } from '../api/session';
import { label, t, told } from '../text';
import type { Entry } from './index';

interface Typed { fields: Record<string, string>; modes: string[]; purpose: string; legalBasis: string; reason: string; days: string }

/** The forms that need no mask to be named. */
const FORMS = ['', 'verify', 'full'];

export function RequestForm({ entry }: { entry: Entry }) {
  // A request that was returned is mended and handed in again.
  const of = route.value.query.get('of');
  const { draft, set, clear } = useDraft<Typed>(`request ${entry.collection} ${of ?? ''}`, () => ({ fields: {}, modes: entry.modes[0] ? [entry.modes[0].id] : [], purpose: session.value.purpose, legalBasis: '', reason: '', days: '90' }));
  const [error, setError] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  const problems = pointed(error);
  const fields = Object.fromEntries(Object.entries(draft.fields).filter(([, form]) => form));
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const wish = { collection: entry.collection, fields, modes: draft.modes, purpose: draft.purpose.trim(), legalBasis: draft.legalBasis.trim(), reason: draft.reason.trim(), days: Number(draft.days) };
      const made = await call<Request>(of ? `/requests/${encodeURIComponent(of)}/resubmit` : '/requests', wish);
      clear();
      go(href(['trust', 'requests', made.id]));
    } catch (problem) {
      setError(asProblem(problem));
      setBusy(false);
    }
  };
  const all = (form: string) => set({ fields: Object.fromEntries(entry.items.map((item) => [item.name, form])) });
  const text = (name: 'purpose' | 'legalBasis' | 'days', shown: string) => (
    <div class={`form-field ${problems.has(`/${name}`) ? 'wrong' : ''}`}>
      <label for={`wish-${name}`}>{shown}</label>
      <input id={`wish-${name}`} value={draft[name]} inputMode={name === 'days' ? 'numeric' : undefined} aria-invalid={problems.has(`/${name}`) || undefined} onInput={(event) => set({ [name]: event.currentTarget.value })} />
      {problems.has(`/${name}`) && <p class="wrong-text">{problems.get(`/${name}`)}</p>}
    </div>
  );
  return (
    <div class="view stack">
      <nav class="crumbs" aria-label={t('record.crumbs')}><a href={href(['catalogue'])}>{t('nav.catalogue')}</a> / <a href={href(['catalogue', entry.collection])}>{label(entry.name)}</a> /</nav>
      <h1 class="view-head">{t('request.ask-for', { name: label(entry.name) })}</h1>
      <form class="panel stack act" onSubmit={(event) => void submit(event)} noValidate>
        <div class="row"><SpeakingFor /></div>
        <div class="form-grid">{text('purpose', t('sign.purpose'))}{text('legalBasis', t('request.basis'))}{text('days', t('request.days'))}</div>
        <div class={`form-field ${problems.has('/reason') ? 'wrong' : ''}`}>
          <label for="wish-reason">{t('request.reason')}</label>
          <textarea id="wish-reason" rows={3} value={draft.reason} onInput={(event) => set({ reason: event.currentTarget.value })} />
          {problems.has('/reason') && <p class="wrong-text">{problems.get('/reason')}</p>}
        </div>
        <fieldset><legend>{t('request.modes')}</legend>
          {entry.modes.map((mode) => <label key={mode.id} class="check"><input type="checkbox" checked={draft.modes.includes(mode.id)} onChange={() => set({ modes: draft.modes.includes(mode.id) ? draft.modes.filter((one) => one !== mode.id) : [...draft.modes, mode.id] })} /> {label(mode)}</label>)}
        </fieldset>
        <fieldset><legend>{t('request.fields')}</legend>
          <p class="row"><button type="button" class="small" onClick={() => all('verify')}>{t('request.all-verify')}</button><button type="button" class="small" onClick={() => all('')}>{t('request.no-fields')}</button></p>
          <div class="form-grid">
            {entry.items.map((item) => (
              <div key={item.name} class={`form-field ${problems.has(`/fields/${item.name}`) ? 'wrong' : ''}`}>
                <label for={`wish-field-${item.name}`}>{label(item.label)} {item.terms && <span class="badge warn">{label(item.terms.sharing)}</span>}</label>
                <select id={`wish-field-${item.name}`} value={draft.fields[item.name] ?? ''} onChange={(event) => set({ fields: { ...draft.fields, [item.name]: event.currentTarget.value } })}>
                  {FORMS.map((form) => <option key={form} value={form}>{form ? told(`form-of.${form}`, form) : t('request.not-asked')}</option>)}
                </select>
                {problems.has(`/fields/${item.name}`) && <p class="wrong-text">{problems.get(`/fields/${item.name}`)}</p>}
              </div>
            ))}
          </div>
        </fieldset>
        {error && <Failed error={error} without={new Set(['/purpose', '/legalBasis', '/days', '/reason', ...entry.items.map((item) => `/fields/${item.name}`)])} />}
        <div class="row end"><button type="submit" class="primary" disabled={busy || !Object.keys(fields).length}>{t(of ? 'request.resubmit' : 'request.send')}</button></div>
      </form>
    </div>
  );
}
