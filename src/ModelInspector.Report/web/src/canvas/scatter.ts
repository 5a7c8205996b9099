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
