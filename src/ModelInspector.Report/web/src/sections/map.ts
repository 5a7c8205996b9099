import { html, nothing, render, svg, type TemplateResult } from "lit-html";
import { MapCanvas } from "../canvas/map";
import { pack, type Cloud, type Point } from "../canvas/scatter";
import { colourChoices, colouring, type Colouring } from "../colouring";
import { GREY, viridis, type Theme } from "../colour";
import { number } from "../contract";
import type { Context, Section } from "../context";
import { once, paint, place, shade } from "../dom";
import { brief, count, figure as three, plural, shorten, title } from "../format";
import { lassoText, placement, readLasso, selection } from "../selection";
import { layerSlider, outcome, prose, segmented, thumbnail, told } from "../view";
import { neighbors, quality } from "./map-quality";
import { list } from "./map-samples";
import { prepare, selected } from "./map-selection";

let widget: MapCanvas | undefined;
let hover = { index: -1, x: 0, y: 0 };
let highlighted = -1, highlightedOf = "";
let current: Context;
let shown: { key: unknown[]; cloud: Cloud } | undefined;

export const map: Section = {
  id: "map",
  title: "Map",
  question: "What lies close together, and what drives it apart?",
  present: (run) => run.embeddings.length > 0,
  body(context) {
    current = context;
    const { run, state, store } = context;
    const finding = run.embeddingOf(state.layer, state.embedding);
    const colours = colouring(context);
    forget(context);
    update(context, colours);
    queueMicrotask(drawCard);
    const chosen = selection(context);
    return html`
      <div class="bar">
        ${layerSlider(context)}
        <div class="field"><span>Method</span>${segmented("Embedding method", run.embeddings.map((method) => ({ value: method, label: title(method) })), state.embedding, (embedding) => store.set({ embedding }))}</div>
        <label class="field"><span>Colour by</span>
          <select @change=${(event: Event) => store.set({ colour: (event.target as HTMLSelectElement).value })}>
            ${colourChoices(context).map((choice) => html`<option value=${choice.value} ?selected=${choice.value === state.colour} title=${choice.label}>${shorten(choice.label, 40)}</option>`)}
          </select>
        </label>
      </div>
      <div class="map">
        <div class="map-main">
          <div class="map-stage">
            <canvas class="map-canvas" tabindex="0" role="img"
              aria-label=${`Map of ${plural(run.count, "sample")}: ${title(state.embedding)} of layer ${state.layer}, coloured by ${colours?.title ?? ""}. Drag to select; arrow keys move, plus and minus zoom. The list below holds the same samples.`}
              ${once((element) => start(element as HTMLCanvasElement))}></canvas>
            ${finding ? nothing : html`<p class="map-empty">${title(state.embedding)} was not computed for <bdi>${state.layer}</bdi>.</p>`}
            <div class="card-place"></div>
            <div class="map-tools" role="group" aria-label="Map tools">
              <button type="button" aria-pressed=${!widget || widget.tool === "select" ? "true" : "false"} title="Drag draws around samples" @click=${() => tool(context, "select")}>${ICONS.lasso}<span class="hidden">Select</span></button>
              <button type="button" aria-pressed=${widget?.tool === "pan" ? "true" : "false"} title="Drag moves the map" @click=${() => tool(context, "pan")}>${ICONS.move}<span class="hidden">Move</span></button>
              <button type="button" title="Zoom in" @click=${() => widget?.zoom(1.4)}>${ICONS.plus}<span class="hidden">Zoom in</span></button>
              <button type="button" title="Zoom out" @click=${() => widget?.zoom(1 / 1.4)}>${ICONS.minus}<span class="hidden">Zoom out</span></button>
              <button type="button" title="Show all" @click=${() => widget?.reset()}>${ICONS.whole}<span class="hidden">Show all</span></button>
            </div>
          </div>
          ${finding ? quality(context, finding) : nothing}
        </div>
        <aside class="map-side">
          ${colours ? legend(context, colours) : nothing}
          ${groups(context)}
          ${chosen ? selected(context, chosen) : html`<p class="hint">Drag around samples to see what they have in common. Ctrl and the wheel zooms.</p>`}
          ${finding ? neighbors(context, finding) : nothing}
        </aside>
      </div>
      ${list(context, chosen, mapSvg)}`;
  },
};

const icon = (path: string): TemplateResult => html`<svg viewBox="0 0 16 16" aria-hidden="true">${svg`<path d=${path}/>`}</svg>`;
const ICONS = {
  lasso: icon("M8 2.5c3.3 0 6 1.7 6 4s-2.700 4-6 4-6-1.700-6-4 2.700-4 6-4zM4.500 9.800c-1.200 1.200 0 2.500 1 1.900 1-.700.300-2-1-1.900zm-.300 2c-.200 1 .300 1.700 1.300 2.200"),
  move: icon("M8 1.500v13M1.500 8h13M8 1.500 6 3.500M8 1.500l2 2M8 14.500l-2-2M8 14.500l2-2M1.500 8l2-2M1.500 8l2 2M14.500 8l-2-2M14.500 8l-2 2"),
  plus: icon("M8 3v10M3 8h10"),
  minus: icon("M3 8h10"),
  whole: icon("M2.500 6V2.500H6M10 2.500h3.500V6M13.500 10v3.500H10M6 13.500H2.500V10"),
};

function tool({ store }: Context, which: "select" | "pan"): void {
  if (widget) widget.tool = which;
  store.touch();
}

/** Without waiting for the next frame: printing does not wait either. */
export function drawMapNow(): void { widget?.render(); }

function start(canvas: HTMLCanvasElement): void {
  widget = new MapCanvas(canvas, {
    near() { prepare(current.run); },
    hover(index, x, y) { hover = { index, x, y }; drawCard(); },
    click(index) { current.store.set(index >= 0 ? { example: index } : { lasso: "" }); },
    lasso(polygon) { current.store.set({ lasso: lassoText(current.run.layers.indexOf(current.state.layer), current.state.embedding, polygon) }); },
  });
  shown = undefined;
  current.store.touch();
}

/** A category is one of its colouring only; groups are others at every layer. */
function forget({ state }: Context): void {
  const of = state.colour.startsWith("groups:") ? `${state.colour} ${state.layer}` : state.colour;
  if (of !== highlightedOf) highlighted = -1;
  highlightedOf = of;
}

/** Hands the widget what to draw, made anew only when something it is made of changed. */
function update(context: Context, colours: Colouring | undefined): void {
  const { run, state, theme } = context;
  const points = run.pointsOf(state.layer, state.embedding);
  if (!widget || !colours || !points) return;
  const chosen = selection(context);
  const lasso = readLasso(state.lasso);
  const here = lasso && run.layers[lasso.layer] === state.layer && lasso.embedding === state.embedding ? lasso.polygon : [];
  const key = [points, colours, chosen, theme, highlighted, state.example];
  if (shown && key.every((part, i) => part === shown!.key[i])) return;
  const { x, y } = placement(points);
  const weight = highlighted < 0 && chosen ? chosen.has.slice() : new Uint8Array(points.count).fill(highlighted >= 0 ? 0 : 1);
  if (highlighted >= 0) colours.codes?.forEach((code, i) => { if (code === highlighted) weight[i] = 1; });
  if (state.example >= 0) weight[state.example] = 2;
  const cloud: Cloud = {
    count: points.count, x, y, weight,
    ...dressed(colours, points.count),
  };
  shown = { key, cloud };
  widget.show(cloud, here as Point[], theme);
}

const dresses = new WeakMap<Colouring, Pick<Cloud, "colour" | "shape">>();

/** Colour and shape of every point: the same for every selection. */
function dressed(colours: Colouring, count: number): Pick<Cloud, "colour" | "shape"> {
  const known = dresses.get(colours);
  if (known) return known;
  const made = { colour: new Uint32Array(count), shape: new Uint8Array(count) };
  for (let i = 0; i < count; i++) { made.colour[i] = pack(colours.colour(i)); made.shape[i] = colours.shape(i); }
  dresses.set(colours, made);
  return made;
}

/** Only the card is drawn again while the pointer moves, not the page. */
function drawCard(): void {
  const place = document.querySelector<HTMLElement>(".card-place");
  if (place) render(card(current, colouring(current)), place);
}

function card(context: Context, colours: Colouring | undefined): TemplateResult | typeof nothing {
  const { index, x, y } = hover;
  if (index < 0 || index >= context.run.count) return nothing;
  const { id } = told(context, index);
  const stage = widget?.canvas;
  const left = stage && x > stage.clientWidth / 2, high = stage && y > stage.clientHeight / 2;
  return html`
    <div class="card" ${place({ left: left ? "auto" : `${x + 16}px`, right: left ? `${stage.clientWidth - x + 16}px` : "auto", top: high ? "auto" : `${y + 12}px`, bottom: high ? `${stage.clientHeight - y + 12}px` : "auto" })}>
      ${thumbnail(context, index)}
      <div><p class="card-id"><bdi>${shorten(id, 44)}</bdi></p>${outcome(context, index)}${colours && colours.title ? html`<p><bdi>${shorten(colours.title, 24)}</bdi>: <b><bdi>${shorten(colours.text(index), 30)}</bdi></b></p>` : nothing}</div>
    </div>`;
}

const MARKS = ["M8 3a5 5 0 1 0 .01 0z", "M3.500 3.500h9v9h-9z", "M8 2.500 13.500 13h-11z", "M8 1.500 14.500 8 8 14.500 1.500 8z", "M8 2a6 6 0 1 0 .01 0zm0 3.200a2.800 2.800 0 1 1-.01 0z"];

function legend(context: Context, colours: Colouring): TemplateResult {
  const light = (code: number) => { highlighted = code; context.store.touch(); };
  if (colours.scale) return html`
    <h3><bdi>${shorten(colours.title, 40)}</bdi></h3>
    <canvas class="ramp" aria-hidden="true" ${paint((canvas) => shade(canvas, (share) => `rgb(${viridis(share).map(Math.round).join(",")})`), colours)}></canvas>
    <p class="ramp-ends"><span>${three(colours.scale.low)}</span><span>${three(colours.scale.high)}</span></p>
    ${colours.without.count > 0 ? html`<ul class="legend">${unknown(colours, context.theme)}</ul>` : nothing}`;
  const most = 12;
  return html`
    <h3><bdi>${shorten(colours.title || "samples", 40)}</bdi></h3>
    <ul class="legend">${colours.categories.slice(0, most).map((category) => html`
      <li><button type="button" title="Show only these" aria-pressed=${highlighted === category.code ? "true" : "false"}
          @click=${() => light(highlighted === category.code ? -1 : category.code)}>
        <svg viewBox="0 0 16 16" aria-hidden="true" ${place({ fill: category.colour })}><path d=${MARKS[category.shape]!} fill-rule="evenodd"/></svg>
        <bdi title=${category.name}>${brief(category.name, 30)}</bdi> <small>${count(category.count)}</small></button></li>`)}
      ${colours.without.count > 0 ? unknown(colours, context.theme) : nothing}
      ${colours.categories.length > most ? html`<li class="more-categories">and ${colours.categories.length - most} more in grey</li>` : nothing}
    </ul>`;
}

/** The grey points, which have no category or value. */
const unknown = ({ without }: Colouring, theme: Theme): TemplateResult => html`
  <li class="without"><svg viewBox="0 0 16 16" aria-hidden="true" ${place({ fill: GREY[theme] })}><path d=${MARKS[0]!}/></svg> <bdi>${brief(without.name, 30)}</bdi> <small>${count(without.count)}</small></li>`;

/** What is known of the groups that the map is coloured by. */
function groups({ run, state }: Context): TemplateResult | typeof nothing {
  const finding = run.clustersOf(state.layer, /^groups:(.*)$/s.exec(state.colour)?.[1] ?? "");
  if (!finding) return nothing;
  return html`
    <dl class="settings">${Object.entries(finding.figures).map(([name, value]) => html`<div><dt><bdi>${name}</bdi></dt><dd>${three(number(value))}</dd></div>`)}</dl>
    ${finding.warnings.map((warning) => html`<p class="note">${prose(warning)}</p>`)}`;
}

/** The map as vector graphics: one circle a sample. */
function mapSvg(): string {
  const cloud = shown?.cloud;
  if (!cloud) return "";
  const hex = (colour: number) => `#${[colour & 255, (colour >> 8) & 255, (colour >> 16) & 255].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
  const circles = Array.from({ length: cloud.count }, (_, i) => `<circle cx="${(500 + 460 * cloud.x[i]!).toFixed(1)}" cy="${(500 - 460 * cloud.y[i]!).toFixed(1)}" r="5" fill="${hex(cloud.colour[i]!)}" fill-opacity="${cloud.weight[i] ? 0.9 : 0.2}"/>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 1000" width="1000" height="1000">${circles.join("")}</svg>`;
}
