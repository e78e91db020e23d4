/** Objections: somebody says that a value is wrong; the responsible department takes it on, marks, verifies, unmarks. */
import { useState } from 'preact/hooks';
import { schema as schemaOf, title } from '../api/catalog';
import { departmentName } from '../api/departments';
import { Empty, Failed, Waiting } from '../parts';
import { useAsk } from '../parts/ask';
import { href } from '../router';
import { t, told } from '../text';
import { call, Clock, SpeakingFor, speaking, StateOf, Steps, Ways, type Way } from './acting';
import type { Objection } from './model';

export function Objections({ id }: { id: string }) {
  return id ? <One id={id} /> : <List />;
}

function FieldName({ collection, name }: { collection: string; name: string }) {
  const field = useAsk(collection, () => schemaOf(collection)).value?.byName.get(name);
  return <>{field ? title(field) : name}</>;
}

function List() {
  const asked = useAsk(`all ${speaking.value}`, () => call<{ department: string; objections: Objection[] }>('/objections'));
  return (
    <section class="stack" aria-labelledby="objections">
      <div class="row"><h1 id="objections" class="view-head grow">{t('trust.objections')}</h1><SpeakingFor /><button type="button" onClick={asked.again}>{t('refresh')}</button></div>
      <p class="dim">{t('objection.about')}</p>
      {asked.error && <Failed error={asked.error} again={asked.again} />}
      {!asked.value && asked.waiting && <Waiting />}
      {asked.value && !asked.value.objections.length && <Empty>{t('objection.none')}</Empty>}
      {asked.value && asked.value.objections.length > 0 && (
        <div class="table-scroll" tabIndex={0} role="region" aria-labelledby="objections">
          <table class="records">
            <thead><tr><th scope="col">{t('field')}</th><th scope="col">{t('effects.record')}</th><th scope="col">{t('state')}</th><th scope="col">{t('request.clock')}</th><th scope="col">{t('objection.by')}</th><th scope="col">{t('objection.responsible')}</th></tr></thead>
            <tbody>
              {asked.value.objections.map((one) => (
                <tr key={one.id}>
                  <th scope="row"><a href={href(['trust', 'objections', one.id])}><FieldName collection={one.about.collection} name={one.about.field} /></a></th>
                  <td><a class="mono" href={href(['record', one.about.collection, one.about.record])}>{one.about.record}</a></td>
                  <td><StateOf kind="objection" state={one.state} /></td>
                  <td><Clock of={one.clock} /></td>
                  <td>{departmentName(one.raisedBy.department)}</td>
                  <td>{departmentName(one.responsible)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function waysOf(one: Objection): Way[] {
  const withdraw: Way = { name: 'withdraw', text: t('objection.withdraw'), danger: true };
  switch (one.state) {
    case 'raised':
      return [withdraw, { name: 'reject', text: t('objection.reject'), needsNote: true, danger: true }, { name: 'accept', text: t('objection.accept') }];
    case 'accepted':
      return [withdraw, { name: 'mark', text: t('objection.mark') }];
    case 'marked':
      return [withdraw, { name: 'verify confirmed', text: t('objection.confirm'), body: { finding: 'confirmed' }, needsNote: true }, { name: 'verify corrected', text: t('objection.correct'), body: { finding: 'corrected' }, needsNote: true }];
    case 'verified':
      return [{ name: 'unmark', text: t('objection.unmark') }];
    default:
      return [];
  }
}

function One({ id }: { id: string }) {
  const path = `/objections/${encodeURIComponent(id)}`;
  const asked = useAsk(`${id} ${speaking.value}`, () => call<Objection>(path));
  const [now, setNow] = useState<Objection | null>(null);
  const one = now ?? asked.value;
  return (
    <div class="stack">
      <nav class="crumbs row" aria-label={t('record.crumbs')}><span class="grow"><a href={href(['trust', 'objections'])}>{t('trust.objections')}</a> /</span><SpeakingFor /></nav>
      {asked.error && <Failed error={asked.error} again={asked.again} />}
      {!one && asked.waiting && <Waiting />}
      {one && (
        <>
          <header class="row record-head"><h1><FieldName collection={one.about.collection} name={one.about.field} /></h1><StateOf kind="objection" state={one.state} /><Clock of={one.clock} /><span class="grow" /><code>{one.id}</code></header>
          <dl class="facts">
            <div><dt>{t('effects.record')}</dt><dd><a class="mono" href={href(['record', one.about.collection, one.about.record])}>{one.about.record}</a></dd></div>
            <div><dt>{t('objection.by')}</dt><dd>{departmentName(one.raisedBy.department)}{one.objector === 'subject' && ` · ${t('objection.subject')}`}</dd></div>
            <div><dt>{t('objection.responsible')}</dt><dd>{departmentName(one.responsible)}</dd></div>
            {one.finding && <div><dt>{t('objection.finding')}</dt><dd>{told(`finding.${one.finding}`, one.finding)}</dd></div>}
          </dl>
          <p class="panel">{one.reason}</p>
          <Ways<Objection> key={one.state} base={path} ways={waysOf(one)} done={setNow} />
          <section class="panel"><h2>{t('desk.steps')}</h2><Steps kind="objection" history={one.history} /></section>
        </>
      )}
    </div>
  );
}
