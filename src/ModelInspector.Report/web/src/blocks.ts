import type { BlockInfo } from "./contract";

/** Points in the plane; NaN where a sample has none. */
export interface Points { count: number; columns: number; values: Float32Array }

/** Maps of one layer and method: signed codes with one scale a map; value = scale · code / 127. */
export interface Maps { count: number; depth: number; height: number; width: number; scales: Float32Array; codes: Int8Array }

const MISSING = 0xffff;

export function readU16(info: Extract<BlockInfo, { type: "u16" }>, bytes: Uint8Array<ArrayBuffer>): Points {
  const codes = words(bytes);
  const columns = info.shape.at(-1) ?? 1;
  const values = new Float32Array(codes.length);
  for (let i = 0; i < codes.length; i++) values[i] = codes[i] === MISSING ? NaN : info.low[i % columns]! + info.step * codes[i]!;
  return { count: codes.length / columns, columns, values };
}

/** Statistics as they were computed, row by row. */
export function readF32(info: Extract<BlockInfo, { type: "f32" }>, bytes: Uint8Array<ArrayBuffer>): Points {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), columns = info.shape.at(-1) ?? 1;
  const values = Float32Array.from({ length: bytes.byteLength >> 2 }, (_, i) => view.getFloat32(4 * i, true));
  return { count: values.length / columns, columns, values };
}

export function readLabels(bytes: Uint8Array<ArrayBuffer>): Int32Array {
  return Int32Array.from(words(bytes), (code) => (code === MISSING ? -1 : code));
}

export function readMaps(info: Extract<BlockInfo, { type: "i8" }>, bytes: Uint8Array<ArrayBuffer>): Maps {
  const count = info.shape[0] ?? 0;
  const [width, height] = [info.shape.at(-1) ?? 0, info.shape.at(-2) ?? 0];
  const depth = info.shape.slice(1, -2).reduce((product, size) => product * size, 1);
  const view = new DataView(bytes.buffer, bytes.byteOffset, 4 * count);
  const scales = Float32Array.from({ length: count }, (_, i) => view.getFloat32(4 * i, true));
  return { count, depth, height, width, scales, codes: new Int8Array(bytes.buffer, bytes.byteOffset + 4 * count, count * depth * height * width) };
}

function words(bytes: Uint8Array<ArrayBuffer>): Uint16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint16Array.from({ length: bytes.byteLength >> 1 }, (_, i) => view.getUint16(2 * i, true));
}

/** One slice of one map, with what is needed to colour it. */
export interface Slice { width: number; height: number; codes: Int8Array; scale: number }

const slices = new WeakMap<Maps, Map<number, Slice>>();

/** The same object for the same slice: what is drawn of it need not be drawn again. */
export function slice(maps: Maps, index: number, depth = maps.depth >> 1): Slice {
  const known = slices.get(maps) ?? new Map<number, Slice>(), at = index * maps.depth + depth;
  slices.set(maps, known);
  if (!known.has(at)) {
    const size = maps.width * maps.height;
    known.set(at, { width: maps.width, height: maps.height, codes: maps.codes.subarray(at * size, (at + 1) * size), scale: maps.scales[index] ?? 0 });
  }
  return known.get(at)!;
}

const limits = new WeakMap<Slice, number>();

/** 99th percentile of |value|, or the largest where that is zero: the symmetric limit of a map's colours. */
export function limit(map: Slice): number {
  if (!limits.has(map)) limits.set(map, percentile(map));
  return limits.get(map)!;
}

function percentile(map: Slice): number {
  const counts = new Uint32Array(129);
  let total = 0;
  for (const code of map.codes) if (code !== -128) { counts[Math.abs(code)]!++; total++; }
  let seen = 0;
  for (let code = 0, wanted = 0.99 * total; code <= 127; code++) {
    seen += counts[code]!;
    if (seen >= wanted && code > 0) return (map.scale * code) / 127;
  }
  return map.scale;
}

/** Share of a map's values that are not finite. */
export function missing(map: Slice): number {
  let count = 0;
  for (const code of map.codes) if (code === -128) count++;
  return map.codes.length === 0 ? 0 : count / map.codes.length;
}
