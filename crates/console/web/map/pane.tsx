/** The map beside a table: what was found, drawn where it is. */
import type { Map as LibreMap } from 'maplibre-gl';
import { useEffect, useRef, useState } from 'preact/hooks';
import { collections, type Schema } from '../api/catalog';
import { get } from '../api/client';
import type { Feature } from '../api/model';
import { Empty, Failed } from '../parts';
import { asProblem } from '../parts/ask';
import { href } from '../router';
import type { Question } from '../search/question';
import { theme } from '../settings';
import { lang, number, t } from '../text';
import { addBoundaries, canDraw, COLOURS, createMap, extent, none, put, ready, shapes, view, type Box } from './create';
import { ring } from './geometry';
import { addLayer, countInView, identify, show, tileProblem, tilesOf } from './layers';

export interface PaneProps {
  question: Question;
  schema: Schema;
  chosen: string | null;
  choose: (id: string | null) => void;
  narrow?: (box: Box) => void;
}

export function Pane(props: PaneProps) {
  // Another language or other colours: another map.
  return <Drawn key={`${theme.value} ${lang.value} ${props.question.validAt} ${props.question.knownAt}`} {...props} />;
}

function Drawn({ question, schema, chosen, narrow }: PaneProps) {
  const place = useRef<HTMLDivElement>(null);
  const map = useRef<LibreMap | null>(null);
  const [able] = useState(canDraw);
  const [matched, setMatched] = useState<number | null>(null);
  const [clicked, setClicked] = useState<{ id: string; title: string } | null>(null);
  const [error, setError] = useState<ReturnType<typeof asProblem> | null>(null);
  const [started, setStarted] = useState(false);
  const key = JSON.stringify({ ...question, sort: '' });
  const colours = COLOURS[theme.value];
  const tiles = tilesOf(question, schema);

  useEffect(() => {
    if (!place.current || !able || !tiles) return;
    let here = true;
    const container = place.current;
    const begin = async () => {
      const all = await collections();
      const info = all.find((one) => one.id === question.collection);
      if (!here) return;
      const made = createMap(container, colours, question.box ?? extent(info ? [info] : []) ?? extent(all));
      map.current = made;
      await addBoundaries(made, colours, question.validAt, question.knownAt);
      if (!here) return;
      put(made, 'drawn', none);
      made.addLayer({ id: 'drawn', type: 'line', source: 'drawn', paint: { 'line-color': colours.drawn, 'line-width': 2 } });
      addLayer(made, 'found', question.collection, tiles, colours, colours.mark);
      made.on('error', ({ error: failed }) => void tileProblem(failed).then((problem) => problem && here && setError(problem)));
      put(made, 'chosen', none);
      made.addLayer({ id: 'chosen', type: 'circle', source: 'chosen', filter: ['==', ['geometry-type'], 'Point'], paint: { 'circle-color': colours.chosen, 'circle-radius': 7, 'circle-stroke-color': colours.halo, 'circle-stroke-width': 2 } });
      made.addLayer({ id: 'chosen-line', type: 'line', source: 'chosen', filter: ['!=', ['geometry-type'], 'Point'], paint: { 'line-color': colours.chosen, 'line-width': 3 } });
      made.on('click', (event) => {
        const { records: [hit], isCluster } = identify(made, ['found'], event.point);
        if (isCluster) made.easeTo({ center: event.lngLat, zoom: made.getZoom() + 2 });
        setClicked(hit ? { id: hit.id, title: hit.title } : null);
      });
      setStarted(true);
    };
    begin().catch((problem: unknown) => here && setError(asProblem(problem)));
    return () => {
      here = false;
      map.current?.remove();
      map.current = null;
    };
  }, [able, tiles === null]);

  useEffect(() => {
    const made = map.current;
    if (!made || !started) return;
    let stop = new AbortController();
    const count = async () => {
      stop.abort();
      stop = new AbortController();
      const mine = stop;
      try {
        const found = await countInView(question, schema, view(made), mine.signal);
        if (!mine.signal.aborted) setMatched(found);
      } catch (problem) {
        // Not everybody who sees records may count them.
        if (!mine.signal.aborted && asProblem(problem).problem.status !== 403) setError(asProblem(problem));
      }
    };
    if (tiles) show(made, 'found', tiles);
    setError(null);
    const drawn = question.polygon ? [...question.polygon, question.polygon[0]!] : question.circle ? ring(question.circle.centre, question.circle.metres) : null;
    put(made, 'drawn', drawn ? { ...none, features: [{ type: 'Feature', geometry: { type: 'LineString', coordinates: drawn }, properties: {} }] } : none);
    void count();
    const moved = () => void count();
    made.on('moveend', moved);
    return () => {
      stop.abort();
      made.off('moveend', moved);
    };
  }, [started, key]);

  useEffect(() => {
    const made = map.current;
    if (!made || !started) return;
    const id = chosen ?? clicked?.id ?? null;
    if (!id) {
      put(made, 'chosen', none);
      return;
    }
    const stop = new AbortController();
    const wait = setTimeout(() => {
      const path = `/collections/${question.collection}/items/${encodeURIComponent(id)}`;
      get<Feature>(path, { validAt: question.validAt, knownAt: question.knownAt }, stop.signal).then(
        (one) => !stop.signal.aborted && put(made, 'chosen', shapes([one])),
        // The table has what there is to say of a record that is gone.
        () => undefined,
      );
    }, 60);
    return () => {
      stop.abort();
      clearTimeout(wait);
    };
  }, [started, chosen, clicked?.id]);

  if (!able) return <div class="pane"><Empty>{t('map.unable')}</Empty></div>;
  if (!tiles) return <div class="pane"><Empty>{t('map.telling')}</Empty></div>;
  return (
    <section class="pane" aria-label={t('search.map')}>
      <div class="pane-map" ref={place} />
      <div class="pane-bar">
        <span role="status">{matched !== null && t('map.in-view', { n: number(matched) })}</span>
        {narrow && started && <button type="button" class="small" onClick={() => map.current && narrow(view(map.current))}>{t('map.narrow')}</button>}
      </div>
      {clicked && (
        <div class="pane-card">
          <a href={href(['record', question.collection, clicked.id])}>{clicked.title}</a>
          <button type="button" class="small" aria-label={t('close')} onClick={() => setClicked(null)}>×</button>
        </div>
      )}
      {error && <Failed error={error} />}
    </section>
  );
}

/** One record on a map: nothing to ask, only to see. */
export function Spot({ feature, validAt, knownAt }: { feature: Feature; validAt: string; knownAt: string }) {
  const place = useRef<HTMLDivElement>(null);
  const [able] = useState(canDraw);
  const colours = COLOURS[theme.value];
  const key = JSON.stringify([feature.id, feature.geometry, theme.value, lang.value]);
  useEffect(() => {
    if (!place.current || !able || !feature.geometry) return;
    const points = shapes([feature]);
    const flat = JSON.stringify(feature.geometry.coordinates).match(/-?\d+\.?\d*/g)?.map(Number) ?? [];
    const lons = flat.filter((_, index) => index % 2 === 0);
    const lats = flat.filter((_, index) => index % 2 === 1);
    const pad = feature.geometry.type === 'Point' ? 0.02 : 0.002;
    const least = (all: number[]) => all.reduce((a, b) => Math.min(a, b), Infinity);
    const most = (all: number[]) => all.reduce((a, b) => Math.max(a, b), -Infinity);
    const made = createMap(place.current, colours, [least(lons) - pad, least(lats) - pad, most(lons) + pad, most(lats) + pad]);
    let here = true;
    const draw = async () => {
      await addBoundaries(made, colours, validAt, knownAt).catch(() => ready(made));
      if (!here) return;
      put(made, 'spot', points);
      made.addLayer({ id: 'spot-area', type: 'fill', source: 'spot', filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': colours.chosen, 'fill-opacity': 0.15 } });
      made.addLayer({ id: 'spot-line', type: 'line', source: 'spot', filter: ['!=', ['geometry-type'], 'Point'], paint: { 'line-color': colours.chosen, 'line-width': 2.5 } });
      made.addLayer({ id: 'spot', type: 'circle', source: 'spot', filter: ['==', ['geometry-type'], 'Point'], paint: { 'circle-color': colours.chosen, 'circle-radius': 7, 'circle-stroke-color': colours.halo, 'circle-stroke-width': 2 } });
    };
    void draw();
    return () => {
      here = false;
      made.remove();
    };
  }, [able, key]);
  if (!able) return <Empty>{t('map.unable')}</Empty>;
  return <div class="spot" ref={place} />;
}
