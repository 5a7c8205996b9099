import { html, nothing, type TemplateResult } from "lit-html";
import type { Maps, Points } from "../blocks";
import { slice } from "../blocks";
import { drawActivation, drawDriven, drawKernel } from "../canvas/unit";
import { drawn, figure } from "../chart/figure";
import { histogram } from "../chart/histogram";
import type { Cell, Table } from "../chart/table";
import { unitPoints, type UnitPoint } from "../chart/points";
import { CATEGORIES, GREY } from "../colour";
import type { FeatureMaps, LayerUnits, UnitCard, UnitEmbedding } from "../contract";
import { number } from "../contract";
import type { Context, Section } from "../context";
import { fill, fit, paint, place } from "../dom";
import { count, figure as three, percent, plural, shorten, shortenLayer, title } from "../format";
import type { Run } from "../run";
import { layerSlider, prose, segmented, thumbnail, tileOf, told } from "../view";
import { measured } from "./findings";

let heat = false;

export const units: Section = {
  id: "units",
  title: "Units",
  question: "What does each channel answer to?",
  present: (run) => run.unitLayers.length > 0 || run.mapsUnits || run.kernels !== undefined,
  body(context) {
    const { run, state, store } = context;
    const finding = run.unitsOf(state.layer);
    return html`
      ${run.unitLayers.length === 0 ? html`${run.mapsUnits ? html`<div class="bar">${layerSlider(context)}</div>` : nothing}${unitMap(context)}` : html`
        <div class="bar">
          ${layerSlider(context)}
          <div class="field"><span>Show</span>${segmented("What to show on the pictures", [{ value: "outline", label: "Outline" }, { value: "heat", label: "Activation" }], heat ? "heat" : "outline", (value) => { heat = value === "heat"; store.touch(); })}</div>
        </div>
        ${finding ? layer(context, finding) : html`<p class="empty">The units of <bdi>${state.layer}</bdi> were not probed. ${nearest(context)}</p>`}
        ${unitMap(context)}
        ${features(context)}`}
      ${run.kernels ? kernels(context) : nothing}`;
  },
};

function nearest({ run, state, store }: Context): TemplateResult {
  const at = run.layers.indexOf(state.layer);
  const near = [...run.unitLayers].sort((a, b) => Math.abs(run.layers.indexOf(a) - at) - Math.abs(run.layers.indexOf(b) - at))[0]!;
  return html`<button type="button" class="link" @click=${() => store.set({ layer: near })}>Show <bdi>${shortenLayer(near, 40)}</bdi></button>`;
}

function layer(context: Context, finding: LayerUnits): TemplateResult {
  const { run, state } = context;
  const figures = run.block<Points>(finding.figures);
  const cards = finding.cards.map((card, i) => ({ card, at: finding.cards.slice(0, i).reduce((sum, one) => sum + one.samples.length, 0) }))
    .filter(({ card }) => state.cls < 0 || !figures || classOf(finding, figures, card.unit) === state.cls);
  return html`
    <p class="note rule">${prose(finding.rule)} ${heat ? "The colour is the unit's activation, full at the card's largest value." : "The line runs around what drives the unit: its activation above its own 0.99 quantile over all samples and positions."}${state.cls >= 0 ? html` Only units that answer most to <bdi>${run.classes[state.cls]}</bdi>.` : nothing}</p>
    ${cards.length === 0 ? html`<p class="empty">No card of this layer answers most to this class.</p>` : drawn(`Units of ${finding.layer}`, html`<div class="units">${cards.map(({ card, at }) => unitCard(context, finding, card, at, figures))}</div>`)}
    ${figures ? all(context, finding, figures) : nothing}
    ${measured(finding.from)}`;
}

function unitCard(context: Context, finding: LayerUnits, card: UnitCard, at: number, figures: Points | undefined): TemplateResult {
  const { run } = context;
  const share = figures ? valueOf(finding, figures, card.unit, "selectivity") : NaN, cls = figures ? classOf(finding, figures, card.unit) : -1;
  const limit = Math.max(...card.peaks.map(number));
  return html`
    <figure class="unit">
      <figcaption><b>Unit ${card.unit}</b>
        ${cls >= 0 ? html`<span>most for <bdi title=${run.classes[cls] ?? ""}>${shorten(run.classes[cls] ?? "", 24)}</bdi></span>` : nothing}
        <small title="Share of variance that the class explains">${Number.isFinite(share) ? `η² ${three(share)}` : limit <= 0 ? "silent" : ""}</small>
      </figcaption>
      <div class="unit-samples">${card.samples.map((sample, i) => driven(context, finding, card, sample, at + i, limit, number(card.peaks[i])))}</div>
    </figure>`;
}

function driven(context: Context, finding: LayerUnits, card: UnitCard, sample: number, index: number, limit: number, peak: number): TemplateResult {
  const { run, store } = context;
  const maps = run.block<Maps>(finding.maps), place = run.probes ? indexOf(run).get(sample) : undefined;
  const tile = run.probes && place !== undefined ? tileOf(context, run.probes.sheets, place) : undefined;
  const { id, label } = told(context, sample);
  const said = `${shorten(id, 60)}${label ? `, ${label}` : ""}: ${three(peak)}`;
  const canvas = html`<canvas class="square" role="img" aria-label=${`Unit ${card.unit} on sample ${sample}`} ${proportions(run)}
    ${paint((element) => drawDriven(element, { tile, maps, index, threshold: number(card.threshold), heat, limit }), tile?.sheet, maps, index, heat, limit)}></canvas>`;
  return hasMaps(run, sample)
    ? html`<button type="button" title=${said} @click=${() => store.set({ example: sample, section: "attributions" })}>${canvas}</button>`
    : html`<span title=${said}>${canvas}</span>`;
}

const indexOf = (run: Run): Map<number, number> => run.cached("probe places", () => new Map(run.probes?.samples.map((sample, i) => [sample, i])));

/** All samples have the shape that the network takes. */
const proportions = (run: Run) => {
  const example = run.samples?.examples[0];
  return place({ "aspect-ratio": example ? `${example.width} / ${example.height}` : "1" });
};

const valueOf = (finding: LayerUnits, figures: Points, unit: number, column: string): number => {
  const at = finding.columns.indexOf(column);
  return at < 0 ? NaN : figures.values[unit * figures.columns + at]!;
};
const classOf = (finding: LayerUnits, figures: Points, unit: number): number => { const cls = valueOf(finding, figures, unit, "class"); return Number.isFinite(cls) ? cls : -1; };

/** Every unit of the layer in one figure. */
function all({ run }: Context, finding: LayerUnits, figures: Points): TemplateResult {
  const shares = Array.from({ length: figures.count }, (_, unit) => valueOf(finding, figures, unit, "selectivity"));
  const silent = Array.from({ length: figures.count }, (_, unit) => valueOf(finding, figures, unit, "peak")).filter((peak) => peak <= 0).length;
  const known = shares.filter(Number.isFinite);
  if (known.length === 0) return html`<p class="note">None of ${plural(figures.count, "unit")} can be told apart by class.${silent ? ` ${plural(silent, "unit")} never fired.` : ""}</p>`;
  const shown = finding.cards.map((card) => shares[card.unit]!).filter(Number.isFinite);
  const description = `${count(figures.count)} units; the class explains ${percent(median(known))} of the median unit's variance and ${percent(Math.max(...known))} of the best one's.`;
  return figure({
    title: `All ${count(figures.count)} units of ${shortenLayer(run.shortLayer(finding.layer), 28)}`,
    summary: `${description}${silent ? ` ${plural(silent, "unit")} never fired.` : ""} Ticks mark those with a card.`,
    body: html`<div class="chart low" ${fill((width) => histogram({ values: known, highlighted: shown, width: Math.min(width, 760), height: 160, domain: [0, 1], label: "η², share of variance that the class explains", counted: "units", description }), finding, figures)}></div>`,
    table: () => unitTable(run, [finding]),
  });
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;

/** Figures of every unit; those of layers whose block has not arrived are left out. */
export function unitTable(run: Run, findings = run.unitLayers.map((name) => run.unitsOf(name)!)): Table {
  const columns = findings[0]?.columns ?? [];
  return {
    columns: ["layer", "unit", ...columns.map((column) => (column === "class" ? "class it answers to most" : column))],
    rows: findings.flatMap((finding) => {
      const figures = run.block<Points>(finding.figures);
      return !figures ? [] : Array.from({ length: figures.count }, (_, unit): Cell[] => [finding.layer, unit, ...columns.map((column) => {
        const value = valueOf(finding, figures, unit, column);
        return column !== "class" ? (Number.isFinite(value) ? value : null) : value >= 0 ? (run.classes[value] ?? value) : null;
      })]);
    }),
  };
}

/** Units as points: near to each other when they answer to the same samples. */
function unitMap(context: Context): TemplateResult | typeof nothing {
  const { run, state, store, theme } = context;
  const finding = run.unitPointsOf(state.layer, state.embedding);
  const points = run.block<Points>(finding?.points), classes = run.block<Int32Array>(finding?.classes), selectivity = run.block<Points>(finding?.selectivity);
  if (!finding) return run.mapsUnits ? html`<p class="empty">The units of <bdi>${state.layer}</bdi> are not laid out as points: they are too few, or too many.</p>` : nothing;
  const hues = huesOf(classes ?? new Int32Array());
  const cards = new Set(run.unitsOf(finding.layer)?.cards.map((card) => card.unit));
  const all = points && classes ? Array.from({ length: points.count }, (_, unit): UnitPoint => ({
    unit, x: points.values[unit * points.columns]!, y: points.columns > 1 ? points.values[unit * points.columns + 1]! : 0, card: cards.has(unit),
    colour: CATEGORIES[theme][hues.get(classes[unit]!) ?? -1] ?? GREY[theme], text: `unit ${unit}\n${preference(run, classes[unit]!, selectivity?.values[unit] ?? NaN)}`,
  })) : [];
  const description = `${title(finding.method)} of ${count(all.length)} units of ${finding.layer}, coloured by the class that each answers to most.`;
  const pick = (unit: number) => store.set({ unit: unit >= 0 && unit < all.length ? unit : -1 });
  return html`
    <div class="unit-map">
      ${figure({
        title: "Units as points",
        summary: `${title(finding.method)} of ${count(all.length)} units: near to each other when they answer to the same samples${RESPONSES[finding.response] ?? ""}. ${run.classes.length ? `Colour: the class that drives a unit most${distinctClasses(classes) > 8 ? ", grey for all but the eight most common" : ""}. ` : ""}Rings mark units with a card.${finding.topSamples ? " Click a point, or give its number, to see what drives it." : ""}`,
        body: html`<div class="unit-plot" ${fill((width) => unitPoints(all, state.unit, Math.min(width, 620), 380, description, pick), points, classes, selectivity, state.unit, theme)}></div>`,
        table: () => pointTable(run, finding),
      })}
      <div class="unit-side">
        <label class="unit-number"><span>Unit</span><input type="number" min="0" max=${Math.max(0, all.length - 1)} step="1" placeholder="–" .value=${state.unit >= 0 ? String(state.unit) : ""} @change=${(event: Event) => { const { value } = event.target as HTMLInputElement; pick(value === "" ? -1 : Number(value)); }}></label>
        ${legendOf(context, classes)}
        ${pickedUnit(context, finding)}
        ${finding.silent.length ? html`<p class="note">${plural(finding.silent.length, "unit")} ${finding.silent.length === 1 ? "answers" : "answer"} to every sample alike: ${finding.silent.slice(0, NAMED).join(", ")}${finding.silent.length > NAMED ? " …" : ""}.</p>` : nothing}
        <details class="how"><summary>How far to trust this map</summary><dl class="settings">${Object.entries(finding.figures).map(([name, value]) => html`<div><dt><bdi>${name}</bdi></dt><dd>${three(number(value))}</dd></div>`)}</dl>
          ${finding.warnings.map((warning) => html`<p class="note">${prose(warning)}</p>`)}</details>
        ${measured(finding.from)}
      </div>
    </div>`;
}

const NAMED = 24;
const RESPONSES: Record<string, string> = { mean: ", each by its mean over positions", max: ", each by its maximum over positions", quantile: ", each by its 0.9 quantile over positions" };

const distinctClasses = (classes: Int32Array | undefined): number => new Set(classes?.filter((cls) => cls >= 0)).size;

const preference = (run: Run, cls: number, selectivity: number): string =>
  cls >= 0 ? `most for ${shorten(run.classes[cls] ?? `class ${cls}`, 30)}, ${three(selectivity)}` : run.classes.length ? "silent" : "";

const coordinate = (points: Points | undefined, unit: number, axis: number): number | null =>
  points && axis < points.columns ? points.values[unit * points.columns + axis]! : null;

/** The points' twin: what each unit answers to, and its group. */
function pointTable(run: Run, finding: UnitEmbedding): Table {
  const points = run.block<Points>(finding.points), selectivity = run.block<Points>(finding.selectivity);
  const classes = run.block<Int32Array>(finding.classes), groups = run.block<Int32Array>(finding.groups), silent = new Set(finding.silent);
  return {
    columns: ["unit", "x", "y", "class it answers to most", "selectivity", "group", "silent"],
    rows: Array.from(classes ?? [], (cls, unit): Cell[] => [unit, coordinate(points, unit, 0), coordinate(points, unit, 1), cls >= 0 ? (run.classes[cls] ?? cls) : null, selectivity?.values[unit] ?? null, groups && groups[unit]! >= 0 ? groups[unit]! + 1 : null, silent.has(unit)]),
  };
}

/** Hues of the classes: the eight that most units answer to. */
export function huesOf(classes: Int32Array): Map<number, number> {
  const counts = new Map<number, number>();
  for (const cls of classes) if (cls >= 0) counts.set(cls, (counts.get(cls) ?? 0) + 1);
  const ranked = [...counts.keys()].sort((a, b) => counts.get(b)! - counts.get(a)! || a - b).slice(0, 8);
  return new Map((counts.size <= 8 ? ranked.sort((a, b) => a - b) : ranked).map((cls, i) => [cls, i]));
}

function legendOf({ run, theme }: Context, classes: Int32Array | undefined): TemplateResult {
  return html`<ul class="unit-legend">${[...huesOf(classes ?? new Int32Array())].map(([cls, hue]) => html`<li><i class="swatch" ${place({ "background-color": CATEGORIES[theme][hue]! })}></i><bdi>${shorten(run.classes[cls] ?? `class ${cls}`, 26)}</bdi></li>`)}</ul>`;
}

function pickedUnit(context: Context, finding: UnitEmbedding): TemplateResult | typeof nothing {
  const { run, state } = context;
  const info = finding.topSamples ? run.manifest.blocks[finding.topSamples] : undefined;
  const top = run.block<Int32Array>(finding.topSamples), each = info?.type === "labels" ? (info.shape.at(-1) ?? 0) : 0;
  const unit = state.unit;
  if (unit < 0 || !top || (unit + 1) * each > top.length) return nothing;
  return html`
    <p><b>Unit ${unit}</b> answers most to</p>
    <div class="thumbs">${[...top.subarray(unit * each, (unit + 1) * each)].map((sample) => shownSample(context, sample))}</div>`;
}

/** A thumbnail; a button where there are maps of the sample to look at. */
function shownSample(context: Context, sample: number): TemplateResult {
  const { run, store } = context, name = shorten(told(context, sample).id, 60);
  return hasMaps(run, sample)
    ? html`<button type="button" class="thumb-button" title=${name} @click=${() => store.set({ example: sample, section: "attributions" })}><span class="hidden">Sample ${sample}</span>${thumbnail(context, sample)}</button>`
    : html`<span class="thumb-button" title=${name}>${thumbnail(context, sample)}</span>`;
}

const hasMaps = (run: Run, sample: number): boolean => run.example(sample) !== undefined && run.mapped.includes(sample);

/** The units' activations on one sample, in the order of the cards. */
function features(context: Context): TemplateResult | typeof nothing {
  const { run, state, store } = context;
  const finding = run.featuresOf(state.layer);
  if (!finding || finding.samples.length === 0) return nothing;
  const sample = finding.samples.includes(state.example) ? state.example : finding.samples[0]!;
  const maps = run.block<Maps>(finding.maps);
  return html`
    <h3>Feature maps</h3>
    <p class="note">What the units above give for one picture. Each is bright relative to its own largest value over ${plural(finding.samples.length, "picture")}; dark violet is zero, and where a unit also goes below zero, blue is negative and red positive.${maps ? ` ${maps.width} × ${maps.height} positions.` : ""}</p>
    <div class="features">
      <div class="feature-samples" role="group" aria-label="Picture">${finding.samples.map((one) => html`
        <button type="button" aria-pressed=${one === sample ? "true" : "false"} title=${shorten(told(context, one).id, 60)} @click=${() => store.set({ example: one })}><span class="hidden">Sample ${one}</span>${run.samples?.thumbnails || run.example(one) ? thumbnail(context, one) : one}</button>`)}</div>
      ${drawn(`Feature maps of ${finding.layer}`, html`<div class="feature-maps">${finding.units.map((unit, i) => feature(context, finding, maps, unit, i, sample))}</div>`)}
    </div>`;
}

function feature({ run }: Context, finding: FeatureMaps, maps: Maps | undefined, unit: number, at: number, sample: number): TemplateResult {
  const index = finding.samples.indexOf(sample) * finding.units.length + at;
  const limit = maps ? Math.max(...finding.samples.map((_, i) => maps.scales[i * finding.units.length + at] ?? 0)) : 0;
  return html`<figure><canvas class="square" role="img" aria-label=${`Unit ${unit} of ${finding.layer} on sample ${sample}`} ${proportions(run)} ${paint((canvas) => {
    const { context, width, height } = fit(canvas);
    if (maps) drawActivation(context, slice(maps, index), limit, width, height);
  }, maps, index)}></canvas><figcaption>${unit}</figcaption></figure>`;
}

function kernels({ run }: Context): TemplateResult {
  const finding = run.kernels!;
  const weights = run.block<Maps>(finding.weights);
  const info = run.manifest.blocks[finding.weights], shape = info?.type === "i8" ? info.shape : [];
  const [, kernelCount = 0, channels = 1, rows = 0, columns = 0] = shape;
  const planes = channels === 3 ? 1 : channels;
  return html`
    <h3>Kernels of the first convolution</h3>
    <p class="note">${count(kernelCount)} kernels of ${columns} × ${rows} at <bdi>${shortenLayer(finding.layer, 40)}</bdi>. ${channels === 3 ? "The three input channels are red, green and blue; mid-grey is zero." : "Red weights are positive, blue ones negative, white is zero."} One scale for all${weights ? `: ±${three(weights.scales[0] ?? NaN)}` : ""}.</p>
    ${drawn(`Kernels of ${finding.layer}`, html`<div class="kernels" ${place({ "--planes": String(planes) })}>${Array.from({ length: Math.min(256, kernelCount) }, (_, i) => html`<canvas role="img" aria-label=${`Kernel ${i}`} title=${`Kernel ${i}`} ${place({ "aspect-ratio": `${planes * columns} / ${rows}` })} ${paint((canvas) => { if (weights) drawKernel(canvas, weights, shape, i); }, weights)}></canvas>`)}</div>`)}
    ${kernelCount > 256 ? html`<p class="note">The first 256 of ${count(kernelCount)}.</p>` : nothing}`;
}
