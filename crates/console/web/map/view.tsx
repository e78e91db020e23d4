/** The map as a view of its own: layers, districts coloured by a figure, what is drawn or in sight in numbers. */
import type { Map as LibreMap } from 'maplibre-gl';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { collections, nameOf, schema as schemaOf, title, titleField, type Schema } from '../api/catalog';
import { post } from '../api/client';
import type { CollectionInfo, Feature, Groups, Page } from '../api/model';
import { Empty, Failed, save, Waiting } from '../parts';
import { asProblem, useAsk } from '../parts/ask';
import { valueText } from '../parts/value';
import { change, href, route } from '../router';
import { Facets } from '../search/facets';
import { body, fromAddress, toAddress, type Place, type Question } from '../search/question';
import { theme } from '../settings';
import { distance, lang, number, t } from '../text';
import { addBoundaries, canDraw, COLOURS, createMap, extent, none, put, shapes, view, type Box } from './create';
import { draw, type Tool } from './draw';
import { area, ring } from './geometry';
import { addLayer, identify, removeLayer, show, tileProblem, tilesOf } from './layers';
import { figures, paint, readShade, type Shaded } from './shade';

const TINTS = { light: ['#1f6099', '#b4540a', '#2c7a4b', '#8a3a8f', '#7a6210'], dark: ['#66a9dd', '#f0a04b', '#5fc48d', '#d08bd6', '#d6bd4a'] };

interface Catalog {
  infos: CollectionInfo[];
  schemas: Map<string, Schema>;
}

export function MapView() {
  const asked = useAsk('map', async (): Promise<Catalog> => {
    const infos = (await collections()).filter((one) => one.crs);
    const schemas = await Promise.all(infos.map(async (one) => [one.id, await schemaOf(one.id)] as const));
    return { infos, schemas: new Map(schemas) };
  });
  if (asked.error) return <div class="view"><Failed error={asked.error} again={asked.again} /></div>;
  if (!asked.value) return <div class="view"><Waiting /></div>;
  if (!canDraw()) return <div class="view"><Empty>{t('map.unable')}</Empty></div>;
  const { query } = route.value;
  const key = [theme.value, lang.value, query.get('validAt'), query.get('knownAt')].join(' ');
  return <Board key={key} catalog={asked.value} />;
}

interface Hit { collection: string; id: string; text: string; far?: number }

function Board({ catalog }: { catalog: Catalog }) {
  const { query } = route.value;
  const { infos, schemas } = catalog;
  const layers = query.getAll('layer').filter((one) => schemas.has(one));
  const first = layers[0] ?? 'person';
  // What narrows narrows the first layer; what is drawn is asked of all.
  const question = fromAddress(first, query);
  const shade = readShade(query.get('shade'));
  const place = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<LibreMap | null>(null);
  const [districts, setDistricts] = useState<Feature[]>([]);
  const [sight, setSight] = useState<{ box: Box; zoom: number } | null>(null);
  const [tool, setTool] = useState<Tool | null>(null);
  const [hits, setHits] = useState<{ head: string; all: Hit[] } | null>(null);
  const [error, setError] = useState<ReturnType<typeof asProblem> | null>(null);
  const colours = COLOURS[theme.value];
  const latest = useRef({ layers, schemas });
  latest.current = { layers, schemas };

  useEffect(() => {
    if (!place.current) return;
    let here = true;
    const at = (query.get('at') ?? '').split(',').map(Number);
    const made = createMap(place.current, colours, extent(infos));
    if (at.length === 3 && at.every(Number.isFinite)) made.jumpTo({ center: [at[0]!, at[1]!], zoom: at[2]! });
    const begin = async () => {
      const found = await addBoundaries(made, colours, question.validAt, question.knownAt);
      if (!here) return;
      for (const id of ['drawn', 'sketch', 'chosen']) put(made, id, none);
      made.addLayer({ id: 'drawn-area', type: 'fill', source: 'drawn', paint: { 'fill-color': colours.drawn, 'fill-opacity': 0.08 } });
      made.addLayer({ id: 'drawn-line', type: 'line', source: 'drawn', paint: { 'line-color': colours.drawn, 'line-width': 2 } });
      made.addLayer({ id: 'sketch-line', type: 'line', source: 'sketch', filter: ['==', ['geometry-type'], 'LineString'], paint: { 'line-color': colours.drawn, 'line-width': 2, 'line-dasharray': [2, 2] } });
      made.addLayer({ id: 'sketch-dot', type: 'circle', source: 'sketch', filter: ['==', ['geometry-type'], 'Point'], paint: { 'circle-color': colours.drawn, 'circle-radius': 4 } });
      made.addLayer({ id: 'chosen', type: 'circle', source: 'chosen', paint: { 'circle-color': colours.chosen, 'circle-radius': 7, 'circle-stroke-color': colours.halo, 'circle-stroke-width': 2 } });
      setDistricts(found);
      made.on('error', ({ error: failed }) => void tileProblem(failed).then((problem) => problem && here && setError(problem)));
      const look = () => setSight({ box: view(made), zoom: made.getZoom() });
      made.on('moveend', () => {
        const centre = made.getCenter();
        change({ at: [centre.lng.toFixed(4), centre.lat.toFixed(4), made.getZoom().toFixed(2)].join(',') }, true);
        look();
      });
      look();
      setMap(made);
    };
    begin().catch((problem: unknown) => here && setError(asProblem(problem)));
    return () => {
      here = false;
      made.remove();
    };
  }, []);

  useEffect(() => {
    if (!map) return;
    const places = question.polygon ? [...question.polygon, question.polygon[0]!] : question.circle ? ring(question.circle.centre, question.circle.metres) : null;
    put(map, 'drawn', places ? { ...none, features: [{ type: 'Feature', geometry: { type: 'Polygon', coordinates: [places] }, properties: {} }] } : none);
  }, [map, query.get('polygon'), query.get('circle')]);

  // At once: whoever has pressed the button clicks next.
  useLayoutEffect(() => {
    if (!map || !tool) return;
    return draw(map, tool, {
      polygon: (polygon) => { setTool(null); change(toAddress({ ...question, polygon, circle: null })); },
      circle: (centre, metres) => { setTool(null); change(toAddress({ ...question, polygon: null, circle: { centre, metres } })); },
      place: (where) => { setTool(null); void nearest(where); },
      cancel: () => setTool(null),
    });
  }, [map, tool]);

  useEffect(() => {
    if (!map || tool) return;
    const click = (event: { point: { x: number; y: number }; lngLat: { lng: number; lat: number } }) => {
      const { records, isCluster } = identify(map, latest.current.layers, event.point);
      if (isCluster) {
        map.easeTo({ center: event.lngLat, zoom: map.getZoom() + 2 });
        return;
      }
      const distinct = records.slice(0, 20).map((one): Hit => ({ collection: one.name, id: one.id, text: one.title }));
      setHits({ head: t('map.identify'), all: distinct });
      put(map, 'chosen', none);
    };
    map.on('click', click);
    return () => void map.off('click', click);
  }, [map, tool]);

  const nearest = async (where: Place) => {
    const schema = schemas.get(first);
    if (!schema || !map) return;
    const named = titleField(schema);
    try {
      const asking = body({ ...question, sort: '', polygon: null, circle: null, box: null }, schema, { near: { lon: where[0], lat: where[1], k: 10 }, ...(named ? { select: [named.name] } : {}) });
      const page = await post<Page>('/query', asking);
      put(map, 'chosen', shapes(page.features.filter((one) => one.geometry?.type === 'Point')));
      setHits({
        head: `${t('map.nearest')} · ${where.map((one) => one.toFixed(5)).join(', ')}`,
        all: page.features.map((one) => ({ collection: first, id: one.id, text: (named && valueText(named, one.properties?.[named.name])) || one.id, far: one.distance })),
      });
      setError(null);
    } catch (problem) {
      setError(asProblem(problem));
    }
  };
  const toggle = (one: string) => change({ layer: layers.includes(one) ? layers.filter((other) => other !== one) : [...layers, one] }, true);
  const drawn = question.polygon !== null || question.circle !== null;
  const label = (id: string) => { const info = infos.find((one) => one.id === id); return info ? nameOf(info) : id; };
  return (
    <div class="map-view">
      <aside class="map-side" aria-label={t('map.layers')}>
        <h1 class="hidden">{t('nav.map')}</h1>
        <section>
          <h2>{t('map.layers')}</h2>
          <ul>
            {infos.map((one) => {
              const place = layers.indexOf(one.id);
              return (
                <li key={one.id}>
                  <label class="check"><input type="checkbox" checked={place >= 0} onChange={() => toggle(one.id)} /> <Swatch colour={place >= 0 ? TINTS[theme.value][place % 5]! : 'transparent'} /> {nameOf(one)}</label>
                </li>
              );
            })}
          </ul>
        </section>
        <Shading shade={shade} catalog={catalog} map={map} districts={districts} question={question} first={first} />
        <section>
          <h2>{t('map.draw')}</h2>
          <div class="row">
            <div class="segments" role="group" aria-label={t('map.draw')}>
              {(['polygon', 'circle', 'nearest'] as const).map((one) => <button key={one} type="button" aria-pressed={tool === one} disabled={!map} onClick={() => setTool(tool === one ? null : one)}>{t(`map.${one}`)}</button>)}
            </div>
            {drawn && <button type="button" onClick={() => change(toAddress({ ...question, polygon: null, circle: null }))}>{t('map.clear')}</button>}
          </div>
          {tool && <p class="dim" role="status">{t(`map.draw-${tool}`)}</p>}
          <Coordinates question={question} nearest={(where) => void nearest(where)} />
        </section>
        {hits && (
          <section aria-live="polite">
            <h2 class="row"><span class="grow">{hits.head}</span><button type="button" class="small" aria-label={t('close')} onClick={() => { setHits(null); if (map) put(map, 'chosen', none); }}>×</button></h2>
            {!hits.all.length && <p class="dim">{t('map.nothing-here')}</p>}
            <ul class="map-hits">
              {hits.all.map((one) => <li key={one.id}><a href={href(['record', one.collection, one.id])}>{one.text}</a> <span class="dim">{one.far === undefined ? label(one.collection) : distance(one.far)}</span></li>)}
            </ul>
          </section>
        )}
        <section>
          <h2>{t('map.figures')} <span class="dim">{t(drawn ? 'map.in-drawn' : 'map.in-sight')}</span></h2>
          {question.circle && <p class="dim">{t('map.circle')}: {distance(question.circle.metres)}</p>}
          {question.polygon && <p class="dim">{t('map.area', { n: Math.round(area({ type: 'Polygon', coordinates: [[...question.polygon, question.polygon[0]]] }) * 100) / 100 })}</p>}
          <InSight question={question} layers={layers} catalog={catalog} box={drawn ? null : (sight?.box ?? null)} />
        </section>
        {error && <Failed error={error} />}
      </aside>
      <div class="map-place" ref={place} />
      {map && sight && layers.map((one, at) => (
        <Layer key={one} map={map} question={one === first ? question : alone(one, question)} schema={schemas.get(one)!} tint={TINTS[theme.value][at % 5]!} />
      ))}
    </div>
  );
}

/** The drawn area and the times, asked of another collection. */
const alone = (collection: string, question: Question): Question => ({ ...question, collection, q: '', filter: '', chosen: [], sort: '' });

function Swatch({ colour }: { colour: string }) {
  return <svg class="swatch" viewBox="0 0 10 10" aria-hidden="true"><rect width="10" height="10" rx="2" fill={colour} stroke="currentColor" stroke-opacity="0.4" /></svg>;
}

/** A layer on the map, as long as it is here. */
function Layer({ map, question, schema, tint }: { map: LibreMap; question: Question; schema: Schema; tint: string }) {
  const name = question.collection;
  const colours = COLOURS[theme.value];
  const tiles = tilesOf(question, schema);
  useEffect(() => {
    if (!tiles) return;
    addLayer(map, name, name, tiles, colours, tint);
    return () => {
      // The map may be gone before its layers.
      if (map.style) removeLayer(map, name);
    };
  }, [map, name, tint, tiles === null]);
  useEffect(() => {
    if (tiles) show(map, name, tiles);
  }, [map, name, tiles]);
  return tiles ? null : <p class="notice notice-warn map-note">{t('map.telling')}</p>;
}

/** How many of each layer, and how the first of them divides. */
function InSight({ question, layers, catalog, box }: { question: Question; layers: string[]; catalog: Catalog; box: Box | null }) {
  const rounded = box ? (box.map((side) => Number(side.toFixed(4))) as Box) : null;
  const asked = useAsk(layers.length ? JSON.stringify([question, layers, rounded]) : null, (signal) =>
    Promise.all(
      layers.map(async (one) => {
        const own = one === question.collection ? question : alone(one, question);
        const counted = post<Groups>('/query', body({ ...own, box: rounded }, catalog.schemas.get(one)!, { measures: ['count'] }), signal);
        // Not everybody who sees records may count them.
        const groups = await counted.catch((problem: unknown) => { if (asProblem(problem).problem.status === 403) return null; throw problem; });
        return { one, count: groups && (groups.groups[0]?.count ?? 0) };
      }),
    ),
  );
  const schema = catalog.schemas.get(question.collection);
  if (asked.error) return <Failed error={asked.error} again={asked.again} />;
  return (
    <>
      <ul class={asked.waiting ? 'stale' : ''}>
        {asked.value?.map(({ one, count }) => {
          const info = catalog.infos.find((known) => known.id === one);
          const own = one === question.collection ? question : alone(one, question);
          return <li key={one} class="count-row"><span>{info ? nameOf(info) : one}</span><span>{count !== null && <strong class="number">{number(count)}</strong>} <a href={href(['search', one], toAddress({ ...own, box: rounded }))}>{t('map.list')}</a></span></li>;
        })}
      </ul>
      {schema && layers.length > 0 && (
        <Facets
          question={{ ...question, box: rounded }}
          schema={schema}
          choose={(field, value) => {
            const has = question.chosen.some((one) => one.field === field && one.value === value);
            const chosen = has ? question.chosen.filter((one) => one.field !== field || one.value !== value) : [...question.chosen, { field, value }];
            change(toAddress({ ...question, chosen }));
          }}
        />
      )}
    </>
  );
}

/** For whoever cannot or will not point: a place in numbers. */
function Coordinates({ question, nearest }: { question: Question; nearest: (where: Place) => void }) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    const [lon, lat, metres] = ['lon', 'lat', 'metres'].map((name) => Number(given.get(name)));
    const which = (event.submitter as HTMLButtonElement | null)?.value;
    if (which === 'nearest') nearest([lon!, lat!]);
    else change(toAddress({ ...question, polygon: null, circle: { centre: [lon!, lat!], metres: metres! } }));
  };
  const { circle } = question;
  return (
    <details>
      <summary class="dim">{t('map.coordinates')}</summary>
      <form class="coordinates" onSubmit={submit} key={JSON.stringify(circle)}>
        <label class="labelled">{t('map.lon')}<input name="lon" type="number" step="any" min={-180} max={180} required defaultValue={circle ? circle.centre[0].toFixed(6) : ''} /></label>
        <label class="labelled">{t('map.lat')}<input name="lat" type="number" step="any" min={-90} max={90} required defaultValue={circle ? circle.centre[1].toFixed(6) : ''} /></label>
        <label class="labelled">{t('map.radius')}<input name="metres" type="number" step="1" min={1} max={1_000_000} required defaultValue={circle ? String(Math.round(circle.metres)) : '1000'} /></label>
        <div class="row"><button type="submit" value="circle">{t('map.circle')}</button><button type="submit" value="nearest">{t('map.nearest')}</button></div>
      </form>
    </details>
  );
}

function Shading({ shade, catalog, map, districts, question, first }: {
  shade: ReturnType<typeof readShade>;
  catalog: Catalog;
  map: LibreMap | null;
  districts: Feature[];
  question: Question;
  first: string;
}) {
  const { infos, schemas } = catalog;
  const fit = infos.filter((one) => schemas.get(one.id)?.byName.has('division'));
  const schema = shade ? schemas.get(shade.collection) : undefined;
  // Of whole districts, whatever is drawn on them.
  const own = { ...(shade?.collection === first ? question : alone(shade?.collection ?? '', question)), box: null, polygon: null, circle: null };
  const asking = shade && schema && districts.length ? JSON.stringify([shade, own]) : null;
  const asked = useAsk(asking, (signal) => figures(shade!, own, schema!, districts, signal));
  const colours = COLOURS[theme.value];
  useEffect(() => {
    if (map) paint(map, asked.value, districts, colours);
  }, [map, asked.value]);
  const numeric = schema?.fields.filter((field) => ['integer', 'decimal'].includes(field.type) && field.search.includes('column')) ?? [];
  const choose = (collection: string, measure: string) => change({ shade: collection ? `${collection}:${measure}` : null }, true);
  return (
    <section>
      <h2>{t('map.shade')}</h2>
      <div class="row">
        <select class="grow" aria-label={t('map.by')} value={shade?.collection ?? ''} onChange={(event) => choose(event.currentTarget.value, 'count')}>
          <option value="">{t('map.no-shade')}</option>
          {fit.map((one) => <option key={one.id} value={one.id}>{nameOf(one)}</option>)}
        </select>
        {shade && (
          <select class="grow" aria-label={t('map.measure')} value={shade.measure} onChange={(event) => choose(shade.collection, event.currentTarget.value)}>
            <option value="count">{t('map.count')}</option>
            <option value="density">{t('map.density')}</option>
            {numeric.flatMap((field) => (['mean', 'sum'] as const).map((kind) => <option key={kind + field.name} value={`${kind}:${field.name}`}>{t(`map.${kind}`, { field: title(field) })}</option>))}
          </select>
        )}
      </div>
      {asked.error && <Failed error={asked.error} again={asked.again} />}
      {asked.value && <Legend shaded={asked.value} ramp={colours.ramp} name={`${shade?.collection}-${shade?.measure}`} />}
    </section>
  );
}

function Legend({ shaded, ramp, name }: { shaded: Shaded; ramp: string[]; name: string }) {
  const values = shaded.rows.flatMap((row) => (row.value === null ? [] : [row.value]));
  if (!values.length) return <p class="dim">{t('map.no-values')}</p>;
  const used = ramp.slice(ramp.length - shaded.limits.length - 1);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const rows = [...shaded.rows].sort((a, b) => (b.value ?? -Infinity) - (a.value ?? -Infinity));
  const file = () => {
    const cells = [['code', 'name', 'value'], ...rows.map((row) => [row.code, row.name, String(row.value ?? '')])];
    save(`${name.replace(':', '-')}.csv`, ['\ufeff' + cells.map((row) => row.join(',') + '\r\n').join('')], 'text/csv;charset=utf-8');
  };
  return (
    <>
      <ul class="legend" aria-label={t('map.legend')}>
        {used.map((colour, place) => <li key={colour}><Swatch colour={colour} /> {number(place ? shaded.limits[place - 1]! : least)} – {number(place < shaded.limits.length ? shaded.limits[place]! : most)}</li>)}
      </ul>
      <details>
        <summary class="dim">{t('map.by-district')}</summary>
        <table class="records"><tbody>{rows.map((row) => <tr key={row.code}><th scope="row">{row.name}</th><td class="number">{row.value === null ? '–' : number(row.value)}</td></tr>)}</tbody></table>
        <button type="button" class="small" onClick={file}>{t('map.export-shade')}</button>
      </details>
    </>
  );
}
