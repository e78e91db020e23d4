/** Drawing on the map with a pointer: a polygon corner by corner, a circle by its centre and rim, one place. */
import type { Map as LibreMap, MapMouseEvent } from 'maplibre-gl';
import type { Place } from '../search/question';
import { none, put, type Shape } from './create';
import { metres, ring } from './geometry';

export type Tool = 'polygon' | 'circle' | 'nearest';

export interface Drawing {
  polygon: (places: Place[]) => void;
  circle: (centre: Place, radius: number) => void;
  place: (place: Place) => void;
  /** Given up. */
  cancel: () => void;
}

const line = (places: Place[]): Shape => ({ type: 'Feature', geometry: { type: 'LineString', coordinates: places }, properties: {} });
const dot = (place: Place): Shape => ({ type: 'Feature', geometry: { type: 'Point', coordinates: place }, properties: {} });

/** Listens until something is drawn or given up; the answer stops listening. */
export function draw(map: LibreMap, tool: Tool, on: Drawing): () => void {
  const places: Place[] = [];
  const canvas = map.getCanvas();
  canvas.style.cursor = 'crosshair';
  map.doubleClickZoom.disable();
  const at = (event: MapMouseEvent): Place => [event.lngLat.lng, event.lngLat.lat];
  const sketch = (next: Place | null) => {
    const all = next ? [...places, next] : places;
    const shown = tool === 'circle' && all.length === 2 ? [line(ring(all[0]!, metres(all[0]!, all[1]!)))] : all.length > 1 ? [line(tool === 'polygon' && all.length > 2 ? [...all, all[0]!] : all)] : [];
    put(map, 'sketch', { ...none, features: [...shown, ...places.map(dot)] });
  };
  const close = () => {
    // A double click has put the last corner twice.
    const corners = places.filter((place, index) => index === 0 || metres(place, places[index - 1]!) > 0.5);
    if (corners.length < 3) return;
    stop();
    on.polygon(corners);
  };
  const click = (event: MapMouseEvent) => {
    places.push(at(event));
    if (tool === 'nearest') {
      stop();
      on.place(places[0]!);
    } else if (tool === 'circle' && places.length === 2) {
      stop();
      on.circle(places[0]!, metres(places[0]!, places[1]!));
    } else sketch(null);
  };
  const move = (event: MapMouseEvent) => places.length > 0 && sketch(at(event));
  const twice = (event: MapMouseEvent) => {
    event.preventDefault();
    if (tool === 'polygon') close();
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      stop();
      on.cancel();
    } else if (event.key === 'Enter' && tool === 'polygon') close();
  };
  const stop = () => {
    map.off('click', click);
    map.off('mousemove', move);
    map.off('dblclick', twice);
    document.removeEventListener('keydown', key);
    canvas.style.cursor = '';
    map.doubleClickZoom.enable();
    put(map, 'sketch', none);
  };
  map.on('click', click);
  map.on('mousemove', move);
  map.on('dblclick', twice);
  document.addEventListener('keydown', key);
  return stop;
}
