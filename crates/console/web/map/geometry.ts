/** Shapes for the map: circles, areas, distances, classes of figures. */
import type { Geometry } from '../api/model';
import type { Place } from '../search/question';

const EARTH = 6_371_008.8;
const RAD = Math.PI / 180;

/** The distance of two places along the earth, in metres. */
export function metres(a: Place, b: Place): number {
  const dLat = (b[1] - a[1]) * RAD;
  const dLon = (b[0] - a[0]) * RAD;
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(a[1] * RAD) * Math.cos(b[1] * RAD) * Math.sin(dLon / 2) ** 2;
  return 2 * EARTH * Math.asin(Math.sqrt(h));
}

/** A circle as a ring of 64 corners, closed. */
export function ring(centre: Place, radius: number): Place[] {
  const dLat = radius / EARTH / RAD;
  const dLon = dLat / Math.max(0.01, Math.cos(centre[1] * RAD));
  return Array.from({ length: 65 }, (_, step): Place => {
    const angle = (step / 64) * 2 * Math.PI;
    return [centre[0] + dLon * Math.cos(angle), centre[1] + dLat * Math.sin(angle)];
  });
}

/** The area inside a ring, in square metres. */
function ringArea(points: Place[]): number {
  let sum = 0;
  for (let place = 0; place < points.length; place++) {
    const [a, b] = [points[place]!, points[(place + 1) % points.length]!];
    sum += (b[0] - a[0]) * RAD * (2 + Math.sin(a[1] * RAD) + Math.sin(b[1] * RAD));
  }
  return Math.abs((sum * EARTH * EARTH) / 2);
}

const polygons = (geometry: Geometry): Place[][][] =>
  geometry.type === 'Polygon'
    ? [geometry.coordinates as Place[][]]
    : geometry.type === 'MultiPolygon'
      ? (geometry.coordinates as Place[][][])
      : [];

/** The area of a polygon or of several, in square kilometres. */
export const area = (geometry: Geometry): number =>
  polygons(geometry).reduce(
    (sum, [outer, ...holes]) => sum + ringArea(outer ?? []) - holes.reduce((all, hole) => all + ringArea(hole), 0),
    0,
  ) / 1e6;

/** Where the name of an area stands: the middle of its largest part. */
export function middle(geometry: Geometry): Place | null {
  let best: Place[] | null = null;
  for (const [outer] of polygons(geometry)) if (outer && (!best || ringArea(outer) > ringArea(best))) best = outer;
  if (!best) return null;
  let [x, y, sum] = [0, 0, 0];
  for (let place = 0; place < best.length - 1; place++) {
    const [a, b] = [best[place]!, best[place + 1]!];
    const cross = a[0] * b[1] - b[0] * a[1];
    x += (a[0] + b[0]) * cross;
    y += (a[1] + b[1]) * cross;
    sum += cross;
  }
  return sum === 0 ? best[0]! : [x / (3 * sum), y / (3 * sum)];
}

/** A geometry's box: west, south, east, north. */
export function bounds(geometries: (Geometry | null)[]): [number, number, number, number] | null {
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  const visit = (part: unknown): void => {
    if (!Array.isArray(part)) return;
    if (typeof part[0] === 'number' && typeof part[1] === 'number') {
      box[0] = Math.min(box[0], part[0]);
      box[1] = Math.min(box[1], part[1]);
      box[2] = Math.max(box[2], part[0]);
      box[3] = Math.max(box[3], part[1]);
    } else for (const one of part) visit(one);
  };
  for (const one of geometries) if (one) visit(one.coordinates);
  return Number.isFinite(box[0]) ? box : null;
}

/** Limits that cut values into five classes of about as many members each; fewer where values repeat. */
export function classes(values: number[], count = 5): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  const limits: number[] = [];
  for (let step = 1; step < count; step++) {
    const limit = sorted[Math.floor((step / count) * sorted.length)];
    if (limit !== undefined && limit > (limits.at(-1) ?? sorted[0]!)) limits.push(limit);
  }
  return limits;
}
