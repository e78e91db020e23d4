/** Indicators and regions as lines: values, index, year on year; by vintage; as a table and a file. */
import { useState } from 'preact/hooks';
import { codeText, schema as schemaOf } from '../api/catalog';
import { post } from '../api/client';
import { divisionName } from '../api/divisions';
import type { Feature, Groups, Page } from '../api/model';
import { Empty, Failed, save, Waiting } from '../parts';
import { useAsk } from '../parts/ask';
import { change, href, route } from '../router';
import { number, t } from '../text';
import { Chart } from './chart';
import { ALL_VINTAGES, axis, csv, inForm, lines, periods, type Form, type Line, type Observation } from './compute';

const FORMS: Form[] = ['level', 'index', 'yoy'];

interface Have {
  indicators: Feature[];
  groups: Groups['groups'];
}

const times = () => {
  const { query } = route.value;
  const [validAt, knownAt] = [query.get('validAt'), query.get('knownAt')];
  return { ...(validAt && { validAt }), ...(knownAt && { knownAt }) };
};

export function Series() {
  const given = times();
  const asked = useAsk(JSON.stringify(given), async (signal): Promise<Have> => {
    const [indicators, groups] = await Promise.all([
      post<Page>('/query', { from: 'indicator', limit: 1000, ...given }, signal),
      post<Groups>('/query', { from: 'observation', group: ['indicator', 'region', 'vintage'], measures: ['count'], limit: 10_000, ...given }, signal),
    ]);
    return { indicators: indicators.features, groups: groups.groups };
  });
  return (
    <div class="view series">
      <h1 class="hidden">{t('series.head')}</h1>
      {asked.error && <Failed error={asked.error} again={asked.again} />}
      {!asked.value && asked.waiting && <Waiting />}
      {asked.value && !asked.value.groups.length && (
        <Empty><p>{t('series.none')}</p><p><a href={href(['desk'])}>{t('nav.desk')}</a></p></Empty>
      )}
      {asked.value && asked.value.groups.length > 0 && <Board have={asked.value} />}
    </div>
  );
}

/** The nation is no division of its own in every set of divisions. */
const regionName = (code: string): string => divisionName(code) ?? (code === '000000000000' ? t('series.nation') : code);

const unique = (all: (string | null | undefined)[]): string[] => [...new Set(all.filter((one): one is string => !!one))];

function Board({ have }: { have: Have }) {
  const { query } = route.value;
  const withData = unique(have.groups.map((one) => one.key.indicator));
  const asked = query.getAll('i').filter((one) => withData.includes(one));
  const indicators = asked.length ? asked : withData.slice(0, 1);
  const mine = have.groups.filter((one) => indicators.includes(one.key.indicator ?? ''));
  const regions = unique(mine.map((one) => one.key.region)).sort();
  const chosen = query.getAll('r').filter((one) => regions.includes(one));
  const shown = chosen.length ? chosen : regions.slice(0, 1);
  const vintages = unique(mine.map((one) => one.key.vintage)).sort();
  const vintage = query.get('vintage') ?? '';
  const toggle = (name: 'i' | 'r', all: string[], one: string) => {
    const next = all.includes(one) ? all.filter((other) => other !== one) : [...all, one];
    change({ [name]: next.length ? next : null }, true);
  };
  const nameOf = (id: string) => String(have.indicators.find((one) => one.id === id)?.properties?.name ?? id);
  return (
    <div class="series-body">
      <aside class="side stack">
        <fieldset>
          <legend>{t('series.indicators')}</legend>
          <ul>
            {withData.map((id) => (
              <li key={id}><label class="check"><input type="checkbox" checked={indicators.includes(id)} onChange={() => toggle('i', indicators, id)} /> {nameOf(id)}</label></li>
            ))}
          </ul>
        </fieldset>
        <Regions regions={regions} shown={shown} toggle={(one) => toggle('r', shown, one)} />
      </aside>
      <Lines indicators={indicators} regions={shown} vintages={vintages} vintage={vintage} nameOf={nameOf} have={have} />
    </div>
  );
}

function Regions({ regions, shown, toggle }: { regions: string[]; shown: string[]; toggle: (one: string) => void }) {
  const [text, setText] = useState('');
  const fit = regions.filter((one) => !text || one.startsWith(text) || regionName(one).includes(text));
  return (
    <fieldset class="regions">
      <legend>{t('series.regions')}</legend>
      {regions.length > 12 && <input type="search" value={text} placeholder={t('series.all-regions', { n: regions.length })} aria-label={t('series.find-region')} onInput={(event) => setText(event.currentTarget.value)} />}
      <ul>
        {fit.slice(0, 400).map((one) => (
          <li key={one}><label class="check"><input type="checkbox" checked={shown.includes(one)} onChange={() => toggle(one)} /> {regionName(one)}</label></li>
        ))}
      </ul>
    </fieldset>
  );
}

/** Observations as the server has them, page by page. */
async function observations(indicators: string[], regions: string[], signal: AbortSignal): Promise<Observation[]> {
  const list = (all: string[]) => all.map((one) => `'${one}'`).join(', ');
  const filter = `indicator IN (${list(indicators)}) AND region IN (${list(regions)})`;
  const out: Observation[] = [];
  let cursor: string | undefined;
  do {
    const page: Page = await post<Page>('/query', { from: 'observation', filter, limit: 10_000, ...times(), ...(cursor ? { cursor } : {}) }, signal);
    for (const { properties } of page.features) {
      const text = (name: string) => (properties?.[name] === undefined || properties[name] === null ? '' : String(properties[name]));
      out.push({
        indicator: text('indicator'), region: text('region'), period: text('period'), vintage: text('vintage'),
        sex: text('sex'), age: text('ageGroup'), unit: text('unit'), value: text('value') === '' ? null : Number(text('value')),
      });
    }
    cursor = page.cursor;
  } while (cursor);
  return out;
}

function Lines({ indicators, regions, vintages, vintage, nameOf, have }: {
  indicators: string[];
  regions: string[];
  vintages: string[];
  vintage: string;
  nameOf: (id: string) => string;
  have: Have;
}) {
  const { query } = route.value;
  const form = FORMS.find((one) => one === query.get('form')) ?? 'level';
  const schema = useAsk('observation', () => schemaOf('observation')).value;
  const asked = useAsk(JSON.stringify([indicators, regions, times()]), (signal) => observations(indicators, regions, signal));
  const all = asked.value ?? [];
  const [sexes, ages] = [[...new Set(all.map((one) => one.sex))].sort(), [...new Set(all.map((one) => one.age))].sort((a, b) => parseInt(a || '-1') - parseInt(b || '-1'))];
  // Where figures are broken down, one part at a time: the whole if it is there.
  const part = (name: string, values: string[]) => (values.includes(query.get(name) ?? '') ? (query.get(name) ?? '') : (values[0] ?? ''));
  const [sex, age] = [part('sex', sexes), part('age', ages)];
  const made = lines(all.filter((one) => one.sex === sex && one.age === age), vintage).map((line) => inForm(line, form));
  const known = periods(made);
  const sexText = (code: string) => {
    const field = schema?.byName.get('sex');
    return code ? (field ? codeText(field, code) : code) : t('all');
  };
  const several = { indicators: indicators.length > 1, regions: regions.length > 1 || indicators.length === 1, vintages: vintage === ALL_VINTAGES };
  const name = (line: Line) =>
    [
      several.indicators ? nameOf(line.indicator) : '',
      several.regions ? regionName(line.region) : '',
      several.vintages ? line.vintage || t('series.vintage-none') : '',
    ].filter(Boolean).join(' · ');
  const units = [...new Set(made.map((line) => line.unit).filter(Boolean))].join(' / ');
  const head = indicators.map(nameOf).join('、');
  const definition = have.indicators.find((one) => one.id === indicators[0])?.properties;
  return (
    <section class="stack" aria-labelledby="series-head">
      <div class="row toolbar">
        <h2 id="series-head" class="view-head">{head} <span class="count">{form === 'level' && units ? t('series.unit', { unit: units }) : ''}</span></h2>
        <div class="segments" role="group" aria-label={t('series.form')}>
          {FORMS.map((one) => <button key={one} type="button" aria-pressed={form === one} onClick={() => change({ form: one === 'level' ? null : one }, true)}>{t(`series.${one}`)}</button>)}
        </div>
        {vintages.length > 0 && (
          <label class="row">{t('series.vintage')}
            <select value={vintage} onChange={(event) => change({ vintage: event.currentTarget.value || null }, true)}>
              <option value="">{t('series.vintage-latest')}</option>
              {vintages.map((one) => <option key={one} value={one}>{one}</option>)}
              <option value={ALL_VINTAGES}>{t('all')}</option>
            </select>
          </label>
        )}
        {sexes.length > 1 && (
          <label class="row">{t('series.sex')}
            <select value={sex} onChange={(event) => change({ sex: event.currentTarget.value || null }, true)}>{sexes.map((one) => <option key={one} value={one}>{sexText(one)}</option>)}</select>
          </label>
        )}
        {ages.length > 1 && (
          <label class="row">{t('series.age')}
            <select value={age} onChange={(event) => change({ age: event.currentTarget.value || null }, true)}>{ages.map((one) => <option key={one} value={one}>{one || t('all')}</option>)}</select>
          </label>
        )}
        <button type="button" disabled={!made.length} onClick={() => save(`${head}.csv`, [csv(made, name, t('series.period'))], 'text/csv;charset=utf-8')}>{t('series.csv')}</button>
      </div>
      {asked.error && <Failed error={asked.error} again={asked.again} />}
      {!asked.value && asked.waiting && <Waiting />}
      {asked.value && !made.some((line) => line.points.size > 0) && <Empty>{t('series.empty')}</Empty>}
      {known.length > 0 && (
        <div class={asked.waiting ? 'stale stack' : 'stack'}>
          <div class="panel"><Chart all={made} periods={axis(made)} names={name} unit={form === 'index' ? '' : units} what={`${t('series.chart')}: ${head}`} /></div>
          {indicators.length === 1 && definition?.definition && <p class="dim">{String(definition.definition)} {definition.source ? `（${String(definition.source)}）` : ''}</p>}
          <div class="table-scroll figures" tabIndex={0} role="region" aria-label={t('series.table')}>
            <table class="records">
              <thead><tr><th scope="col">{t('series.period')}</th>{made.map((line) => <th key={line.key} scope="col" class="number">{name(line) || head}</th>)}</tr></thead>
              <tbody>
                {[...known].reverse().map((period) => (
                  <tr key={period}><th scope="row" class="period">{period}</th>{made.map((line) => { const value = line.points.get(period); return <td key={line.key} class="number">{value === undefined ? <span class="dim">–</span> : number(value)}</td>; })}</tr>
                ))}
              </tbody>
            </table>
          </div>
        </div>
      )}
    </section>
  );
}
