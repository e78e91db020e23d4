/**
 * A collection as a layer: vector tiles of our own server, which show records where they are few and clusters with
 * their counts where they are many, so that a city of millions is drawn as quickly as a village. All that the map
 * knows of where records come from is here.
 */
import type { Map as LibreMap, RequestParameters, VectorTileSource } from 'maplibre-gl';
import { titleField, type Schema } from '../api/catalog';
import { address, failure, post, unreachable, type ProblemError } from '../api/client';
import type { Groups } from '../api/model';
import { headers, refused } from '../api/session';
import { body, parameters, type Question } from '../search/question';
import { mayBeNumber } from '../search/suggest';
import type { Box, Colours } from './create';

/** The last level of tiles; closer ones are drawn larger. */
const LAST_LEVEL = 18;

/** The MapLibre layers of a collection, by the ends of their names. */
const PARTS = ['area', 'line', 'cluster', 'count', 'point'] as const;

/** Whether a question names somebody's number, which may stand in no address. */
const isTelling = (question: Question): boolean => `${question.q} ${question.filter}`.split(/[^0-9A-Za-z]+/).some((word) => word.length >= 15 && mayBeNumber(word));

/** The tiles that answer a question; none for one that may not stand in an address. */
export function tilesOf(question: Question, schema: Schema): string | null {
  if (isTelling(question)) return null;
  const asked = parameters({ ...question, sort: '' }, schema);
  const title = titleField(schema)?.name;
  const path = address('', { ...asked, ...(title ? { properties: title } : {}) });
  return `${location.origin}/collections/${encodeURIComponent(question.collection)}/tiles/WebMercatorQuad/{z}/{y}/{x}${path}`;
}

/** What every request of a map carries; only our own server is asked. */
export function transformRequest(url: string): RequestParameters {
  return url.startsWith(location.origin) ? { url, headers: headers() } : { url };
}

/** What a tile that could not be fetched says: the map's own errors hold the answer as bytes. */
export async function tileProblem(error: unknown): Promise<ProblemError | null> {
  if (!(error instanceof Error) || error.name === 'AbortError') return null;
  const { status, body: answer } = error as Error & { status?: number; body?: Blob };
  if (!status) return /fetch|network/i.test(error.message) ? unreachable() : null;
  if (status === 401) refused();
  return failure(new Response(answer ?? null, { status: status >= 200 && status < 600 ? status : 500 }));
}

/** How many records of a question lie in view. */
export async function countInView(question: Question, schema: Schema, box: Box, signal: AbortSignal): Promise<number> {
  const inView = `S_INTERSECTS(geometry, BBOX(${box.map((side) => Number(side.toFixed(6))).join(', ')}))`;
  const whole = body({ ...question, sort: '' }, schema);
  const filter = typeof whole.filter === 'string' ? `(${whole.filter}) AND ${inView}` : inView;
  const counted = await post<Groups>('/query', { ...whole, filter, measures: ['count'] }, signal);
  return counted.groups[0]?.count ?? 0;
}

/** Adds a collection's layers under a name; the tiles come with [`show`]. */
export function addLayer(map: LibreMap, name: string, collection: string, tiles: string, colours: Colours, tint: string): void {
  map.addSource(name, { type: 'vector', tiles: [tiles], minzoom: 0, maxzoom: LAST_LEVEL });
  const from = { source: name, 'source-layer': collection };
  const before = map.getLayer('boundary-line') ? 'boundary-line' : undefined;
  map.addLayer({ id: `${name}-area`, type: 'fill', ...from, filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': tint, 'fill-opacity': 0.18 } }, before);
  map.addLayer({ id: `${name}-line`, type: 'line', ...from, filter: ['!=', ['geometry-type'], 'Point'], paint: { 'line-color': tint, 'line-width': ['interpolate', ['linear'], ['zoom'], 9, 0.6, 14, 1.6] } });
  map.addLayer({
    id: `${name}-point`, type: 'circle', ...from, filter: ['all', ['==', ['geometry-type'], 'Point'], ['!', ['has', 'point_count']]],
    paint: {
      'circle-color': tint,
      'circle-opacity': ['interpolate', ['linear'], ['zoom'], 8, 0.7, 13, 1],
      'circle-radius': ['interpolate', ['linear'], ['zoom'], 6, 3, 12, 4, 16, 5.5],
      'circle-stroke-color': colours.halo,
      'circle-stroke-width': ['interpolate', ['linear'], ['zoom'], 7, 0.3, 12, 1.1],
    },
  });
  map.addLayer({
    id: `${name}-cluster`, type: 'circle', ...from, filter: ['has', 'point_count'],
    paint: { 'circle-color': tint, 'circle-opacity': 0.62, 'circle-radius': ['interpolate', ['linear'], ['log10', ['get', 'point_count']], 0, 3, 2, 8, 4, 15, 6, 24] },
  });
  // Numbers stand where there is room for them: those of the largest clusters first.
  map.addLayer({
    id: `${name}-count`, type: 'symbol', ...from, filter: ['all', ['has', 'point_count'], ['>=', ['get', 'point_count'], 10]],
    layout: {
      'text-field': ['case', ['>=', ['get', 'point_count'], 10000], ['concat', ['to-string', ['round', ['/', ['get', 'point_count'], 1000]]], 'k'], ['to-string', ['get', 'point_count']]],
      'text-size': 10.5, 'text-padding': 1, 'symbol-sort-key': ['-', 0, ['get', 'point_count']],
    },
    paint: { 'text-color': colours.name, 'text-halo-color': colours.halo, 'text-halo-width': 1.2 },
  });
}

/** Asks for other tiles. */
export function show(map: LibreMap, name: string, tiles: string): void {
  const source = map.getSource<VectorTileSource>(name);
  if (source && source.tiles?.[0] !== tiles) source.setTiles([tiles]);
}

export function removeLayer(map: LibreMap, name: string): void {
  for (const part of PARTS) if (map.getLayer(`${name}-${part}`)) map.removeLayer(`${name}-${part}`);
  if (map.getSource(name)) map.removeSource(name);
}

export interface Identified {
  name: string;
  id: string;
  title: string;
}

/** What is drawn at a place: records, the smallest shapes first, or a cluster. */
export function identify(map: LibreMap, names: string[], point: { x: number; y: number }): { records: Identified[]; isCluster: boolean } {
  const layers = names.flatMap((name) => (['point', 'cluster', 'line', 'area'] as const).map((part) => `${name}-${part}`)).filter((layer) => map.getLayer(layer));
  const { x, y } = point;
  const found = layers.length ? map.queryRenderedFeatures([[x - 4, y - 4], [x + 4, y + 4]], { layers }) : [];
  if (found.some((one) => one.properties.point_count)) return { records: [], isCluster: true };
  const all = found.map((one): Identified => {
    const { id, ...others } = one.properties as Record<string, unknown>;
    return { name: one.source, id: String(id), title: String(Object.values(others)[0] ?? id) };
  });
  // A record that reaches into several tiles is drawn in each.
  return { records: all.filter((one, place) => all.findIndex((other) => other.id === one.id) === place), isCluster: false };
}

/** An expression that gives each class its colour. */
export function step(property: string, limits: number[], ramp: (string | number)[]): never {
  const used = ramp.slice(ramp.length - limits.length - 1);
  if (!limits.length) return used[0] as never;
  return ['step', ['get', property], used[0], ...limits.flatMap((limit, place) => [limit, used[place + 1]])] as never;
}
