import type { Rgb } from "../colour";

export type Point = readonly [number, number];

export interface View { scale: number; x: number; y: number }

/** What the map shows now. Positions are in data units, equal on both axes. */
export interface Cloud {
  count: number;
  x: Float32Array;
  y: Float32Array;
  /** One packed 0xBBGGRR a point. */
  colour: Uint32Array;
  /** Index into SHAPES a point. */
  shape: Uint8Array;
  /** 0: faint, 1: normal, 2: selected. */
  weight: Uint8Array;
}

export const pack = ([r, g, b]: Rgb): number => (r | 0) | ((g | 0) << 8) | ((b | 0) << 16);

/** Shapes beside colours: nobody should need to tell hues apart. */
export const SHAPES = ["disc", "square", "triangle", "diamond", "ring"] as const;

interface Stamp { offsets: Int16Array; cover: Uint8Array }
const stamps = new Map<string, Stamp>();

// Coverage of a shape around a pixel's centre, 4 × 4 samples a pixel.
function stamp(shape: number, radius: number): Stamp {
  const key = `${shape} ${radius}`;
  const known = stamps.get(key);
  if (known) return known;
  const reach = Math.ceil(radius * 1.35), offsets: number[] = [], cover: number[] = [];
  for (let y = -reach; y <= reach; y++)
    for (let x = -reach; x <= reach; x++) {
      let hits = 0;
      for (let s = 0; s < 16; s++) if (covers(shape, radius, x + ((s & 3) - 1.5) / 4, y + ((s >> 2) - 1.5) / 4)) hits++;
      if (hits > 0) { offsets.push(x, y); cover.push(Math.round((255 * hits) / 16)); }
    }
  const made = { offsets: Int16Array.from(offsets), cover: Uint8Array.from(cover) };
  stamps.set(key, made);
  return made;
}

function covers(shape: number, r: number, x: number, y: number): boolean {
  switch (SHAPES[shape]) {
    case "square": return Math.max(Math.abs(x), Math.abs(y)) < r * 0.88;
    case "triangle": return y < r * 0.8 && y > -r * 1.1 + Math.abs(x) * 1.75;
    case "diamond": return Math.abs(x) + Math.abs(y) < r * 1.25;
    case "ring": { const d = Math.hypot(x, y); return d < r * 1.1 && d > r * 0.5; }
    default: return Math.hypot(x, y) < r;
  }
}

export function radiusFor(count: number, ratio: number): number {
  const size = count > 50_000 ? 1.1 : count > 10_000 ? 1.5 : count > 3_000 ? 2.2 : count > 800 ? 3 : count > 60 ? 4 : 6;
  return Math.round(size * ratio * 4) / 4;
}

/** Where data units lie on the screen: x · unit + left, and y upwards from top. */
export interface Frame { unit: number; left: number; top: number }

/** Draws points into pixels, faint ones first. Plain memory writes: fast without any graphics card. */
export function splat(pixels: Uint8ClampedArray, width: number, height: number, cloud: Cloud, frame: Frame, radius: number): void {
  const words = new Uint32Array(pixels.buffer, pixels.byteOffset, width * height);
  if (cloud.count > SMALL_ABOVE) dots(words, width, height, cloud, frame, radius);
  else for (const weight of [0, 1]) stampAll(words, width, height, cloud, frame, weight, radius);
  stampAll(words, width, height, cloud, frame, 2, radius * 1.25);
}

function stampAll(words: Uint32Array, width: number, height: number, { count, x, y, shape, colour, weight }: Cloud, { unit, left, top }: Frame, wanted: number, radius: number): void {
  for (let i = 0; i < count; i++) {
    if (weight[i] !== wanted) continue;
    const px = Math.round(left + unit * x[i]!), py = Math.round(top - unit * y[i]!);
    if (px > -20 && py > -20 && px < width + 20 && py < height + 20) blend(words, width, height, px, py, stamp(shape[i]!, radius), colour[i]!, wanted === 0 ? 56 : 225);
  }
}

/** Above this many points a point is a small square without blending or shape. */
const SMALL_ABOVE = 10_000;

function dots(words: Uint32Array, width: number, height: number, { count, x, y, colour, weight }: Cloud, { unit, left, top }: Frame, radius: number): void {
  const size = Math.max(1, Math.round(1.6 * radius));
  for (let i = 0; i < count; i++) {
    const px = (left + unit * x[i]!) | 0, py = (top - unit * y[i]!) | 0;
    if (!(px >= 0 && py >= 0 && px + size <= width && py + size <= height)) continue;
    // A faint point never covers a plain one, whichever comes first.
    const faint = weight[i] === 0, word = (colour[i]! | (faint ? 0x40000000 : 0xe0000000)) >>> 0, most = faint ? 0x40ffffff : 0xffffffff;
    for (let row = py * width + px, last = row + size * width; row < last; row += width)
      for (let at = row; at < row + size; at++) if (words[at]! <= most) words[at] = word;
  }
}

function blend(words: Uint32Array, width: number, height: number, cx: number, cy: number, { offsets, cover }: Stamp, colour: number, opacity: number): void {
  const r = colour & 255, g = (colour >> 8) & 255, b = (colour >> 16) & 255;
  for (let k = 0; k < cover.length; k++) {
    const x = cx + offsets[2 * k]!, y = cy + offsets[2 * k + 1]!;
    if (x < 0 || y < 0 || x >= width || y >= height) continue;
    const at = y * width + x, below = words[at]!;
    const alpha = (cover[k]! * opacity) >> 8, rest = ((below >>> 24) * (255 - alpha)) >> 8, sum = alpha + rest;
    if (sum === 0) continue;
    const mix = (own: number, other: number) => ((own * alpha + other * rest) / sum) | 0;
    words[at] = (mix(r, below & 255) | (mix(g, (below >> 8) & 255) << 8) | (mix(b, (below >> 16) & 255) << 16) | (Math.min(255, sum) << 24)) >>> 0;
  }
}

/** Counts per pixel, drawn as opacity: above this many points single ones cannot be seen anyway. */
export const DENSITY_ABOVE = 300_000;

export function density(pixels: Uint8ClampedArray, width: number, height: number, cloud: Cloud, { unit, left, top }: Frame): void {
  const counts = new Uint32Array(width * height), sums = new Float32Array(3 * width * height);
  let most = 1;
  for (let i = 0; i < cloud.count; i++) {
    const x = Math.round(left + unit * cloud.x[i]!), y = Math.round(top - unit * cloud.y[i]!);
    if (!(x >= 0 && y >= 0 && x < width && y < height)) continue;
    const at = y * width + x, colour = cloud.colour[i]!;
    most = Math.max(most, ++counts[at]!);
    sums[3 * at]! += colour & 255;
    sums[3 * at + 1]! += (colour >> 8) & 255;
    sums[3 * at + 2]! += (colour >> 16) & 255;
  }
  const full = Math.log1p(most);
  for (let at = 0; at < counts.length; at++) {
    const n = counts[at]!;
    if (n > 0) pixels.set([sums[3 * at]! / n, sums[3 * at + 1]! / n, sums[3 * at + 2]! / n, 60 + (195 * Math.log1p(n)) / full], 4 * at);
  }
}

/** The point nearest to a place, if it is within reach. */
export function nearest(cloud: Cloud, x: number, y: number, reach: number): number {
  let best = -1, least = reach * reach;
  for (let i = 0; i < cloud.count; i++) {
    const dx = cloud.x[i]! - x, dy = cloud.y[i]! - y, d = dx * dx + dy * dy;
    if (d < least) { least = d; best = i; }
  }
  return best;
}

/** Indices of the points inside a polygon (even-odd), ascending. */
export function inside(x: Float32Array, y: Float32Array, polygon: readonly Point[]): Int32Array {
  const grid = gridOf(polygon), { left, low, across, up, cells } = grid, found = new Int32Array(x.length);
  let count = 0;
  for (let i = 0; i < x.length; i++) {
    const column = across * (x[i]! - left), row = up * (y[i]! - low);
    if (!(column >= 0 && row >= 0 && column < GRID && row < GRID)) continue;
    const cell = cells[(row | 0) * GRID + (column | 0)]!;
    if (cell === IN || (cell === CUT && crossed(grid.sides[row | 0]!, x[i]!, y[i]!))) found[count++] = i;
  }
  return found.slice(0, count);
}

/** A grid over a polygon: most cells lie wholly inside or outside, so that few points need to be looked at closely. */
interface Grid { left: number; low: number; across: number; up: number; cells: Uint8Array; sides: number[][] }
const GRID = 128, IN = 1, CUT = 2;

function gridOf(polygon: readonly Point[]): Grid {
  const xs = polygon.map((p) => p[0]), ys = polygon.map((p) => p[1]);
  const [left, low] = [Math.min(...xs), Math.min(...ys)];
  // A hair wider than the polygon, so that its last corner lies in the last cell.
  const span = (values: number[], from: number) => (GRID * (1 - 1e-6)) / (Math.max(...values) - from || 1);
  const grid: Grid = { left, low, across: span(xs, left), up: span(ys, low), cells: new Uint8Array(GRID * GRID), sides: Array.from({ length: GRID }, () => []) };
  for (let a = 0, b = xs.length - 1; a < xs.length; b = a++) cut(grid, xs[a]!, ys[a]!, xs[b]!, ys[b]!);
  for (let row = 0; row < GRID; row++) for (let column = 0; column < GRID; column++) {
    const at = row * GRID + column;
    // What no side runs through is as its left neighbour; behind a cut the middle of the cell decides.
    if (grid.cells[at] !== CUT) grid.cells[at] = column > 0 && grid.cells[at - 1] !== CUT ? grid.cells[at - 1]! : Number(crossed(grid.sides[row]!, left + (column + 0.5) / grid.across, low + (row + 0.5) / grid.up));
  }
  return grid;
}

/** Marks the cells that a side runs through, and those beside them for the sake of rounding. */
function cut({ left, low, across, up, cells, sides }: Grid, ax: number, ay: number, bx: number, by: number): void {
  const rowOf = (y: number) => Math.min(GRID - 1, (up * (y - low)) | 0);
  // Where the side, kept to its two ends, meets the lower edge of a row.
  const meets = (row: number) => across * (ax - left + (bx - ax) * Math.min(1, Math.max(0, (low + row / up - ay) / (by - ay))));
  for (let row = rowOf(Math.min(ay, by)); row <= rowOf(Math.max(ay, by)); row++) {
    sides[row]!.push(ax, ay, bx, by);
    const [one, other] = ay === by ? [across * (ax - left), across * (bx - left)] : [meets(row), meets(row + 1)];
    cells.fill(CUT, row * GRID + Math.max(0, Math.floor(Math.min(one, other)) - 1), row * GRID + Math.min(GRID, Math.floor(Math.max(one, other)) + 2));
  }
}

/** Whether a line to the right crosses an odd number of sides: x, y, x, y a side. */
function crossed(sides: readonly number[], px: number, py: number): boolean {
  let odd = false;
  for (let k = 0; k < sides.length; k += 4) {
    const ax = sides[k]!, ay = sides[k + 1]!, bx = sides[k + 2]!, by = sides[k + 3]!;
    if (ay > py !== by > py && px < ((bx - ax) * (py - ay)) / (by - ay) + ax) odd = !odd;
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
