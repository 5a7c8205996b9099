import { gridOver, inside, type Chosen, type Grid } from "./canvas/region";
import type { Point } from "./canvas/scatter";
import type { Points } from "./blocks";
import type { Context } from "./context";
import type { Run } from "./run";

/** Points of one map, centred and scaled so that the larger side spans -1…1; proportions kept. */
export interface Placed { x: Float32Array; y: Float32Array; grid: Grid }

const placed = new WeakMap<Points, Placed>();

export function placement(points: Points): Placed {
  const known = placed.get(points);
  if (known) return known;
  const columns = [0, Math.min(1, points.columns - 1)].map((column) => Float32Array.from({ length: points.count }, (_, i) => points.values[i * points.columns + column]!));
  const ranges = columns.map((values) => values.reduce(([low, high], value) => (Number.isNaN(value) ? [low, high] : [Math.min(low, value), Math.max(high, value)]) as [number, number], [Infinity, -Infinity] as [number, number]));
  const half = Math.max(...ranges.map(([low, high]) => (high - low) / 2), 1e-12);
  const [x, y] = columns.map((values, c) => values.map((value) => (value - (ranges[c]![0] + ranges[c]![1]) / 2) / half)) as [Float32Array, Float32Array];
  if (points.columns < 2) y.fill(0);
  const made = { x, y, grid: gridOver(x, y) };
  placed.set(points, made);
  return made;
}

/** More than any hand draws: a link that somebody made up must not keep the page busy. */
const MOST_CORNERS = 4_000;

/** A drawn region in a link: layer, map, corners in thousandths. */
export const lassoText = (layer: number, embedding: string, polygon: readonly Point[]): string =>
  `${layer}.${embedding}.${polygon.map(([x, y]) => `${Math.round(1000 * x)},${Math.round(1000 * y)}`).join("_")}`;

export function readLasso(text: string): { layer: number; embedding: string; polygon: Point[] } | undefined {
  const match = /^(\d+)\.(.+)\.([-\d,_]+)$/.exec(text);
  if (!match) return undefined;
  const polygon = match[3]!.split("_").map((pair) => pair.split(",").map((part) => Number(part) / 1000) as [number, number]);
  return polygon.length >= 3 && polygon.length <= MOST_CORNERS && polygon.every((point) => point.length === 2 && point.every(Number.isFinite)) ? { layer: Number(match[1]), embedding: match[2]!, polygon } : undefined;
}

function lassoed(run: Run, text: string): Chosen | undefined {
  const lasso = readLasso(text);
  const points = lasso && run.pointsOf(run.layers[lasso.layer] ?? "", lasso.embedding);
  if (!lasso || !points) return undefined;
  return run.latest("lasso", text, () => { const { x, y, grid } = placement(points); return inside(x, y, grid, lasso.polygon); });
}

function ofClass(labels: Int32Array, cls: number, within: Chosen | undefined): Chosen {
  const members = new Int32Array(labels.length), has = new Uint8Array(labels.length);
  let count = 0;
  for (let i = 0; i < labels.length; i++) if (labels[i] === cls && (!within || within.has[i])) { has[i] = 1; members[count++] = i; }
  return { members: members.slice(0, count), has };
}

/** The samples that the page is about: drawn around, of the chosen class, or both; undefined for all. */
export function selection({ run, state }: Context): Chosen | undefined {
  const drawn = state.lasso ? lassoed(run, state.lasso) : undefined;
  const { labels } = run;
  if (state.cls < 0 || !labels) return drawn;
  return run.latest("selection", `${state.cls} ${drawn ? state.lasso : ""}`, () => ofClass(labels, state.cls, drawn));
}
