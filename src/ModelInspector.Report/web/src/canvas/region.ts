import type { Point } from "./scatter";

/** Chosen samples, ascending, and the same as one byte a sample. */
export interface Chosen { members: Int32Array; has: Uint8Array }

/** A grid over points, made once for a map: the cell of each. */
export interface Grid { left: number; low: number; across: number; up: number; cell: Uint16Array }
const SIDE = 128, CELLS = SIDE * SIDE;
/** The cell of points that have no place. */
const NOWHERE = CELLS;

export function gridOver(x: Float32Array, y: Float32Array): Grid {
  const [left, across] = axis(x), [low, up] = axis(y), cell = new Uint16Array(x.length);
  for (let i = 0; i < x.length; i++) {
    const column = across * (x[i]! - left), row = up * (y[i]! - low);
    cell[i] = column >= 0 && row >= 0 && column < SIDE && row < SIDE ? (row | 0) * SIDE + (column | 0) : NOWHERE;
  }
  return { left, low, across, up, cell };
}

/** Where the grid begins, and how many cells fit a unit; a hair wider than the points, so that the last lies in the last cell. */
function axis(values: Float32Array): [from: number, cells: number] {
  let low = Infinity, high = -Infinity;
  for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i]!)) { low = Math.min(low, values[i]!); high = Math.max(high, values[i]!); }
  if (low > high) return [0, 1];
  const hair = 1e-6 * (high - low || 1);
  return [low - hair, SIDE / (high - low + 2 * hair)];
}

/** The points inside a polygon: those from which a line to the right crosses its sides an odd number of times. Most cells of the grid lie wholly inside or outside, so that few points need to be looked at. */
export function inside(x: Float32Array, y: Float32Array, grid: Grid, polygon: readonly Point[]): Chosen {
  const { mask, sides } = rasterised(grid, polygon), { cell } = grid;
  const found = new Int32Array(x.length), has = new Uint8Array(x.length);
  let count = 0;
  for (let i = 0; i < x.length; i++) {
    let state = mask[cell[i]!]!;
    if (state === CUT) state = crossed(sides[(cell[i]! / SIDE) | 0]!, x[i]!, y[i]!);
    has[i] = state;
    found[count] = i;
    count += state;
  }
  return { members: found.slice(0, count), has };
}

/** What a polygon does to each cell, and the sides that reach into each row: x, y, x, y a side. */
interface Raster { mask: Uint8Array; sides: number[][] }
const CUT = 2;

function rasterised(grid: Grid, polygon: readonly Point[]): Raster {
  const raster: Raster = { mask: new Uint8Array(CELLS + 1), sides: Array.from({ length: SIDE }, () => []) }, { mask, sides } = raster;
  polygon.forEach(([bx, by], k) => { const [ax, ay] = polygon.at(k - 1)!; cut(grid, raster, ax, ay, bx, by); });
  for (let row = 0; row < SIDE; row++) {
    if (sides[row]!.length === 0) continue;
    const middle = grid.low + (row + 0.5) / grid.up;
    // What no side runs through is as its left neighbour; behind a cut the middle of the cell decides.
    for (let column = 0, at = row * SIDE, before = CUT; column < SIDE; column++, at++)
      if (mask[at] === CUT) before = CUT;
      else mask[at] = before = before === CUT ? crossed(sides[row]!, grid.left + (column + 0.5) / grid.across, middle) : before;
  }
  return raster;
}

/** Marks the cells that a side runs through, and those beside them for the sake of rounding. */
function cut({ left, low, across, up }: Grid, { mask, sides }: Raster, ax: number, ay: number, bx: number, by: number): void {
  const from = Math.floor(up * (Math.min(ay, by) - low)), to = Math.floor(up * (Math.max(ay, by) - low));
  // Where the side, kept to its two ends, meets the lower edge of a row.
  const meets = (row: number) => across * (ax - left + (bx - ax) * Math.min(1, Math.max(0, (low + row / up - ay) / (by - ay))));
  for (let row = Math.max(0, from); row <= Math.min(SIDE - 1, to); row++) {
    sides[row]!.push(ax, ay, bx, by);
    // Of a side that is all but level, rounding decides at which end it enters a row: all of it counts.
    const [one, other] = up * Math.abs(ay - by) < 1e-3 ? [across * (ax - left), across * (bx - left)] : [meets(row), meets(row + 1)];
    mask.fill(CUT, row * SIDE + Math.max(0, Math.floor(Math.min(one, other)) - 1), row * SIDE + Math.min(SIDE, Math.floor(Math.max(one, other)) + 2));
  }
}

/** 1 where a line to the right crosses an odd number of sides, else 0. */
function crossed(sides: readonly number[], px: number, py: number): number {
  let odd = 0;
  for (let k = 0; k < sides.length; k += 4) {
    const ax = sides[k]!, ay = sides[k + 1]!, bx = sides[k + 2]!, by = sides[k + 3]!;
    if (ay > py !== by > py && px < ((bx - ax) * (py - ay)) / (by - ay) + ax) odd ^= 1;
  }
  return odd;
}

/** Keeps the corners of a drawn line that matter: Douglas–Peucker with a distance. */
export function simplify(line: readonly Point[], distance: number): Point[] {
  if (line.length < 3) return [...line];
  const [first, last] = [line[0]!, line.at(-1)!];
  const length = Math.hypot(last[0] - first[0], last[1] - first[1]) || 1e-9;
  let far = 0, most = 0;
  for (let i = 1; i < line.length - 1; i++) {
    const p = line[i]!;
    const off = length < 1e-6
      ? Math.hypot(p[0] - first[0], p[1] - first[1])
      : Math.abs((last[0] - first[0]) * (first[1] - p[1]) - (first[0] - p[0]) * (last[1] - first[1])) / length;
    if (off > most) { most = off; far = i; }
  }
  if (most <= distance) return [first, last];
  return [...simplify(line.slice(0, far + 1), distance).slice(0, -1), ...simplify(line.slice(far), distance)];
}
