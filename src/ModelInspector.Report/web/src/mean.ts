import { html, type TemplateResult } from "lit-html";
import { limit, slice, type Maps } from "./blocks";
import { drawOverlay, edges } from "./canvas/overlay";
import type { Verdict } from "./contract";
import { fit, paint } from "./dom";

/** The mean attribution over the mean image, and the frame of what was replaced. */
export function meanMap(heat: Maps | undefined, input: Maps | undefined, region: Maps | undefined): TemplateResult {
  return html`<canvas class="square" role="img" aria-label="Mean attribution over the mean image" ${paint((canvas) => {
    if (!heat) return;
    fit(canvas);
    const map = slice(heat, 0), box = region && slice(region, 0);
    const outline = box && edges(box.width, box.height, (i) => box.codes[i]! > 63);
    drawOverlay(canvas, { image: input && grey(input), map, limit: limit(map), alpha: 0.95, threshold: 0, view: "overlay", smooth: true, outline });
  }, heat, input, region)}></canvas>`;
}

export const meanCaption = (finding: Verdict): string => `Red: mean attribution, on the mean image${finding.region ? "; the frame: what was replaced" : ""}`;

const greys = new WeakMap<Maps, ImageBitmap>();
/** The mean input as a grey picture, its least value black and its largest white. */
function grey(maps: Maps): ImageBitmap {
  const known = greys.get(maps);
  if (known) return known;
  const map = slice(maps, 0), image = new ImageData(map.width, map.height);
  let low = 127, high = -127;
  for (const code of map.codes) { low = Math.min(low, code); high = Math.max(high, code); }
  map.codes.forEach((code, i) => { const level = (255 * (code - low)) / (high - low || 1); image.data.set([level, level, level, 255], 4 * i); });
  const canvas = new OffscreenCanvas(map.width, map.height);
  canvas.getContext("2d")!.putImageData(image, 0, 0);
  const bitmap = canvas.transferToImageBitmap();
  greys.set(maps, bitmap);
  return bitmap;
}
