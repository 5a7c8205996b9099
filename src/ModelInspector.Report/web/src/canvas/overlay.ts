import { AGAINST, FOR, signed, type Rgb } from "../colour";
import { fit } from "../dom";
import type { Slice } from "../blocks";

export interface Overlay {
  image: ImageBitmap | undefined;
  map: Slice | undefined;
  /** Value at which the colour is full. */
  limit: number;
  alpha: number;
  /** Values below this share of the map's own largest are not drawn. */
  threshold: number;
  view: "overlay" | "map";
  smooth: boolean;
  outline: readonly number[] | undefined;
}

/** The picture in grey, and over it the map: hue says for or against, opacity how much. */
export function drawOverlay(canvas: HTMLCanvasElement, overlay: Overlay): void {
  const { context, width, height } = fit(canvas);
  if (overlay.view === "overlay" && overlay.image) {
    context.filter = "grayscale(1)";
    context.drawImage(overlay.image, 0, 0, width, height);
    context.filter = "none";
  }
  if (overlay.map) {
    context.imageSmoothingEnabled = overlay.smooth;
    context.imageSmoothingQuality = "high";
    context.drawImage(tint(overlay.map, overlay), 0, 0, width, height);
  }
  if (overlay.outline) strokeOutline(context, overlay.outline, width, height);
}

/** The plain picture, with the mask's outline if it is wanted. */
export function drawPlain(canvas: HTMLCanvasElement, image: ImageBitmap | undefined, outline?: readonly number[]): void {
  const { context, width, height } = fit(canvas);
  if (image) context.drawImage(image, 0, 0, width, height);
  if (outline) strokeOutline(context, outline, width, height);
}

function tint(map: Slice, overlay: Overlay): OffscreenCanvas {
  const pixels = new ImageData(map.width, map.height);
  const colours = table(map.scale, overlay);
  for (let i = 0; i < map.codes.length; i++) pixels.data.set(colours[map.codes[i]! + 128]!, 4 * i);
  const canvas = new OffscreenCanvas(map.width, map.height);
  canvas.getContext("2d")!.putImageData(pixels, 0, 0);
  return canvas;
}

/** One RGBA for each of the 256 codes. A value that is not finite is magenta: it must not pass for a small one. */
export function table(scale: number, overlay: Pick<Overlay, "limit" | "alpha" | "threshold" | "view">): Uint8ClampedArray[] {
  return Array.from({ length: 256 }, (_, index) => {
    const code = index - 128;
    if (code === -128) return Uint8ClampedArray.of(255, 0, 255, 255);
    if (Math.abs(code) < overlay.threshold * 127) return new Uint8ClampedArray(4);
    const part = overlay.limit > 0 ? Math.max(-1, Math.min(1, (scale * code) / 127 / overlay.limit)) : 0;
    const colour: Rgb = overlay.view === "map" ? signed(part) : part >= 0 ? FOR : AGAINST;
    return Uint8ClampedArray.of(...colour, overlay.view === "map" ? 255 : 255 * overlay.alpha * Math.abs(part));
  });
}

export function strokeOutline(context: CanvasRenderingContext2D, outline: readonly number[], width: number, height: number, colour = "#fff"): void {
  context.beginPath();
  for (let i = 0; i < outline.length; i += 4) {
    context.moveTo(outline[i]! * width, outline[i + 1]! * height);
    context.lineTo(outline[i + 2]! * width, outline[i + 3]! * height);
  }
  for (const [stroke, line] of [["rgba(0,0,0,.55)", 2.5], [colour, 1.1]] as const) {
    context.strokeStyle = stroke;
    context.lineWidth = line;
    context.stroke();
  }
}

const outlines = new WeakMap<ImageBitmap, number[]>();

/** The edges between inside and outside of a mask picture, in shares of its size: x1, y1, x2, y2, … */
export function outlineOf(mask: ImageBitmap | undefined): number[] | undefined {
  if (!mask) return undefined;
  const known = outlines.get(mask);
  if (known) return known;
  const canvas = new OffscreenCanvas(mask.width, mask.height);
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  context.drawImage(mask, 0, 0);
  const { data } = context.getImageData(0, 0, mask.width, mask.height);
  const found = edges(mask.width, mask.height, (i) => data[4 * i]! > 127);
  outlines.set(mask, found);
  return found;
}

export function edges(width: number, height: number, inside: (index: number) => boolean): number[] {
  const at = (x: number, y: number) => x >= 0 && y >= 0 && x < width && y < height && inside(y * width + x);
  const found: number[] = [];
  for (let y = 0; y <= height; y++) horizontal(width, y, at, (from, to) => found.push(from / width, y / height, to / width, y / height));
  for (let x = 0; x <= width; x++) horizontal(height, x, (b, a) => at(a, b), (from, to) => found.push(x / width, from / height, x / width, to / height));
  return found;
}

// Runs of edges along one line, joined so that a straight side is one segment.
function horizontal(length: number, line: number, at: (x: number, y: number) => boolean, add: (from: number, to: number) => void): void {
  let start = -1;
  for (let x = 0; x <= length; x++) {
    const edge = x < length && at(x, line - 1) !== at(x, line);
    if (edge && start < 0) start = x;
    if (!edge && start >= 0) { add(start, x); start = -1; }
  }
}
