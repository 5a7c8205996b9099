import { html, nothing, type TemplateResult } from "lit-html";
import { drawOverlay, drawPlain, outlineOf } from "./canvas/overlay";
import type { Context } from "./context";
import type { Example, Sheets } from "./contract";
import { fit, paint, place } from "./dom";
import type { Run } from "./run";
import { brief, figure, percent, shortenLayer, title } from "./format";

/** A sentence of a finding: what stands in backticks is a name, cut where it is longer than wanted; a number stays with its unit. */
export function prose(text: string, most = Infinity): TemplateResult {
  const spaced = (part: string) => part.replace(/ %/g, "\u202f%").replace(/\[[^[\]]{1,40}\]/g, (range) => range.replaceAll(", ", ",\u00a0")).replace(/(?<![\p{L}\p{N}_])([pnτ]) ([=<]) /gu, "$1\u00a0$2\u00a0");
  const parts = text.split("`").map((part, i, all) => (i % 2 && i < all.length - 1 ? part : spaced(part)));
  return html`<bdi>${parts.map((part, i) => (i % 2 && i < parts.length - 1 ? html`<code title=${part.length > most ? part : nothing}>${shortenLayer(part, most)}</code>` : i % 2 ? `\`${part}` : part))}</bdi>`;
}

export interface Choice<T extends string | number> { value: T; label: string; hint?: string }

/** A row of buttons of which one is pressed. */
export function segmented<T extends string | number>(label: string, choices: Choice<T>[], value: T, pick: (value: T) => void): TemplateResult {
  return html`
    <div class="segmented" role="group" aria-label=${label}>
      ${choices.map((choice) => html`<button type="button" aria-pressed=${choice.value === value ? "true" : "false"} title=${choice.hint ?? nothing} @click=${() => pick(choice.value)}>${choice.label}</button>`)}
    </div>`;
}

export function toggle(label: string, value: boolean, flip: (value: boolean) => void, hint?: string): TemplateResult {
  return html`<label class="toggle" title=${hint ?? nothing}><input type="checkbox" .checked=${value} @change=${(event: Event) => flip((event.target as HTMLInputElement).checked)}><span>${label}</span></label>`;
}

export function slider(label: string, value: number, said: string, move: (value: number) => void, { min = 0, max = 1, step = 0.05 }: { min?: number; max?: number; step?: number } = {}): TemplateResult {
  return html`
    <label class="slider"><span>${label}</span>
      <input type="range" min=${min} max=${max} step=${step} .value=${String(value)} aria-valuetext=${said} @input=${(event: Event) => move(Number((event.target as HTMLInputElement).value))}>
      <output>${said}</output>
    </label>`;
}

/** The layer for the whole page: a slider with its name. */
export function layerSlider({ run, store, state }: Context): TemplateResult | typeof nothing {
  if (run.layers.length < 2) return nothing;
  const index = run.layers.indexOf(state.layer);
  return html`
    <label class="slider layer-slider"><span>Layer</span>
      <input type="range" min="0" max=${run.layers.length - 1} step="1" .value=${String(Math.max(0, index))} aria-valuetext=${state.layer}
        @input=${(event: Event) => store.set({ layer: run.layers[Number((event.target as HTMLInputElement).value)]! }, false)}>
      <output title=${state.layer}>${shortenLayer(state.layer, 28)} <small>${index + 1} of ${run.layers.length}</small></output>
    </label>`;
}

export const methodSwitch = ({ run, store, state }: Context): TemplateResult =>
  segmented("Attribution method", run.methods.map((method) => ({ value: method, label: title(method) })), state.method, (method) => store.set({ method }));

/** A picture's place on its sheet, once the sheet is there. */
export interface Tile { sheet: ImageBitmap; x: number; y: number; size: number }

export function tileOf({ run }: Context, sheets: Sheets, index: number): Tile | undefined {
  const sheet = run.block<ImageBitmap>(sheets.sheets[Math.floor(index / sheets.perSheet)]), at = index % sheets.perSheet;
  return sheet && { sheet, x: (at % sheets.across) * sheets.size, y: Math.floor(at / sheets.across) * sheets.size, size: sheets.size };
}

/** A thumbnail cut from its sheet; a blank tile where the run has none. */
export function thumbnail(context: Context, sample: number, className = "thumb"): TemplateResult {
  const { run } = context;
  const sheets = run.samples?.thumbnails;
  const tile = sheets ? tileOf(context, sheets, sample) : undefined;
  const whole = sheets ? undefined : run.block<ImageBitmap>(run.example(sample)?.image);
  return html`<canvas class=${className} aria-hidden="true" ${paint((canvas) => {
    const { context, width, height } = fit(canvas);
    if (tile) context.drawImage(tile.sheet, tile.x, tile.y, tile.size, tile.size, 0, 0, width, height);
    else if (whole) context.drawImage(whole, 0, 0, width, height);
  }, sample, tile?.sheet, whole)}></canvas>`;
}

/** Label, prediction and confidence of a sample in words. */
export function told({ run }: Context, sample: number): { id: string; label: string; predicted: string; right: boolean | null; confidence: number; output: number | undefined } {
  const label = run.labels?.[sample] ?? -1, predicted = run.predicted?.[sample] ?? -1;
  return {
    id: run.ids?.[sample] ?? `sample ${sample}`,
    label: label >= 0 ? (run.classes[label] ?? `class ${label}`) : "",
    predicted: predicted >= 0 ? (run.classes[predicted] ?? `class ${predicted}`) : "",
    right: label >= 0 && predicted >= 0 ? label === predicted : null,
    confidence: run.confidence?.values[sample] ?? NaN,
    output: outputOf(run, sample),
  };
}

/** The number that the network gives for a sample, where it gives one. */
function outputOf(run: Run, sample: number): number | undefined {
  const column = run.output >= 0 ? run.column(run.output) : undefined;
  const value = Number(column?.values[column.codes[sample]!] || NaN);
  return Number.isFinite(value) ? value : undefined;
}

/** "✓ arterial" or "✗ arterial → excretory". */
export function outcome(context: Context, sample: number): TemplateResult {
  const { label, predicted, right, confidence, output } = told(context, sample);
  const sure = Number.isFinite(confidence) ? html` <small>${percent(confidence)}</small>` : nothing;
  const name = (text: string) => html`<bdi>${brief(text, 26)}</bdi>`;
  if (output !== undefined) return html`<span class="outcome">${figure(output)}</span>`;
  if (!predicted) return html`<span class="outcome">${label ? name(label) : "no label"}</span>`;
  if (right === null) return html`<span class="outcome">${name(predicted)}${sure}</span>`;
  return right
    ? html`<span class="outcome right"><i aria-hidden="true">✓</i><span class="hidden">right: </span> ${name(label)}${sure}</span>`
    : html`<span class="outcome wrong"><i aria-hidden="true">✗</i><span class="hidden">wrong: </span> ${name(label)} <span aria-hidden="true">→</span><span class="hidden"> taken for </span> ${name(predicted)}${sure}</span>`;
}

/** Pictures are shown in their own proportions. */
const shapeOf = (example: Example | undefined) => place({ "aspect-ratio": example ? `${example.width} / ${example.height}` : "1" });

/** At which share of a volume's depth the page looks. */
export const depthShare = ({ run, state }: Context): number => (state.slice < 0 ? 0.5 : (state.slice + 0.5) / run.slices);

const cut = new WeakMap<ImageBitmap, Map<number, ImageBitmap>>();
/** The slice of a volume's picture that the page looks at; a picture is its own. */
function sliced(context: Context, id: string | null | undefined, example: Example | undefined): ImageBitmap | undefined {
  const whole = context.run.block<ImageBitmap>(id), slices = example?.slices ?? 1;
  if (!whole || slices === 1) return whole;
  const at = Math.min(slices - 1, Math.floor(depthShare(context) * slices)), known = cut.get(whole) ?? new Map<number, ImageBitmap>();
  cut.set(whole, known);
  if (!known.has(at)) {
    const canvas = new OffscreenCanvas(whole.width, whole.height / slices);
    canvas.getContext("2d")!.drawImage(whole, 0, -at * canvas.height);
    known.set(at, canvas.transferToImageBitmap());
  }
  return known.get(at);
}

/** The picture as the model saw it. */
export function plain(context: Context, sample: number, className: string): TemplateResult {
  const example = context.run.example(sample);
  const image = sliced(context, example?.image, example);
  const mask = context.state.contour ? outlineOf(sliced(context, example?.mask, example)) : undefined;
  return html`<canvas class=${className} role="img" aria-label=${`Picture of sample ${sample}`} ${shapeOf(example)} ${paint((canvas) => drawPlain(canvas, image, mask), image, mask)}></canvas>`;
}

/** The picture with one map over it, at the page's settings. */
export function overlay(context: Context, sample: number, layer: string, method: string, className: string): TemplateResult {
  const { run, state } = context;
  const example = run.example(sample);
  const image = sliced(context, example?.image, example);
  const map = run.map(layer, method, sample, depthShare(context));
  const full = map ? colourLimit(context, sample, layer, method) : 0;
  const mask = state.contour ? outlineOf(sliced(context, example?.mask, example)) : undefined;
  const { alpha, threshold, view, smooth } = state;
  const said = `${title(method)} at ${layer}, sample ${sample}`;
  return html`<canvas class=${className} role="img" aria-label=${map ? said : `${said}: no map`} ${shapeOf(example)}
    ${paint((canvas) => drawOverlay(canvas, { image, map, limit: full, alpha, threshold, view, smooth, outline: mask }), image, map?.codes, map?.scale, full, alpha, threshold, view, smooth, mask)}></canvas>`;
}

export function colourLimit(context: Context, sample: number, layer: string, method: string): number {
  if (context.state.shared) return context.run.sharedLimit(method, sample);
  return context.run.limitOf(layer, method, sample);
}

export const limitText = (value: number): string => `Colours are full at ±${figure(value)} score units, the 99th percentile of the map.`;
