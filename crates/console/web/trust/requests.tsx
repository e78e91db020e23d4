/** Requests to share: what the department asked for, what others ask of it, how each stands and how long it has. */
import { useState } from 'preact/hooks';
import { collections, nameOf, schema as schemaOf, title } from '../api/catalog';
import { departmentName } from '../api/departments';
import { Empty, Failed, Waiting } from '../parts';
import { useAsk } from '../parts/ask';
import { change, href, route } from '../router';
import { t, told } from '../text';
import { call, Clock, SpeakingFor, speaking, StateOf, Steps, Ways, type Way } from './acting';
import type { Request } from './model';

const STATES = ['applied', 'returned', 'conforming', 'publishing', 'granted', 'refused', 'withdrawn', 'revoked', 'expired'];

export function Requests({ id }: { id: string }) {
  return id ? <One id={id} /> : <List />;
}

function List() {
  const state = route.value.query.get('state') ?? '';
  const asked = useAsk(`${state} ${speaking.value}`, () => call<{ department: string; requests: Request[] }>(`/requests${state ? `?state=${state}` : ''}`));
  const infos = useAsk('collections', () => collections()).value ?? [];
  const name = (collection: string) => { const info = infos.find((one) => one.id === collection); return info ? nameOf(info) : collection; };
  return (
    <section class="stack" aria-labelledby="requests">
      <div class="row">
        <h1 id="requests" class="view-head grow">{t('trust.requests')}</h1>
        <SpeakingFor />
        <label class="row">{t('state')}
          <select value={state} onChange={(event) => change({ state: event.currentTarget.value || null })}>
            <option value="">{t('all')}</option>
            {STATES.map((one) => <option key={one} value={one}>{told(`request.${one}`, one)}</option>)}
          </select>
        </label>
        <a class="button" href={href(['catalogue'])}>{t('request.new')}</a>
      </div>
      {asked.error && <Failed error={asked.error} again={asked.again} />}
      {!asked.value && asked.waiting && <Waiting />}
      {asked.value && !asked.value.requests.length && <Empty>{t('request.none')}</Empty>}
      {asked.value && asked.value.requests.length > 0 && (
        <div class="table-scroll" tabIndex={0} role="region" aria-labelledby="requests">
          <table class="records">
            <thead><tr><th scope="col">{t('collection')}</th><th scope="col">{t('request.applicant')}</th><th scope="col">{t('state')}</th><th scope="col">{t('request.clock')}</th><th scope="col">{t('sign.purpose')}</th><th scope="col">{t('request.term')}</th></tr></thead>
            <tbody>
              {asked.value.requests.map((one) => (
                <tr key={one.id}>
                  <th scope="row"><a href={href(['trust', 'requests', one.id])}>{name(one.wish.collection)}</a></th>
                  <td>{departmentName(one.applicant)}</td>
                  <td><StateOf kind="request" state={one.state} /></td>
                  <td><Clock of={one.clock} /></td>
                  <td>{one.wish.purpose}</td>
                  <td class="number">{one.term && `${one.term.from} – ${one.term.until}`}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

/** What may follow each state. Whether the caller may do it, the server says. */
function waysOf(one: Request): Way[] {
  const withdraw: Way = { name: 'withdraw', text: t('request.withdraw'), danger: true };
  switch (one.state) {
    case 'applied':
      return [withdraw, { name: 'check no', text: t('request.return'), body: { conforms: false }, needsNote: true, danger: true }, { name: 'check yes', text: t('request.conform'), body: { conforms: true } }];
    case 'returned':
      return [withdraw];
    case 'conforming':
      return [withdraw, { name: 'answer no', text: t('request.refuse'), body: { agree: false }, needsNote: true, danger: true }, { name: 'answer yes', text: t('request.agree'), body: { agree: true } }];
    case 'publishing':
      return [withdraw, { name: 'publish', text: t('request.publish') }];
    case 'granted':
      return [{ name: 'revoke', text: t('request.revoke'), needsNote: true, danger: true }];
    default:
      return [];
  }
}

function One({ id }: { id: string }) {
  const path = `/requests/${encodeURIComponent(id)}`;
  const asked = useAsk(`${id} ${speaking.value}`, () => call<Request>(path));
  const [now, setNow] = useState<Request | null>(null);
  const one = now ?? asked.value;
  const schema = useAsk(one?.wish.collection ?? null, () => schemaOf(one?.wish.collection ?? '')).value;
  const fieldName = (name: string) => { const field = schema?.byName.get(name); return field ? title(field) : name; };
  return (
    <div class="stack">
      <nav class="crumbs row" aria-label={t('record.crumbs')}><span class="grow"><a href={href(['trust', 'requests'])}>{t('trust.requests')}</a> /</span><SpeakingFor /></nav>
      {asked.error && <Failed error={asked.error} again={asked.again} />}
      {!one && asked.waiting && <Waiting />}
      {one && (
        <>
          <header class="row record-head"><h1>{t('request.head', { who: departmentName(one.applicant), what: one.wish.collection })}</h1><StateOf kind="request" state={one.state} /><Clock of={one.clock} /><span class="grow" /><code>{one.id}</code></header>
          <dl class="facts">
            <div><dt>{t('sign.purpose')}</dt><dd>{one.wish.purpose}</dd></div>
            <div><dt>{t('request.basis')}</dt><dd>{one.wish.legalBasis}</dd></div>
            <div><dt>{t('request.days')}</dt><dd>{one.wish.days}</dd></div>
            <div><dt>{t('request.modes')}</dt><dd>{one.wish.modes.map((mode) => told(`mode.${mode}`, mode)).join('、')}</dd></div>
            {one.term && <div><dt>{t('request.term')}</dt><dd>{one.term.from} – {one.term.until}</dd></div>}
          </dl>
          <p class="panel">{one.wish.reason}</p>
          <div class="table-scroll" tabIndex={0} role="region" aria-label={t('request.fields')}>
            <table class="records">
              <thead><tr><th scope="col">{t('field')}</th><th scope="col">{t('request.wished')}</th>{one.granted && <th scope="col">{t('request.granted-form')}</th>}</tr></thead>
              <tbody>{Object.entries(one.wish.fields).map(([name, form]) => <tr key={name}><th scope="row">{fieldName(name)}</th><td>{told(`form-of.${form}`, form)}</td>{one.granted && <td>{told(`form-of.${one.granted[name] ?? 'hidden'}`, one.granted[name] ?? '')}</td>}</tr>)}</tbody>
            </table>
          </div>
          {Object.keys(one.answers).length > 0 && (
            <section class="panel"><h2>{t('request.answers')}</h2>
              <ul>{Object.entries(one.answers).map(([department, answer]) => <li key={department}>{departmentName(department)}: {answer ? <><span class={`badge ${answer.agree ? 'good' : 'bad'}`}>{t(answer.agree ? 'request.agreed' : 'request.refused-by')}</span> {answer.note}</> : <span class="dim">{t('request.waits')}</span>}</li>)}</ul>
            </section>
          )}
          <Ways<Request> key={one.state} base={path} ways={waysOf(one)} done={setNow} />
          {one.state === 'returned' && <p><a class="button" href={href(['catalogue', one.wish.collection, 'request'], { of: one.id })}>{t('request.resubmit')}</a></p>}
          <section class="panel"><h2>{t('desk.steps')}</h2><Steps kind="request" history={one.history} /></section>
        </>
      )}
    </div>
  );
}
