/**
 * A collection as a layer: its records where few are in view, else how many are in each cell of a grid, so
 * that a city of millions is drawn as quickly as a village. All that the map knows of where records come
 * from is in [`loadLayer`]: a server that offers vector tiles is asked for them there.
 */
import type { Map as LibreMap } from 'maplibre-gl';
import { titleField, type Schema } from '../api/catalog';
import { post } from '../api/client';
import type { Groups, Page } from '../api/model';
import { body, type Question } from '../search/question';
import { none, put, shapes, type Box, type Colours, type Shapes } from './create';
import { cell, cellSize, classes } from './geometry';

export interface Loaded {
  kind: 'records' | 'grid';
  data: Shapes;
  /** How many are in view. */
  matched: number;
  cell?: number;
}

/** What of a question lies in view. */
export async function loadLayer(question: Question, schema: Schema, box: Box, zoom: number, limit: number, signal: AbortSignal): Promise<Loaded> {
  const inView = `S_INTERSECTS(geometry, BBOX(${box.map((side) => Number(side.toFixed(6))).join(', ')}))`;
  const whole = body({ ...question, sort: '' }, schema);
  const filter = typeof whole.filter === 'string' ? `${whole.filter} AND ${inView}` : inView;
  const counted = await post<Groups>('/query', { ...whole, filter, measures: ['count'] }, signal);
  const matched = counted.groups[0]?.count ?? 0;
  if (matched <= limit) {
    const title = titleField(schema)?.name;
    const page = await post<Page>('/query', { ...whole, filter, limit, ...(title ? { select: [title] } : {}) }, signal);
    const named = page.features.map((one) => ({ ...one, properties: { title: title ? (one.properties?.[title] ?? null) : null } }));
    return { kind: 'records', data: shapes(named), matched };
  }
  const size = cellSize(zoom);
  const group = `grid:${size}`;
  const { groups } = await post<Groups>('/query', { ...whole, filter, group: [group], measures: ['count'], limit: 10_000 }, signal);
  const features = groups.flatMap((one) => {
    const geometry = cell(one.key[group] ?? '');
    return geometry ? [{ type: 'Feature' as const, geometry, properties: { count: one.count } }] : [];
  });
  return { kind: 'grid', data: { type: 'FeatureCollection', features }, matched, cell: size };
}

/** The MapLibre layers of a collection; all begin with its name. */
export function addLayer(map: LibreMap, name: string, colours: Colours, tint: string): void {
  const before = map.getLayer('boundary-line') ? 'boundary-line' : undefined;
  put(map, `${name}-grid`, none);
  put(map, `${name}-records`, none, true);
  put(map, `${name}-shapes`, none);
  map.addLayer({ id: `${name}-grid`, type: 'fill', source: `${name}-grid`, paint: { 'fill-color': tint, 'fill-opacity': 0.1, 'fill-outline-color': colours.ground } }, before);
  map.addLayer({ id: `${name}-area`, type: 'fill', source: `${name}-shapes`, filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': tint, 'fill-opacity': 0.18 } }, before);
  map.addLayer({ id: `${name}-line`, type: 'line', source: `${name}-shapes`, paint: { 'line-color': tint, 'line-width': 1.5 } });
  map.addLayer({
    id: `${name}-cluster`, type: 'circle', source: `${name}-records`, filter: ['has', 'point_count'],
    paint: { 'circle-color': tint, 'circle-opacity': 0.78, 'circle-radius': ['interpolate', ['linear'], ['log10', ['get', 'point_count']], 0, 9, 3, 21] },
  });
  map.addLayer({
    id: `${name}-count`, type: 'symbol', source: `${name}-records`, filter: ['has', 'point_count'],
    layout: { 'text-field': ['get', 'point_count_abbreviated'], 'text-size': 11, 'text-allow-overlap': true },
    paint: { 'text-color': colours.halo },
  });
  map.addLayer({
    id: `${name}-point`, type: 'circle', source: `${name}-records`, filter: ['!', ['has', 'point_count']],
    paint: { 'circle-color': tint, 'circle-radius': 5, 'circle-stroke-color': colours.halo, 'circle-stroke-width': 1.2 },
  });
}

/** How opaque a cell is, from few to many. */
const DENSITY = [0.16, 0.32, 0.48, 0.64, 0.82];

/** Shows what was loaded, and nothing of before. */
export function show(map: LibreMap, name: string, loaded: Loaded | null): void {
  const isPoint = (one: { geometry: { type: string } }) => one.geometry.type.endsWith('Point');
  const records = loaded?.kind === 'records' ? loaded.data.features : [];
  put(map, `${name}-records`, { ...none, features: records.filter(isPoint) });
  put(map, `${name}-shapes`, { ...none, features: records.filter((one) => !isPoint(one)) });
  put(map, `${name}-grid`, loaded?.kind === 'grid' ? loaded.data : none);
  if (loaded?.kind === 'grid') {
    const limits = classes(loaded.data.features.map((one) => Number(one.properties.count)));
    map.setPaintProperty(`${name}-grid`, 'fill-opacity', step('count', limits, DENSITY));
  }
}

/** An expression that gives each class its colour, or its opacity. */
export function step(property: string, limits: number[], ramp: (string | number)[]): never {
  const used = ramp.slice(ramp.length - limits.length - 1);
  if (!limits.length) return used[0] as never;
  return ['step', ['get', property], used[0], ...limits.flatMap((limit, place) => [limit, used[place + 1]])] as never;
}
