/** A new record, by a form that its collection's JSON Schema gives. */
import { useState } from 'preact/hooks';
import { collections, nameOf, schema as schemaOf, type Schema } from '../api/catalog';
import type { ProblemError } from '../api/client';
import type { CollectionInfo } from '../api/model';
import { write } from '../api/write';
import { FieldInput } from '../form/input';
import { Speaker, useSpeaker } from '../form/speaker';
import { isSaid, pointer, said, type Texts } from '../form/values';
import { Failed, Waiting } from '../parts';
import { asProblem, useAsk } from '../parts/ask';
import { useDraft } from '../parts/draft';
import { pointed } from '../parts/failed';
import { go, href, route } from '../router';
import { t } from '../text';
import { Day } from './act/change';

export function NewRecord() {
  const collection = route.value.path[1] ?? '';
  const asked = useAsk(collection, async () => ({ schema: await schemaOf(collection), infos: await collections() }));
  if (asked.error) return <div class="view"><Failed error={asked.error} again={asked.again} /></div>;
  if (!asked.value || asked.value.schema.collection !== collection) return <div class="view"><Waiting /></div>;
  return <Form key={collection} schema={asked.value.schema} info={asked.value.infos.find((one) => one.id === collection)} />;
}

interface Typed { texts: Texts; from: string; to: string }

function Form({ schema, info }: { schema: Schema; info: CollectionInfo | undefined }) {
  const { collection } = schema;
  const { draft, set, clear } = useDraft<Typed>(`new ${collection}`, () => ({ texts: {}, from: '', to: '' }));
  const { speaker } = useSpeaker(collection);
  const [error, setError] = useState<ProblemError | null>(null);
  const [wrong, setWrong] = useState<string[]>([]);
  const [busy, setBusy] = useState(false);
  const fields = schema.fields.filter(isSaid);
  const isNeeded = (name: string) => schema.key.includes(name) || !!schema.byName.get(name)?.required;
  const sorted = [...fields.filter((field) => isNeeded(field.name)), ...fields.filter((field) => !isNeeded(field.name))];
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const { properties, geometry, wrong: unread } = said(fields, draft.texts, {});
    setWrong(unread);
    setError(null);
    if (unread.length) return;
    const body = { properties, ...(geometry ? { geometry } : {}), ...(draft.from ? { validFrom: draft.from } : {}), ...(draft.to ? { validTo: draft.to } : {}) };
    setBusy(true);
    try {
      const { feature } = await write({ method: 'POST', path: `/collections/${encodeURIComponent(collection)}/items`, body, department: speaker });
      clear();
      go(feature ? href(['record', collection, feature.id]) : href(['search', collection]));
    } catch (problem) {
      setError(asProblem(problem));
      setBusy(false);
    }
  };
  const problems = pointed(error);
  const name = info ? nameOf(info) : collection;
  return (
    <div class="view">
      <nav class="crumbs" aria-label={t('record.crumbs')}><a href={href(['search'])}>{t('nav.search')}</a> / <a href={href(['search', collection])}>{name}</a> /</nav>
      <h1 class="view-head">{t('new.head', { name })}</h1>
      <form class="panel stack act" onSubmit={(event) => void submit(event)} noValidate>
        <div class="form-grid">
          {sorted.map((field) => (
            <FieldInput key={field.name} scope="new" field={field} value={draft.texts[field.name] ?? ''} required={isNeeded(field.name)}
              set={(text) => set({ texts: { ...draft.texts, [field.name]: text } })}
              wrong={wrong.includes(field.name) ? t('form.no-geometry') : problems.get(pointer(field))} />
          ))}
        </div>
        <div class="row form-days">
          <Day id="new-from" text={t('form.from')} value={draft.from} set={(from) => set({ from })} wrong={problems.get('/validFrom')} />
          <Day id="new-to" text={t('form.to')} value={draft.to} set={(to) => set({ to })} wrong={problems.get('/validTo')} />
        </div>
        {error && <Failed error={error} without={new Set(fields.map(pointer))} />}
        <div class="row form-foot">
          <Speaker collection={collection} id="new-speaker" />
          <span class="grow" />
          <button type="button" onClick={() => { clear(); setError(null); }}>{t('new.clear')}</button>
          <button type="submit" class="primary" disabled={busy}>{t('new.yes')}</button>
        </div>
      </form>
    </div>
  );
}
