import { html, nothing, render, svg, type TemplateResult } from "lit-html";
import { MapCanvas } from "../canvas/map";
import { pack, type Cloud, type Point } from "../canvas/scatter";
import { saves } from "../chart/figure";
import { csv, tableView, type Cell, type Table } from "../chart/table";
import { layerChart } from "../chart/layers";
import { intervalRow } from "../chart/interval";
import { savePng } from "../chart/export";
import { colourChoices, colouring, type Colouring } from "../colouring";
import { viridis } from "../colour";
import type { Interval, LayerEmbedding } from "../contract";
import { number } from "../contract";
import type { Context, Section } from "../context";
import type { Run } from "../run";
import { download, fill, once, paint, place, shade } from "../dom";
import { brief, count, figure as three, percent, plural, shorten, title, wilson } from "../format";
import { lassoText, placement, readLasso, selection, type Chosen } from "../selection";
import { layerSlider, outcome, prose, segmented, thumbnail, told } from "../view";

let widget: MapCanvas | undefined;
let hover = { index: -1, x: 0, y: 0 };
let highlighted = -1, highlightedOf = "";
let search = "";
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
      ${list(context, chosen)}`;
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
    <p class="ramp-ends"><span>${three(colours.scale.low)}</span><span>${three(colours.scale.high)}</span></p>`;
  const most = 12;
  return html`
    <h3><bdi>${shorten(colours.title || "samples", 40)}</bdi></h3>
    <ul class="legend">${colours.categories.slice(0, most).map((category) => html`
      <li><button type="button" title="Show only these" aria-pressed=${highlighted === category.code ? "true" : "false"}
          @click=${() => light(highlighted === category.code ? -1 : category.code)}>
        <svg viewBox="0 0 16 16" aria-hidden="true" ${place({ fill: category.colour })}><path d=${MARKS[category.shape]!} fill-rule="evenodd"/></svg>
        <bdi title=${category.name}>${brief(category.name, 30)}</bdi> <small>${count(category.count)}</small></button></li>`)}
      ${colours.categories.length > most ? html`<li class="more-categories">and ${colours.categories.length - most} more in grey</li>` : nothing}
    </ul>`;
}

/** What is known of the groups that the map is coloured by. */
function groups({ run, state }: Context): TemplateResult | typeof nothing {
  const finding = run.clustersOf(state.layer, /^groups:(.*)$/s.exec(state.colour)?.[1] ?? "");
  if (!finding) return nothing;
  return html`
    <dl class="settings">${Object.entries(finding.figures).map(([name, value]) => html`<div><dt><bdi>${name}</bdi></dt><dd>${three(number(value))}</dd></div>`)}</dl>
    ${finding.warnings.map((warning) => html`<p class="note">${prose(warning)}</p>`)}`;
}

const TELLING = /^(trustworthiness|continuity|10-NN label accuracy|neighbours kept \(k = 10\)|explained variance$|KL divergence)/i;
const FIRST = ["trustworthiness", "continuity", "neighbours kept", "10-NN label accuracy"];
const OVER_LAYERS = /^(trustworthiness|continuity|10-NN label accuracy)/i;

/** Figures of the map, and how they run over the layers. */
function quality({ run, state, store }: Context, finding: LayerEmbedding): TemplateResult {
  const place = (name: string) => { const at = FIRST.findIndex((start) => name.startsWith(start)); return at < 0 ? FIRST.length : at; };
  const figures = Object.entries(finding.figures).filter(([name]) => run.samples?.labels || !/label/i.test(name)).sort(([a], [b]) => place(a) - place(b));
  const first = figures.some(([name]) => TELLING.test(name)) ? figures.filter(([name]) => TELLING.test(name)) : figures;
  const rest = figures.filter((one) => !first.includes(one));
  const lines = figures.filter(([name]) => OVER_LAYERS.test(name)).map(([name], i) => ({
    name: name.replace(/\s*\(.*\)/, ""), colour: `var(--series-${i + 3})`,
    points: run.layers.map((layer, index) => ({ layer: index, estimate: number(run.embeddingOf(layer, state.embedding)?.figures[name] ?? NaN) })).map((p) => ({ ...p, low: p.estimate, high: p.estimate })).filter((p) => Number.isFinite(p.estimate)),
  }));
  const selected = run.layers.indexOf(state.layer);
  const shown = (all: [string, unknown][]) => html`<dl>${all.map(([name, value]) => html`<div><dt>${name}</dt><dd>${three(number(value as number))}</dd></div>`)}</dl>`;
  return html`
    <div class="quality">
      <div class="quality-figures">
        <h3>How far to trust this map</h3>
        ${shown(first)}
        ${finding.warnings.map((warning) => html`<p class="note">${prose(warning)}</p>`)}
        <p class="note">${state.embedding === "pca" ? "Maps are mirrored" : "Maps are turned and mirrored"} to lie like the layer before; distances are as computed.</p>
        <details class="how"><summary>All figures and settings</summary>${shown(rest)}<dl class="settings">${Object.entries(finding.from.settings).map(([name, value]) => html`<div><dt><bdi>${name}</bdi></dt><dd><bdi>${value}</bdi></dd></div>`)}<div><dt>source</dt><dd><bdi>${finding.from.source}</bdi></dd></div></dl></details>
      </div>
      ${lines.length && run.layers.length > 1 ? html`<div class="quality-chart drawn"><div class="drawing" ${fill((width) => layerChart({ layers: run.layers, short: run.layers.map((layer) => run.shortLayer(layer)), series: lines, controls: [], selected, width, height: 168, description: "Quality of the map over the layers", pick: (layer) => store.set({ layer: run.layers[layer]! }) }), run, state.embedding, selected)}></div>${saves("Quality of the maps over the layers", () => qualityTable(run), ["SVG", "PNG"])}</div>` : nothing}
    </div>`;
}

/** Every figure of every map. */
export function qualityTable(run: Run): Table {
  const all = run.layers.flatMap((layer) => run.embeddings.map((method) => run.embeddingOf(layer, method)).filter((finding) => finding !== undefined && finding.layer === layer) as LayerEmbedding[]);
  return { columns: ["layer", "method", "figure", "value"], rows: all.flatMap((finding) => Object.entries(finding.figures).map(([name, value]): Cell[] => [finding.layer, finding.method, name, number(value)])) };
}

/** Who is nearest in the layer itself: a map of two dimensions can only hint at it. */
function neighbors(context: Context, finding: LayerEmbedding): TemplateResult | typeof nothing {
  const { run, state, store } = context;
  const table = run.block<Int32Array>(finding.neighbors);
  if (!table || state.example < 0 || run.count === 0) return nothing;
  const each = table.length / run.count, near = [...table.subarray(state.example * each, (state.example + 1) * each)].slice(0, 6);
  const label = run.labels?.[state.example] ?? -1;
  const alike = near.filter((sample) => run.labels?.[sample] === label).length;
  return html`
    <div class="near">
      <h3>Nearest in the layer itself</h3>
      <div class="near-from">${thumbnail(context, state.example)}<div><p class="card-id"><bdi>${shorten(told(context, state.example).id, 40)}</bdi></p>${outcome(context, state.example)}</div></div>
      <div class="thumbs">${near.map((sample) => html`<button type="button" class="thumb-button" title=${told(context, sample).id} @click=${() => store.set({ example: sample })}>${thumbnail(context, sample)}<span class="hidden">${told(context, sample).id}</span></button>`)}</div>
      <p class="note">${label >= 0 ? `${alike} of ${near.length} are of its class. ` : ""}Distances in <bdi>${state.layer}</bdi>, not on the map.</p>
    </div>`;
}

/** What the chosen samples have in common, against the rest. */
function selected(context: Context, { members, has }: Chosen): TemplateResult {
  const { run, store, state } = context;
  const { labels, predicted } = run;
  const ready = [labels, predicted, ...(run.samples?.columns ?? []).map((_, i) => run.column(i))].filter(Boolean).length;
  const { marks, accuracy } = run.cached(`selected ${state.lasso} ${state.cls} ${ready}`, () => ({
    marks: distinctive(context, has, members.length),
    accuracy: labels && predicted && run.samples?.labels ? recognised(members, labels, predicted) : undefined,
  }));
  const clear = html`<button type="button" class="quiet" @click=${() => store.set({ lasso: "", cls: -1 })}>Clear</button>`;
  if (members.length === 0) return html`<h3>Nothing selected ${clear}</h3>`;
  const rest = Math.max(1, run.count - members.length);
  return html`
    <div class="selection" aria-live="polite">
      <h3>${plural(members.length, "sample")} selected ${clear}</h3>
      <div class="thumbs">${spaced(members, 18).map((i) => html`<button type="button" class="thumb-button" title=${told(context, i).id} @click=${() => store.set({ example: i })}>${thumbnail(context, i)}<span class="hidden">sample ${i}</span></button>`)}</div>
      ${accuracy ? intervalRow({ label: "Recognised", value: accuracy, show: percent, colour: "var(--accent)" }) : nothing}
      ${marks.map((one) => intervalRow({
        label: html`<bdi>${shorten(one.column, 18)}</bdi> = <bdi>${shorten(one.value, 22)}</bdi>`, value: wilson(one.inside, members.length), control: wilson(one.outside, rest), show: percent, colour: "var(--accent)",
        note: `rest ${percent(one.outside / rest)}`,
      }))}
      <div class="saves shown">
        <button type="button" @click=${() => navigator.clipboard?.writeText(Array.from(members, (i) => told(context, i).id).join("\n"))}>Copy names</button>
        <button type="button" @click=${() => download("selection.csv", csv({ columns: sampleColumns(context), rows: sampleRows(context, members) }))}>CSV</button>
        ${run.mapped.some((i) => has[i]) ? html`<button type="button" @click=${() => store.set({ section: "attributions", example: run.mapped.find((i) => has[i])! })}>Attributions</button>` : nothing}
      </div>
      ${state.lasso && state.cls >= 0 ? html`<p class="note">Only class <bdi>${run.classes[state.cls]}</bdi>.</p>` : nothing}
    </div>`;
}

function recognised(members: Int32Array, labels: Int32Array, predicted: Int32Array): Interval {
  let hits = 0, known = 0;
  for (const i of members) if (labels[i]! >= 0) { known++; if (labels[i] === predicted[i]) hits++; }
  return wilson(hits, known);
}

const spaced = (values: Int32Array, most: number): number[] =>
  values.length <= most ? [...values] : Array.from({ length: most }, (_, i) => values[Math.floor((i * values.length) / most)]!);

interface Mark { column: string; value: string; inside: number; outside: number }

/** The values that tell the selection from the rest best: largest difference of shares, one a column. */
function distinctive(context: Context, chosen: Uint8Array, size: number): Mark[] {
  const { run } = context;
  const columns = [
    ...(run.labels && run.samples?.labels ? [{ name: "class", codes: run.labels, names: run.classes }] : []),
    ...(run.predicted && run.samples?.predicted ? [{ name: "prediction", codes: run.predicted, names: run.classes }] : []),
    ...(run.samples?.columns ?? []).map((_, i) => run.column(i)).filter((column) => column && !column.numeric && column.values.length <= 200).map((column) => ({ name: column!.name, codes: column!.codes, names: column!.values })),
  ];
  const rest = Math.max(1, run.count - size);
  return columns.flatMap(({ name, codes, names }) => {
    // Outside and inside of one value side by side; the first two are for samples without one.
    const counts = new Int32Array(2 * (names.length + 1));
    for (let i = 0; i < codes.length; i++) counts[2 * Math.max(0, codes[i]! + 1) + chosen[i]!]!++;
    const inside = (code: number) => counts[2 * code + 3]!, outside = (code: number) => counts[2 * code + 2]!;
    let best = -1, most = 0.1;
    names.forEach((_, code) => { const gap = inside(code) / size - outside(code) / rest; if (gap > most) { most = gap; best = code; } });
    return best < 0 ? [] : [{ column: name, value: names[best]!, inside: inside(best), outside: outside(best), gap: most }];
  }).sort((a, b) => b.gap - a.gap).slice(0, 5);
}

export function sampleColumns({ run }: Context): string[] {
  return ["sample", "file", "label", "prediction", "confidence", ...(run.samples?.columns ?? []).map((column) => column.name)];
}

export function sampleRows(context: Context, samples: Iterable<number>): Cell[][] {
  const { run } = context;
  const columns = (run.samples?.columns ?? []).map((_, i) => run.column(i));
  return Array.from(samples, (i) => {
    const { id, label, predicted, confidence } = told(context, i);
    return [i, id, label, predicted, Number.isFinite(confidence) ? confidence : null, ...columns.map((column) => column?.values[column.codes[i]!] ?? "")];
  });
}

/** The map's twin for those who cannot see it: the same samples as a list that can be searched. */
function list(context: Context, chosen: Chosen | undefined): TemplateResult {
  const { run, store } = context;
  const wanted = search.trim().toLowerCase();
  const open = (event: Event) => { if ((event.currentTarget as HTMLDetailsElement).open) store.touch(); };
  const opened = document.querySelector<HTMLDetailsElement>("#sample-list")?.open ?? false;
  const all = (): number[] => (chosen ? [...chosen.members] : Array.from({ length: run.count }, (_, i) => i));
  const found = !opened ? [] : wanted ? all().filter((i) => (run.ids?.[i] ?? "").toLowerCase().includes(wanted)) : all();
  return html`
    <details id="sample-list" class="twin wide" @toggle=${open}>
      <summary>Samples as a list</summary>
      <div class="twin-body">
        <label class="search"><span class="hidden">Search file names</span><input id="sample-search" type="search" placeholder="Search file names" .value=${search} @input=${(event: Event) => { search = (event.target as HTMLInputElement).value; store.touch(); }}></label>
        <p class="note" role="status">${opened ? plural(found.length, "sample") : ""}${chosen ? " of the selection" : ""}</p>
        ${opened ? tableView({ columns: sampleColumns(context), rows: sampleRows(context, found.slice(0, 401)) }, "samples") : nothing}
      </div>
    </details>
    <div class="saves">
      <button type="button" @click=${() => download("samples.csv", csv({ columns: sampleColumns(context), rows: sampleRows(context, all()) }))}>CSV</button>
      <button type="button" @click=${() => savePng(document.querySelector<HTMLElement>(".map-stage")!, "map")}>PNG</button>
      <button type="button" @click=${() => download("map.svg", mapSvg(), "image/svg+xml")}>SVG</button>
    </div>`;
}

/** The map as vector graphics: one circle a sample. */
function mapSvg(): string {
  const cloud = shown?.cloud;
  if (!cloud) return "";
  const hex = (colour: number) => `#${[colour & 255, (colour >> 8) & 255, (colour >> 16) & 255].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
  const circles = Array.from({ length: cloud.count }, (_, i) => `<circle cx="${(500 + 460 * cloud.x[i]!).toFixed(1)}" cy="${(500 - 460 * cloud.y[i]!).toFixed(1)}" r="5" fill="${hex(cloud.colour[i]!)}" fill-opacity="${cloud.weight[i] ? 0.9 : 0.2}"/>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 1000" width="1000" height="1000">${circles.join("")}</svg>`;
}
