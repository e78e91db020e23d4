/** Districts coloured by a figure of a collection: how many, how many a square kilometre, a mean, a sum. */
import type { Map as LibreMap } from 'maplibre-gl';
import type { Schema } from '../api/catalog';
import { post } from '../api/client';
import type { Feature, Groups } from '../api/model';
import { body, type Question } from '../search/question';
import { none, put, type Colours, type Shape } from './create';
import { area, classes } from './geometry';
import { step } from './layers';

export interface Shade {
  collection: string;
  /** `count`, `density`, `mean:field`, `sum:field`. */
  measure: string;
}

export interface Shaded {
  rows: { code: string; name: string; value: number | null }[];
  limits: number[];
}

export const readShade = (text: string | null): Shade | null => {
  const [collection, ...rest] = (text ?? '').split(':');
  return collection && rest.length ? { collection, measure: rest.join(':') } : null;
};

/** A figure for each district that has a boundary. */
export async function figures(shade: Shade, question: Question, schema: Schema, districts: Feature[], signal: AbortSignal): Promise<Shaded> {
  const group = 'division:county';
  const measure = shade.measure === 'density' ? 'count' : shade.measure;
  const { groups } = await post<Groups>('/query', body(question, schema, { group: [group], measures: [measure], limit: 10_000 }), signal);
  const values = new Map(groups.map((one) => [one.key[group] ?? '', one.measures[measure] ?? null]));
  const rows = districts.map((one) => {
    const code = String(one.properties?.code ?? '').slice(0, 6);
    const raw = values.get(code);
    const plain = raw === null || raw === undefined ? null : Number(raw);
    const size = one.geometry && shade.measure === 'density' ? area(one.geometry) : 0;
    const value = plain === null ? null : shade.measure === 'density' ? Math.round((plain / size) * 1000) / 1000 : plain;
    return { code, name: String(one.properties?.name ?? code), value };
  });
  return { rows, limits: classes(rows.flatMap((row) => (row.value === null ? [] : [row.value]))) };
}

/** Draws it under the boundaries. */
export function paint(map: LibreMap, shaded: Shaded | null, districts: Feature[], colours: Colours): void {
  const values = new Map(shaded?.rows.map((row) => [row.code, row.value]));
  const features = districts.flatMap((one): Shape[] => {
    const code = String(one.properties?.code ?? '').slice(0, 6);
    const value = values.get(code) ?? null;
    return one.geometry && value !== null ? [{ type: 'Feature', geometry: one.geometry, properties: { code, value, name: String(one.properties?.name ?? '') } }] : [];
  });
  put(map, 'shade', { ...none, features });
  const colour = step('value', shaded?.limits ?? [], colours.ramp);
  if (map.getLayer('shade')) map.setPaintProperty('shade', 'fill-color', colour);
  else map.addLayer({ id: 'shade', type: 'fill', source: 'shade', paint: { 'fill-color': colour, 'fill-opacity': 0.85 } }, 'boundary-line');
}
