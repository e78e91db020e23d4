/** What there is, on which terms it is shared, who answers for it; and asking for it. */
import { useState } from 'preact/hooks';
import { get } from '../api/client';
import { Download, Empty, Failed, Waiting } from '../parts';
import { useAsk } from '../parts/ask';
import { word } from '../parts/words';
import { href, route } from '../router';
import { label, t, told, type Label } from '../text';
import { RequestForm } from './request';

export interface Terms { sharing: { id: string } & Label; ground: Label; condition?: Label }
export interface Item {
  name: string; label: Label; dataType: string; isKey: boolean; required: boolean; many: boolean; standard?: string; codelist?: string; target?: string; unit?: string;
  sensitivity: string; responsible?: { id: string } & Label; terms?: Terms;
}
export interface Entry {
  code: string; collection: string; register: string; name: Label; summary: Label; keywords: Label[]; theme: string; provider: { id: string } & Label; items: Item[]; formats: string[];
  terms: Terms; modes: ({ id: string } & Label)[]; open: string; updateCycle: string; published: string | null; sensitivity: string;
}

export function Catalogue() {
  const [, collection = '', act = ''] = route.value.path;
  const asked = useAsk('catalogue', async (signal) => (await get<{ resources: Entry[] }>('/catalog', {}, signal)).resources);
  if (asked.error) return <div class="view"><h1 class="view-head">{t('nav.catalogue')}</h1><Failed error={asked.error} again={asked.again} /></div>;
  if (!asked.value) return <div class="view"><Waiting /></div>;
  const entry = asked.value.find((one) => one.collection === collection || one.code === collection);
  if (collection && !entry) return <div class="view"><Empty><p>{t('catalogue.unknown', { name: collection })}</p><p><a href={href(['catalogue'])}>{t('nav.catalogue')}</a></p></Empty></div>;
  if (entry && act === 'request') return <RequestForm key={entry.collection} entry={entry} />;
  return entry ? <One entry={entry} /> : <List all={asked.value} />;
}

const TONES: Record<string, string> = { unconditional: 'good', conditional: 'warn', none: 'bad', 'not-shared': 'bad' };
const Sharing = ({ of }: { of: Terms }) => <span class={`badge ${TONES[of.sharing.id] ?? 'quiet'}`}>{label(of.sharing)}</span>;

function List({ all }: { all: Entry[] }) {
  const [words, setWords] = useState('');
  const [sharing, setSharing] = useState('');
  const wanted = words.trim().toLowerCase();
  const text = (one: Entry) => [one.code, one.collection, one.name.zh, one.name.en, one.summary.zh, one.summary.en, ...one.keywords.flatMap((word) => [word.zh, word.en]), ...one.items.flatMap((item) => [item.label.zh, item.label.en])].join(' ').toLowerCase();
  const shown = all.filter((one) => (!wanted || text(one).includes(wanted)) && (!sharing || one.terms.sharing.id === sharing));
  const types = [...new Map(all.map((one) => [one.terms.sharing.id, one.terms.sharing])).values()];
  return (
    <section class="view stack" aria-labelledby="catalogue">
      <div class="row">
        <h1 id="catalogue" class="view-head grow">{t('catalogue.head')}</h1>
        <label class="row">{t('catalogue.find')}<input type="search" value={words} onInput={(event) => setWords(event.currentTarget.value)} /></label>
        <label class="row">{t('catalogue.sharing')}
          <select value={sharing} onChange={(event) => setSharing(event.currentTarget.value)}><option value="">{t('all')}</option>{types.map((one) => <option key={one.id} value={one.id}>{label(one)}</option>)}</select>
        </label>
        <Download path="/catalog?f=jsonld" name="catalog.jsonld" text="DCAT (JSON-LD)" />
      </div>
      {!shown.length && <Empty>{t('catalogue.none')}</Empty>}
      {shown.length > 0 && (
        <div class="table-scroll" tabIndex={0} role="region" aria-labelledby="catalogue">
          <table class="records">
            <thead><tr><th scope="col">{t('catalogue.resource')}</th><th scope="col">{t('catalogue.code')}</th><th scope="col">{t('search.about')}</th><th scope="col">{t('catalogue.provider')}</th><th scope="col">{t('catalogue.sharing')}</th><th scope="col">{t('request.modes')}</th><th scope="col">{t('cycle')}</th></tr></thead>
            <tbody>
              {shown.map((one) => (
                <tr key={one.code}>
                  <th scope="row"><a href={href(['catalogue', one.collection])}>{label(one.name)}</a></th>
                  <td class="mono">{one.code}</td><td class="wrap">{label(one.summary)}</td><td>{label(one.provider)}</td><td><Sharing of={one.terms} /></td><td>{one.modes.map((mode) => label(mode)).join('、')}</td><td>{word('cycle', one.updateCycle)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function One({ entry }: { entry: Entry }) {
  const { terms } = entry;
  return (
    <div class="view stack">
      <nav class="crumbs" aria-label={t('record.crumbs')}><a href={href(['catalogue'])}>{t('nav.catalogue')}</a> /</nav>
      <header class="row record-head"><h1>{label(entry.name)}</h1><Sharing of={terms} /><span class="grow" /><a class="button" href={href(['search', entry.collection])}>{t('catalogue.look')}</a><a class="button" href={href(['catalogue', entry.collection, 'request'])}>{t('request.new')}</a></header>
      <p>{label(entry.summary)}</p>
      <dl class="facts">
        <div><dt>{t('catalogue.code')}</dt><dd><code>{entry.code}</code></dd></div>
        <div><dt>{t('register')}</dt><dd>{word('register', entry.register)}</dd></div>
        <div><dt>{t('catalogue.provider')}</dt><dd>{label(entry.provider)}</dd></div>
        <div><dt>{t('cycle')}</dt><dd>{word('cycle', entry.updateCycle)}</dd></div>
        <div><dt>{t('sensitivity')}</dt><dd>{word('sensitivity', entry.sensitivity)}</dd></div>
        <div><dt>{t('request.modes')}</dt><dd>{entry.modes.map((mode) => label(mode)).join('、')}</dd></div>
        <div><dt>{t('catalogue.formats')}</dt><dd>{entry.formats.join('、')}</dd></div>
        <div><dt>{t('catalogue.open')}</dt><dd>{told(`open.${entry.open}`, entry.open)}</dd></div>
        <div><dt>{t('catalogue.published')}</dt><dd>{entry.published ?? t('catalogue.announced')}</dd></div>
      </dl>
      <section class="panel"><h2>{t('catalogue.terms')}</h2><p>{label(terms.ground)}</p>{terms.condition && <p>{label(terms.condition)}</p>}<p class="dim">{entry.keywords.map((one) => label(one)).join('、')}</p></section>
      <div class="table-scroll" tabIndex={0} role="region" aria-label={t('catalogue.items')}>
        <table class="records">
          <thead><tr><th scope="col">{t('catalogue.items')}</th><th scope="col">{t('catalogue.name')}</th><th scope="col">{t('catalogue.type')}</th><th scope="col">{t('catalogue.standard')}</th><th scope="col">{t('sensitivity')}</th><th scope="col">{t('catalogue.sharing')}</th></tr></thead>
          <tbody>
            {entry.items.map((one) => (
              <tr key={one.name}>
                <th scope="row">{label(one.label)}{one.isKey && <span class="badge quiet">{t('catalogue.key')}</span>}</th>
                <td class="mono">{one.name}</td><td>{one.dataType}{one.many && '[]'}{one.unit && ` (${one.unit})`}{one.target && ` → ${one.target}`}</td><td>{[one.standard, one.codelist].filter(Boolean).join(' · ')}</td><td>{word('sensitivity', one.sensitivity)}</td>
                <td class="wrap">{one.terms && <><Sharing of={one.terms} /> <span class="dim">{label(one.terms.condition)}</span></>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
