/**
 * A record in both times: across, the days on which something holds; down, when it became known. Sliders stop
 * where something changes; any two versions can be laid beside each other.
 */
import { useState } from 'preact/hooks';
import { title, type Schema } from '../api/catalog';
import type { Feature } from '../api/model';
import { Shown } from '../parts/value';
import { instant, t } from '../text';
import { differences, holds, order, placeOf, stops, versionAt } from './history';

interface Props {
  schema: Schema;
  versions: Feature[];
  validAt: string;
  knownAt: string;
  change: (given: { validAt?: string | null; knownAt?: string | null }) => void;
}

/** The day before: of a stretch that has no beginning. */
export function dayBefore(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - 1);
  return date.toISOString().slice(0, 10);
}

export function Timeline({ schema, versions, validAt, knownAt, change }: Props) {
  const { days, instants } = stops(versions);
  const today = new Date().toISOString().slice(0, 10);
  const x = placeOf(days, validAt || today);
  const known = knownAt ? instants.reduce((place, one, at) => (order(one) <= order(knownAt) ? at : place), 0) : instants.length - 1;
  const dayText = (place: number) => days[place] ?? t('time.always');
  const stretch = (place: number) => {
    const next = days[place + 1];
    return `${days[place] ?? '…'} – ${next ? dayBefore(next) : '…'}`;
  };
  const setDay = (place: number) => {
    const day = days[place];
    const next = days[place + 1];
    // The last stretch that has begun is where today is: no day needs to be said.
    const isNow = place === placeOf(days, today);
    change({ validAt: isNow ? null : (day ?? (next ? dayBefore(next) : null)) });
  };
  const setKnown = (place: number) => change({ knownAt: place === instants.length - 1 ? null : (instants[place] ?? null) });
  const still = days.length < 2 && instants.length < 2;
  return (
    <section class="panel timeline" aria-labelledby="timeline">
      <h2 id="timeline">{t('time.head')} <span class="dim count">{t('time.versions', { n: versions.length })}</span></h2>
      {still ? (
        <p class="dim">{t('time.still', { at: instant(instants[0]) })}</p>
      ) : (
        <>
          <Grid versions={versions} days={days} instants={instants} x={x} y={known} choose={(day, at) => { setDay(day); setKnown(at); }} />
          <div class="sliders">
            <label>
              <span>{t('valid-at')}</span>
              <input type="range" min={0} max={days.length - 1} step={1} value={x} disabled={days.length < 2} aria-valuetext={stretch(x)} onInput={(event) => setDay(Number(event.currentTarget.value))} />
              <output>{days.length < 2 ? dayText(x) : stretch(x)}</output>
            </label>
            <label>
              <span>{t('known-at')}</span>
              <input type="range" min={0} max={instants.length - 1} step={1} value={known} disabled={instants.length < 2} aria-valuetext={instant(instants[known])} onInput={(event) => setKnown(Number(event.currentTarget.value))} />
              <output>{instant(instants[known])}</output>
            </label>
            {(validAt || knownAt) && <button type="button" class="small" onClick={() => change({ validAt: null, knownAt: null })}>{t('now')}</button>}
          </div>
          <Difference schema={schema} versions={versions} shown={versionAt(versions, days[x] ?? null, instants[known] ?? '')} />
        </>
      )}
    </section>
  );
}

function Grid({ versions, days, instants, x, y, choose }: {
  versions: Feature[];
  days: (string | null)[];
  instants: string[];
  x: number;
  y: number;
  choose: (day: number, known: number) => void;
}) {
  const [width, height] = [100 / days.length, 26];
  // The same contents have the same colour, whenever they held.
  const contents = versions.map((one) => JSON.stringify([one.geometry, one.properties, one.disputes, one.conflicts]));
  const tone = (place: number) => [...new Set(contents)].indexOf(contents[place] ?? '') % 6;
  const first = instants.length > 8 ? instants.length - 8 : 0;
  const rows = instants.slice(first);
  return (
    <div class="time-grid" aria-hidden="true">
      <div class="time-labels">{rows.map((one) => <span key={one}>{instant(one).slice(0, 16)}</span>)}</div>
      <svg viewBox={`0 0 100 ${rows.length * height}`} preserveAspectRatio="none" height={rows.length * height}>
        {rows.map((at, row) =>
          days.map((day, column) => {
            const place = versions.findIndex((one) => holds(one, day, at));
            const current = column === x && row + first === y;
            return (
              <rect
                key={`${at} ${day}`}
                class={`cell ${place < 0 ? 'void' : `tone-${tone(place)}`} ${current ? 'current' : ''}`}
                x={column * width}
                y={row * height}
                width={width}
                height={height}
                onClick={() => choose(column, row + first)}
              />
            );
          }),
        )}
      </svg>
      <span />
      <div class="time-days">{days.map((day) => <span key={day}>{day ?? '…'}</span>)}</div>
    </div>
  );
}

function Difference({ schema, versions, shown }: { schema: Schema; versions: Feature[]; shown: Feature | undefined }) {
  const last = versions.length - 1;
  const [pair, setPair] = useState<[number, number]>([Math.max(0, last - 1), last]);
  const name = (one: Feature, place: number) =>
    `${place + 1}. ${one.validFrom ?? '…'} – ${one.validTo ?? '…'} · ${t('time.known-short')} ${instant(one.knownFrom).slice(0, 16)}${one === shown ? ` · ${t('time.shown')}` : ''}`;
  const [a, b] = [versions[pair[0]], versions[pair[1]]];
  const found = differences(schema, a, b);
  if (versions.length < 2) return null;
  const select = (which: 0 | 1) => (
    <select
      aria-label={t(which === 0 ? 'time.from' : 'time.to')}
      value={pair[which]}
      onChange={(event) => {
        const place = Number(event.currentTarget.value);
        setPair(which === 0 ? [place, pair[1]] : [pair[0], place]);
      }}
    >
      {versions.map((one, place) => <option key={place} value={place}>{name(one, place)}</option>)}
    </select>
  );
  return (
    <details class="difference" open>
      <summary>{t('time.compare')}</summary>
      <div class="table-scroll" tabIndex={0} role="region" aria-label={t('time.compare')}>
        <table class="records">
          <thead><tr><th scope="col">{t('field')}</th><th scope="col">{select(0)}</th><th scope="col">{select(1)}</th></tr></thead>
          <tbody>
            {found.map(({ field: fieldName, before, after }) => {
              const field = schema.byName.get(fieldName);
              return (
                <tr key={fieldName}>
                  <th scope="row">{field ? title(field) : fieldName}</th>
                  <td class="wrap removed"><Shown field={field} value={before} /></td>
                  <td class="wrap added"><Shown field={field} value={after} /></td>
                </tr>
              );
            })}
            {!found.length && <tr><td colSpan={3} class="dim">{t('time.same')}</td></tr>}
          </tbody>
        </table>
      </div>
    </details>
  );
}
