import { html, nothing, type TemplateResult } from "lit-html";
import { missing } from "../blocks";
import { FOR, AGAINST, signed } from "../colour";
import type { Context, Section } from "../context";
import { drawn, saves } from "../chart/figure";
import { paint, place, shade } from "../dom";
import { percent, plural, shorten, shortenLayer, title } from "../format";
import { selection } from "../selection";
import { colourLimit, depthShare, layerSlider, limitText, methodSwitch, outcome, overlay, plain, segmented, slider, toggle, told } from "../view";
import { measured } from "./findings";

const ROWS = 12;
let rows = ROWS;
let held: { alpha: number } | undefined;

/** What a map is made of, for who meets its name here first. */
const MEANING: Record<string, string> = {
  "sam": "SAM, the saliency activation map: at each position gradient times activation, summed over channels.",
  "grad-cam": "Grad-CAM: the channels' activations, each weighted by its mean gradient, summed.",
  "layer-cam": "LayerCAM: at each position activation times positive gradient, summed over channels.",
  "hi-res-cam": "HiResCAM: at each position gradient times activation, summed over channels before the sum is cut at zero.",
  "x-grad-cam": "XGrad-CAM: the channels' activations, each weighted by its gradient's mean where it is active, summed.",
  "grad-cam-plus-plus": "Grad-CAM++: the channels' activations, each weighted by its positive gradients, summed.",
};

export const attributions: Section = {
  id: "attributions",
  title: "Attributions",
  question: "Which positions speak for the answer, and which against it?",
  present: (run) => run.methods.length > 0 && run.mapped.length > 0,
  body(context) {
    const { state } = context;
    return html`
      <div class="bar">
        ${layerSlider(context)}
        <div class="field"><span>Method</span>${methodSwitch(context)}</div>
      </div>
      ${MEANING[state.method] ? html`<p class="note meant">${MEANING[state.method]}</p>` : nothing}
      ${state.example >= 0 && context.run.example(state.example) ? focus(context, state.example) : nothing}
      ${through(context)}
      ${matrix(context)}`;
  },
};

/** One example large: the plain picture beside the overlay, and everything that changes how it is drawn. */
function focus(context: Context, sample: number): TemplateResult {
  const { run, state, store } = context;
  const map = run.map(state.layer, state.method, sample, depthShare(context));
  const finding = run.mapsOf(state.layer, state.method);
  const slices = run.slices, now = Math.min(slices - 1, Math.floor(depthShare(context) * slices));
  const gone = map ? missing(map) : 0;
  const info = told(context, sample);
  const peek = (down: boolean) => (event: Event) => { event.preventDefault(); flicker(context, down); };
  return html`
    <div class="focus drawn">
      <div class="focus-images drawing"><figure class="focus-image"><figcaption>As the model saw it</figcaption>${plain(context, sample, "square")}</figure>
      <figure class="focus-image"><figcaption>${title(state.method)} at <bdi title=${state.layer}>${shortenLayer(state.layer, 28)}</bdi></figcaption>
        <div @pointerdown=${peek(true)} @pointerup=${peek(false)} @pointerleave=${peek(false)}>${overlay(context, sample, state.layer, state.method, "square")}</div>
      </figure></div>
      <div class="focus-side">
        <p class="focus-id" title=${info.id}><bdi>${shorten(info.id, 60)}</bdi></p>
        ${outcome(context, sample)}
        <dl class="settings">${(run.samples?.columns ?? []).slice(0, 6).map((_, i) => run.column(i)).map((column) => column && html`<div><dt><bdi>${shorten(column.name, 24)}</bdi></dt><dd><bdi>${shorten(column.values[column.codes[sample]!] ?? "", 40)}</bdi></dd></div>`)}</dl>
        <div class="stepper" role="group" aria-label="Example">
          <button type="button" @click=${() => step(context, -1)} aria-label="Previous example">‹</button>
          <span>${run.mapped.indexOf(sample) + 1} of ${run.mapped.length}</span>
          <button type="button" @click=${() => step(context, 1)} aria-label="Next example">›</button>
        </div>
        <div class="legend-scale">
          <canvas class="ramp" aria-hidden="true" ${paint((canvas) => scale(canvas, state.view), state.view)}></canvas>
          <p class="ramp-ends"><span>against</span><span>0</span><span>for</span></p>
          <p class="note">${!map ? "No map for this sample." : map.scale === 0 ? html`<b>This map is zero everywhere.</b>` : limitText(colourLimit(context, sample, state.layer, state.method))}${gone > 0 ? html` <b>${percent(gone)} of the map is not a number (magenta).</b>` : nothing}</p>
          ${finding ? html`<p class="note">Explains the <bdi>${finding.target}</bdi>. Map of ${map ? `${map.width} × ${map.height}` : "–"} positions.</p>` : nothing}
        </div>
        <div class="controls">
          ${segmented("What to draw", [{ value: "overlay" as const, label: "Overlay" }, { value: "map" as const, label: "Map alone" }], state.view, (view) => store.set({ view }))}
          ${slider("Opacity", state.alpha, percent(state.alpha), (alpha) => store.set({ alpha }, false))}
          ${slices > 1 ? slider("Slice", now, `${now + 1} of ${slices}`, (slice) => store.set({ slice }, false), { max: slices - 1, step: 1 }) : nothing}
          ${slider("Hide below", state.threshold, percent(state.threshold), (threshold) => store.set({ threshold }, false))}
          ${toggle("Same scale across layers", state.shared, (shared) => store.set({ shared }), "One colour limit for all layers of the method, the largest")}
          ${run.samples?.examples.some((example) => example.mask) ? toggle("Mask outline", state.contour, (contour) => store.set({ contour })) : nothing}
          ${toggle("Smooth", state.smooth, (smooth) => store.set({ smooth }), "Interpolates between positions; makes a coarse map look finer than it is")}
        </div>
        ${finding ? measured(finding.from) : nothing}
      </div>
      ${saves("Picture and map", undefined, ["PNG"])}
    </div>`;
}

/** Hides the overlay while a key or button is held. */
export function flicker({ store, state }: Context, down: boolean): void {
  if (down && !held) { held = { alpha: state.alpha }; store.set({ alpha: 0 }, false); }
  else if (!down && held) { store.set({ alpha: held.alpha }, false); held = undefined; }
}

export function step({ run, store, state }: Context, by: number): void {
  const among = run.mapped;
  if (among.length === 0) return;
  const index = among.indexOf(state.example);
  store.set({ example: among[(index + by + among.length) % among.length]! });
}

function scale(canvas: HTMLCanvasElement, view: "overlay" | "map"): void {
  shade(canvas, (share) => {
    const t = 2 * share - 1;
    const [r, g, b] = view === "map" ? signed(t) : t >= 0 ? FOR : AGAINST;
    return `rgba(${Math.round(r)},${Math.round(g)},${Math.round(b)},${view === "map" ? 1 : Math.abs(t)})`;
  });
}

/** The example through the network: one row a method, one column a layer. */
function through(context: Context): TemplateResult | typeof nothing {
  const { run, state, store } = context;
  if (state.example < 0 || !run.example(state.example)) return nothing;
  const layers = someLayers(run.layers, state.layer);
  return html`
    <h3>The same picture through the network</h3>
    ${drawn("The same picture through the network", html`<div class="scroll" tabindex="0" role="region" aria-label="The same picture through the network">
      <table class="matrix" ${cells(layers.length)}>
        <thead><tr><td></td>${layers.map((layer) => html`<th scope="col" title=${layer} class=${layer === state.layer ? "now" : nothing}><bdi>${shortenLayer(run.shortLayer(layer), 14)}</bdi></th>`)}</tr></thead>
        <tbody>${run.methods.map((method) => html`<tr><th scope="row">${title(method)}</th>${layers.map((layer) => cell(context, state.example, layer, method, layer === state.layer && method === state.method, () => store.set({ layer, method })))}</tr>`)}</tbody>
      </table>
    </div>`)}`;
}

/** At most a dozen layers side by side: the first, the last, the chosen one, and evenly between. */
export function someLayers(layers: readonly string[], now: string, most = 12): string[] {
  if (layers.length <= most) return [...layers];
  const last = layers.length - 1;
  const places = new Set(Array.from({ length: most }, (_, i) => Math.round((i * last) / (most - 1))));
  const wanted = layers.indexOf(now);
  if (wanted >= 0 && !places.has(wanted)) {
    const nearest = [...places].filter((place) => place !== 0 && place !== last).reduce((a, b) => (Math.abs(b - wanted) < Math.abs(a - wanted) ? b : a));
    places.delete(nearest);
    places.add(wanted);
  }
  return [...places].sort((a, b) => a - b).map((place) => layers[place]!);
}

/** Wide enough to see, narrow enough that a handful of columns stand side by side. */
const cells = (columns: number) => place({ "--cell": `clamp(72px, calc((min(100vw, 1400px) - 220px) / ${columns} - 6px), 168px)` });

function cell(context: Context, sample: number, layer: string, method: string, now: boolean, click: () => void): TemplateResult {
  return context.run.mapsOf(layer, method)
    ? html`<td><button type="button" class="cell" aria-pressed=${now ? "true" : "false"} aria-label=${`Sample ${sample}, ${title(method)} at ${layer}`} @click=${click}>${overlay(context, sample, layer, method, "square")}</button></td>`
    : html`<td class="none" title="Not computed">–</td>`;
}

/** Examples by layers of one method, or by methods at one layer. */
function matrix(context: Context): TemplateResult {
  const { run, state, store } = context;
  const chosen = selection(context);
  const among = chosen ? run.mapped.filter((sample) => chosen.has[sample]) : run.mapped;
  const byLayer = state.matrix === "layers";
  const layers = someLayers(run.layers, state.layer);
  const columns = byLayer ? layers.map((layer) => ({ layer, method: state.method })) : run.methods.map((method) => ({ layer: state.layer, method }));
  return html`
    <div class="bar">
      <h3>${chosen ? `${plural(among.length, "example")} of the selection` : plural(among.length, "example")}</h3>
      ${byLayer && layers.length < run.layers.length ? html`<p class="note">${layers.length} of ${run.layers.length} layers side by side; the slider reaches all.</p>` : nothing}
      ${segmented("Columns", [{ value: "layers" as const, label: `By layer, ${title(state.method)}` }, { value: "methods" as const, label: `By method, ${shortenLayer(state.layer, 16)}` }], state.matrix, (value) => store.set({ matrix: value }))}
    </div>
    ${among.length === 0 ? html`<p class="empty">No sample of the selection has a map; maps were made of ${run.mapped.length}.</p>` : html`
    ${drawn("Examples", html`<div class="scroll" tabindex="0" role="region" aria-label="Examples">
      <table class="matrix" ${cells(columns.length + 1)}>
        <thead><tr><th scope="col">picture</th>${columns.map(({ layer, method }) => html`<th scope="col" title=${byLayer ? layer : method}><bdi>${shortenLayer(byLayer ? run.shortLayer(layer) : title(method), 14)}</bdi></th>`)}</tr></thead>
        <tbody>${among.slice(0, rows).map((sample) => html`
          <tr>
            <th scope="row"><button type="button" class="cell" aria-pressed=${sample === state.example ? "true" : "false"} aria-label=${`Sample ${sample}`} @click=${() => store.set({ example: sample })}>${plain(context, sample, "square")}</button>${outcome(context, sample)}</th>
            ${columns.map(({ layer, method }) => cell(context, sample, layer, method, sample === state.example && layer === state.layer && method === state.method, () => store.set({ example: sample, layer, method })))}
          </tr>`)}</tbody>
      </table>
    </div>`)}
    ${among.length > rows ? html`<button type="button" class="quiet" @click=${() => { rows += 2 * ROWS; store.touch(); }}>Show more of ${among.length}</button>` : nothing}`}`;
}
