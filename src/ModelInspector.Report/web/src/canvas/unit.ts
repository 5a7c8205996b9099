import { FOR, signed, viridis } from "../colour";
import { fit } from "../dom";
import type { Maps, Slice } from "../blocks";
import { slice } from "../blocks";
import type { Tile } from "../view";
import { edges, strokeOutline } from "./overlay";

const FINE = 96;
/** Told apart from bones and skies, and from the white outline of a mask. */
const OUTLINE = "#ffd034";
const outlines = new WeakMap<Maps, Map<number, number[]>>();

/** Where a map lies above a threshold, with straight lines between its values: corners of the outline in shares of the picture. */
export function outlineAbove(maps: Maps, index: number, threshold: number): number[] {
  const known = outlines.get(maps) ?? new Map<number, number[]>();
  outlines.set(maps, known);
  if (!known.has(index)) known.set(index, outline(slice(maps, index), threshold));
  return known.get(index)!;
}

function outline(map: Slice, threshold: number): number[] {
  const width = Math.max(map.width, FINE), height = Math.max(map.height, Math.round((FINE * map.height) / map.width));
  const value = interpolated(map);
  return edges(width, height, (i) => value(((i % width) + 0.5) / width, (Math.floor(i / width) + 0.5) / height) > threshold);
}

/** Bilinear between the centres of the map's positions, as maps are resized elsewhere (corners not aligned). */
export function interpolated({ width, height, codes, scale }: Slice): (x: number, y: number) => number {
  const at = (column: number, row: number) => (scale * codes[Math.min(height - 1, Math.max(0, row)) * width + Math.min(width - 1, Math.max(0, column))]!) / 127;
  return (x, y) => {
    const column = x * width - 0.5, row = y * height - 0.5, left = Math.floor(column), top = Math.floor(row), across = column - left, down = row - top;
    return (1 - down) * ((1 - across) * at(left, top) + across * at(left + 1, top)) + down * ((1 - across) * at(left, top + 1) + across * at(left + 1, top + 1));
  };
}

export interface Driven { tile: Tile | undefined; maps: Maps | undefined; index: number; threshold: number; heat: boolean; limit: number }

/** A sample with the region that drives a unit: outlined, the rest dimmed; or the activation laid over it. */
export function drawDriven(canvas: HTMLCanvasElement, { tile, maps, index, threshold, heat, limit }: Driven): void {
  const { context, width, height } = fit(canvas);
  if (heat) context.filter = "grayscale(1)";
  if (tile) context.drawImage(tile.sheet, tile.x, tile.y, tile.size, tile.size, 0, 0, width, height);
  context.filter = "none";
  if (!maps) return;
  if (!tile) drawActivation(context, slice(maps, index), limit, width, height);
  if (heat && tile) { context.imageSmoothingEnabled = false; context.drawImage(tinted(slice(maps, index), limit), 0, 0, width, height); }
  else strokeOutline(context, outlineAbove(maps, index, threshold), width, height, OUTLINE);
}

function tinted(map: Slice, limit: number): OffscreenCanvas {
  return painted(map, (value) => [...FOR, 235 * Math.max(0, Math.min(1, limit > 0 ? value / limit : 0))]);
}

/** An activation alone: viridis from zero where nothing is negative, else blue – white – red around zero. */
export function drawActivation(context: CanvasRenderingContext2D, map: Slice, limit: number, width: number, height: number): void {
  const negative = map.codes.some((code) => code < 0 && code !== -128);
  context.imageSmoothingEnabled = false;
  context.drawImage(painted(map, (value) => [...(negative ? signed(value / (limit || 1)) : viridis(value / (limit || 1))), 255]), 0, 0, width, height);
}

function painted(map: Slice, colour: (value: number) => number[]): OffscreenCanvas {
  const pixels = new ImageData(map.width, map.height);
  map.codes.forEach((code, i) => pixels.data.set(code === -128 ? [255, 0, 255, 255] : colour((map.scale * code) / 127), 4 * i));
  const canvas = new OffscreenCanvas(map.width, map.height);
  canvas.getContext("2d")!.putImageData(pixels, 0, 0);
  return canvas;
}

/** One kernel: three channels as a colour with grey at zero, any other number of them side by side. */
export function drawKernel(canvas: HTMLCanvasElement, weights: Maps, shape: readonly number[], kernel: number): void {
  const { context, width, height } = fit(canvas);
  const [, , channels = 1, rows = 1, columns = 1] = shape;
  const code = (channel: number, p: number) => weights.codes[(kernel * channels + channel) * rows * columns + p]!;
  const planes = channels === 3 ? 1 : channels;
  const pixels = new ImageData(planes * columns, rows);
  for (let plane = 0; plane < planes; plane++)
    for (let p = 0; p < rows * columns; p++) {
      const colour = channels === 3 ? [0, 1, 2].map((channel) => 128 + code(channel, p)) : signed(code(plane, p) / 127);
      pixels.data.set([...colour, 255], 4 * (Math.floor(p / columns) * planes * columns + plane * columns + (p % columns)));
    }
  const fine = new OffscreenCanvas(pixels.width, pixels.height);
  fine.getContext("2d")!.putImageData(pixels, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(fine, 0, 0, width, height);
}
