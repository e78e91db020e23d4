/** A map without any server but our own: ground, boundaries, names drawn with the system's fonts. */
import 'maplibre-gl/dist/maplibre-gl.css';
import { AttributionControl, Map as LibreMap, NavigationControl, ScaleControl, setWorkerUrl, type GeoJSONSource } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import { post } from '../api/client';
import type { CollectionInfo, Feature, Geometry, Page } from '../api/model';
import { t } from '../text';
import { middle } from './geometry';
import { transformRequest } from './layers';

setWorkerUrl(new URL(workerUrl, location.href).href);

export type Box = [number, number, number, number];
export interface Shape {
  type: 'Feature';
  geometry: Geometry;
  properties: Record<string, string | number | null>;
}
export interface Shapes {
  type: 'FeatureCollection';
  features: Shape[];
}

export const none: Shapes = { type: 'FeatureCollection', features: [] };

export interface Colours {
  ground: string;
  line: string;
  name: string;
  halo: string;
  mark: string;
  chosen: string;
  drawn: string;
  /** From few to many. */
  ramp: string[];
}

export const COLOURS: Record<'light' | 'dark', Colours> = {
  light: {
    ground: '#f3f4f1', line: '#8a929c', name: '#4a5360', halo: '#ffffff', mark: '#1f6099', chosen: '#c2410c', drawn: '#be185d',
    ramp: ['#edeaf4', '#cdc8e3', '#a69dce', '#7c6fb4', '#553c94'],
  },
  dark: {
    ground: '#15191e', line: '#5d6773', name: '#b4bcc6', halo: '#15191e', mark: '#66a9dd', chosen: '#fb923c', drawn: '#f472b6',
    ramp: ['#262139', '#3a3160', '#55488b', '#7868b5', '#a79be0'],
  },
};

/** Whether this browser can draw a map at all. */
export function canDraw(): boolean {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('webgl2');
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return !!context;
}

export function createMap(container: HTMLElement, colours: Colours, box: Box | null): LibreMap {
  const map = new LibreMap({
    container,
    style: { version: 8, sources: {}, layers: [{ id: 'ground', type: 'background', paint: { 'background-color': colours.ground } }] },
    bounds: box ?? [73, 18, 135, 54],
    fitBoundsOptions: { padding: 24 },
    attributionControl: false,
    transformRequest,
    fadeDuration: 0,
    dragRotate: false,
    pitchWithRotate: false,
    locale: {
      'Map.Title': t('map.title'),
      'NavigationControl.ZoomIn': t('map.zoom-in'),
      'NavigationControl.ZoomOut': t('map.zoom-out'),
    },
  });
  // Busy until all that is there is drawn.
  const busy = (is: boolean) => container.setAttribute('aria-busy', String(is));
  busy(true);
  map.on('dataloading', () => busy(true));
  map.on('movestart', () => busy(true));
  map.on('idle', () => busy(false));
  map.touchZoomRotate.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), 'top-right');
  map.addControl(new ScaleControl({ maxWidth: 120 }), 'bottom-left');
  map.addControl(new AttributionControl({ compact: true, customAttribution: 'MapLibre' }), 'bottom-right');
  return map;
}

/** Resolves when the style is there to be added to. */
export const ready = (map: LibreMap): Promise<void> =>
  new Promise((resolve) => (map.isStyleLoaded() ? resolve() : void map.once('load', () => resolve())));

const asked = new Map<string, Promise<Feature[]>>();

/** The districts with their boundaries on a day; asked for once a day and state of knowledge. */
export function districts(validAt: string, knownAt: string): Promise<Feature[]> {
  const key = `${validAt} ${knownAt}`;
  const known = asked.get(key);
  if (known) return known;
  const times = { ...(validAt && { validAt }), ...(knownAt && { knownAt }) };
  const query = { from: 'division', filter: "level = 'county'", select: ['code', 'name'], limit: 4000, ...times };
  const answer = post<Page>('/query', query).then((page) => page.features.filter((one) => one.geometry && !one.geometry.type.includes('Point')));
  asked.set(key, answer);
  answer.catch(() => asked.delete(key));
  return answer;
}

export const shapes = (features: Feature[]): Shapes => ({
  type: 'FeatureCollection',
  features: features.flatMap((one): Shape[] =>
    one.geometry ? [{ type: 'Feature', geometry: one.geometry, properties: { id: one.id, ...plain(one) } }] : [],
  ),
});

const plain = (feature: Feature): Record<string, string | number | null> =>
  Object.fromEntries(Object.entries(feature.properties ?? {}).filter(([, value]) => typeof value === 'string' || typeof value === 'number')) as Record<
    string,
    string | number
  >;

/** Adds boundaries, under what comes later, and their names, over it. */
export async function addBoundaries(map: LibreMap, colours: Colours, validAt: string, knownAt: string): Promise<Feature[]> {
  const found = await districts(validAt, knownAt);
  const names = found.flatMap((one): Shape[] => {
    const place = one.geometry && middle(one.geometry);
    const name = one.properties?.name;
    return place && typeof name === 'string' ? [{ type: 'Feature', geometry: { type: 'Point', coordinates: place }, properties: { name } }] : [];
  });
  await ready(map);
  put(map, 'boundaries', shapes(found));
  put(map, 'boundary-names', { type: 'FeatureCollection', features: names });
  map.addLayer({ id: 'boundary-line', type: 'line', source: 'boundaries', paint: { 'line-color': colours.line, 'line-width': ['interpolate', ['linear'], ['zoom'], 7, 0.7, 12, 1.6] } });
  map.addLayer({
    id: 'boundary-name', type: 'symbol', source: 'boundary-names', minzoom: 7,
    layout: { 'text-field': ['get', 'name'], 'text-size': ['interpolate', ['linear'], ['zoom'], 8, 11, 13, 15], 'text-padding': 4 },
    paint: { 'text-color': colours.name, 'text-halo-color': colours.halo, 'text-halo-width': 1.4 },
  });
  return found;
}

/** Sets a source's shapes, adding the source where it is new. */
export function put(map: LibreMap, id: string, data: Shapes): void {
  const source = map.getSource<GeoJSONSource>(id);
  // The types of coordinates are looser here than there.
  const given = data as Parameters<GeoJSONSource['setData']>[0];
  if (source) void source.setData(given);
  else map.addSource(id, { type: 'geojson', data: given });
}

export const view = (map: LibreMap): Box => {
  const box = map.getBounds();
  return [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()];
};

/** The box of a map's whole data: of all collections that have one. */
export function extent(infos: CollectionInfo[]): Box | null {
  const onEarth = (box: Box) => Math.abs(box[0]) <= 180 && Math.abs(box[1]) <= 90;
  const boxes = infos.flatMap((one) => one.extent?.spatial.bbox ?? []).filter(onEarth);
  if (!boxes.length) return null;
  const side = (place: 0 | 1 | 2 | 3, pick: (a: number, b: number) => number) => boxes.map((box) => box[place]).reduce((a, b) => pick(a, b));
  return [side(0, Math.min), side(1, Math.min), side(2, Math.max), side(3, Math.max)];
}
