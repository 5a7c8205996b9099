import { html, nothing, type TemplateResult } from "lit-html";
import { saves } from "../chart/figure";
import type { Cell, Table } from "../chart/table";
import { layerChart } from "../chart/layers";
import { number, type LayerEmbedding } from "../contract";
import type { Context } from "../context";
import type { Run } from "../run";
import { fill } from "../dom";
import { figure as three, shorten } from "../format";
import { outcome, prose, thumbnail, told } from "../view";

const TELLING = /^(trustworthiness|continuity|10-NN label accuracy|neighbours kept \(k = 10\)|explained variance$|KL divergence)/i;
const FIRST = ["trustworthiness", "continuity", "neighbours kept", "10-NN label accuracy"];
const OVER_LAYERS = /^(trustworthiness|continuity|10-NN label accuracy)/i;

/** What the figures mean, for who meets their names here first. */
const MEANING: [string, string][] = [
  ["trustworthiness", "Trustworthiness falls where samples lie near on the map that are far apart in the layer; 1 is best."],
  ["continuity", "Continuity falls where samples that are near in the layer are torn apart on the map; 1 is best."],
  ["neighbours kept", "Neighbours kept: share of each sample's ten nearest in the layer that are its ten nearest on the map."],
  ["10-NN label accuracy", "10-NN label accuracy: share of samples whose class most of their ten nearest on the map have."],
  ["KL divergence", "KL divergence: what t-SNE makes small; it compares settings on the same data only."],
  ["explained variance", "Explained variance: share of the layer's spread that the map shows."],
];

/** Figures of the map, and how they run over the layers. */
export function quality({ run, state, store }: Context, finding: LayerEmbedding): TemplateResult {
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
        <details class="how"><summary>What these figures mean</summary><ul class="sentences">${MEANING.filter(([start]) => first.some(([name]) => name.startsWith(start))).map(([, meaning]) => html`<li>${meaning}</li>`)}</ul></details>
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
export function neighbors(context: Context, finding: LayerEmbedding): TemplateResult | typeof nothing {
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
