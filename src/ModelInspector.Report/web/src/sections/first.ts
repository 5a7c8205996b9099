import { html, nothing, svg, type TemplateResult } from "lit-html";
import { ends, withZero } from "../chart/axis";
import { intervalRow } from "../chart/interval";
import { layerChart, type LayerControl, type LayerSeries } from "../chart/layers";
import type { Verdict, VerdictState } from "../contract";
import { number } from "../contract";
import type { Context } from "../context";
import type { Maps } from "../blocks";
import { fill, place } from "../dom";
import { count, figure as three, inUnit, percent, plural, shortenLayer, title, wilson } from "../format";
import { meanCaption, meanMap } from "../mean";
import { outcome, overlay, plain, prose } from "../view";
import { MEANING, seriesOf, tauOf } from "./depth";

export const STATES: Record<VerdictState, { word: string; sign: string }> = {
  "shortcut-found": { word: "Shortcut found", sign: "■" },
  "suspicious": { word: "Suspicious", sign: "▲" },
  "none-found": { word: "None found", sign: "●" },
  "cannot-tell": { word: "Cannot tell", sign: "?" },
};

/** The first screen: what it does, how sure that is, and four places to look at first. */
export function first(context: Context): TemplateResult {
  const { run } = context;
  return html`
    <section id="verdict" class="first" aria-labelledby="verdict-title">
      ${run.verdict ? verdict(context, run.verdict) : noVerdict(context)}
      ${tiles(context)}
      ${trust(context)}
    </section>`;
}

function noVerdict({ run }: Context): TemplateResult {
  return html`
    <div class="verdict">
      <div class="verdict-words">
        <p class="verdict-state none">No verdict</p>
        <h1 id="verdict-title"><bdi>${run.model?.graph.name ?? run.manifest.run.model}</bdi></h1>
        <p class="lead">This run looked at ${plural(run.manifest.samples.used, "sample")} and ${plural(run.layers.length, "layer")}; it made no test for shortcuts. Give masks to get a verdict.</p>
      </div>
    </div>`;
}

const SAID = 3;

function verdict(context: Context, finding: Verdict): TemplateResult {
  const state = STATES[finding.state] ?? STATES["cannot-tell"];
  // What could have been found is said in the verdict's own words: under which test, and how surely.
  const power = finding.state === "none-found" ? finding.sentences.slice(SAID).find((sentence) => sentence.includes("would have been found")) : undefined;
  return html`
    <div class=${`verdict ${finding.state}`}>
      <div class="verdict-words">
        <p class="verdict-state"><span class="sign" aria-hidden="true">${state.sign}</span> ${state.word}</p>
        <h1 id="verdict-title">${prose(headline(finding.title, state.word))}</h1>
        <ul class="sentences">${finding.sentences.slice(0, SAID).map((sentence) => html`<li>${prose(sentence, 32)}</li>`)}</ul>
        ${power === undefined ? nothing : html`<p class="limit">${prose(power)} A smaller effect is not excluded.</p>`}
      </div>
      <div class="verdict-numbers">
        ${finding.tests.length ? html`
          <h2>Effect against control <small class="key">bar: 95 % interval${finding.tests.some((test) => test.control) ? "; grey tick: control" : ""}</small></h2>
          ${telltale(finding).slice(0, 3).map((test) => testRow(test))}` : nothing}
        ${finding.harm.length ? harm(context, finding) : nothing}
      </div>
    </div>`;
}

/** Tests that found something first, those with a control before those without. */
export function ranked(finding: Verdict): Verdict["tests"] {
  const weight = (test: Verdict["tests"][number]) => 2 * Number(test.found) + Number(test.control !== null);
  return [...finding.tests].sort((a, b) => weight(b) - weight(a));
}

/** Where something was found, the tests that found nothing can wait. */
function telltale(finding: Verdict): Verdict["tests"] {
  const all = ranked(finding), found = all.filter((test) => test.found);
  return found.length ? found : all;
}

/** The state stands above the heading already. */
export function headline(text: string, word: string): string {
  const rest = text.toLowerCase().startsWith(`${word.toLowerCase()}: `) ? text.slice(word.length + 2) : text;
  return rest.charAt(0).toUpperCase() + rest.slice(1).replace(/\.$/, "");
}

export function testRow(test: Verdict["tests"][number], details = false): TemplateResult {
  const show = inUnit(test.unit);
  return intervalRow({
    label: html`<span class="capital">${prose(test.name, details ? Infinity : 24)}</span>`,
    value: test.effect, control: test.control, show, colour: test.found ? "var(--state)" : "var(--muted-strong)", domain: withZero([...ends(test.effect), ...ends(test.control)]),
    note: test.control && !details ? html`control ${show(number(test.control.estimate))}` : undefined,
  });
}

function harm(context: Context, finding: Verdict): TemplateResult {
  const columns = new Set(finding.harm.map((group) => group.column));
  return html`
    <h2>Accuracy by <bdi>${columns.size === 1 ? finding.harm[0]!.column : "group"}</bdi></h2>
    ${finding.harm.slice(0, 3).map((group, i) => intervalRow({
      label: html`<bdi>${columns.size === 1 ? group.value : `${group.column}: ${group.value}`}</bdi>`, value: group.accuracy, show: percent, colour: i === 0 && finding.state === "shortcut-found" ? "var(--state)" : "var(--muted-strong)",
      note: plural(group.accuracy.count, ...context.run.unit), click: colourBy(context, group.column),
    }))}`;
}

const colourBy = ({ run, store }: Context, column: string) => {
  const known = run.samples?.columns.findIndex((one) => one.name === column) ?? -1;
  return known < 0 ? undefined : () => store.set({ colour: `column:${known}`, section: "map" });
};

/** What there is nothing to show of leaves its place to the examples. */
function tiles(context: Context): TemplateResult {
  const others = [[whereInTheNet(context), 1.35], [whereInTheImage(context), 0.85], [whichClasses(context), 1]] as const;
  const present = others.filter(([tile]) => tile !== nothing);
  const free = others.filter(([tile]) => tile === nothing).reduce((sum, [, share]) => sum + share, 0);
  const see = seeIt(context, free > 2 ? 6 : free >= 1 ? 4 : free > 0.5 ? 3 : 2);
  const columns = [...present.map(([, share]) => share), ...(see === nothing ? [] : [1.62 + free])];
  return html`<div class="tiles" ${place({ "--columns": columns.map((share) => `minmax(0, ${share}fr)`).join(" ") })}>${present.map(([tile]) => tile)}${see}</div>`;
}

function tile(heading: unknown, body: unknown, caption: unknown, link: unknown = nothing): TemplateResult {
  return html`<div class="tile"><h2>${heading}${link}</h2><div class="tile-body">${body}</div><p>${caption}</p></div>`;
}

const more = (context: Context, section: string, label: string): TemplateResult =>
  html`<button type="button" class="more" @click=${() => context.store.set({ section })} aria-label=${label} title=${label}>→</button>`;

function whereInTheNet(context: Context): TemplateResult | typeof nothing {
  const { run, state } = context;
  const metric = ["specificity", "neighbour-accuracy"].find((name) => run.depthRows.some((row) => row.metric === name)) ?? run.depthRows[0]?.metric;
  if (!metric) return whereClassesPart(context);
  const threshold = tauOf(run.depthRows, metric, state.tau);
  const { lines, controls } = seriesOf(run, metric, threshold);
  return tile("Where in the network", strip(context, title(metric), lines, controls.filter((control) => ["random", "shuffled-labels"].includes(control.method)), threshold),
    metric === "specificity" ? html`Specificity: share of what lies outside the mask that stays below ${threshold === null ? "the threshold" : `${percent(threshold)} of the map's maximum (τ = ${threshold})`}; read it with sensitivity.${run.methods.includes("sam") ? " SAM: saliency activation map." : ""}` : MEANING[metric] ?? title(metric), more(context, "depth", "All measures by depth"));
}

/** Without masks: at which layer neighbours share a class. */
function whereClassesPart(context: Context): TemplateResult | typeof nothing {
  const { run } = context;
  const figure = "10-NN label accuracy";
  const lines = run.embeddings.map((method, i) => ({
    name: title(method), colour: `var(--series-${i + 1})`,
    points: run.layers.map((layer, index) => { const estimate = number(run.embeddingOf(layer, method)?.figures[figure] ?? NaN); return { layer: index, estimate, low: NaN, high: NaN }; }).filter((point) => Number.isFinite(point.estimate)),
  })).filter((line) => line.points.length > 1);
  if (lines.length === 0 || !run.samples?.labels) return nothing;
  return tile("Where in the network", strip(context, figure, lines, [{ name: "chance", method: "", value: 1 / Math.max(1, run.classes.length), points: [] }], null),
    "Share of samples whose class most of their ten nearest on the map have.", more(context, "map", "The maps"));
}

function strip({ run, state, store }: Context, name: string, lines: LayerSeries[], controls: LayerControl[], threshold: number | null): TemplateResult {
  const selected = run.layers.indexOf(state.layer);
  const description = `${name} from the first to the last layer: ${lines.map((line) => `${line.name} ${three(line.points[0]?.estimate ?? NaN)} → ${three(line.points.at(-1)?.estimate ?? NaN)}`).join(", ")}.`;
  return html`<div class="strip" ${fill((width) => layerChart({
    layers: run.layers, short: run.layers.map((layer) => run.shortLayer(layer)), series: lines, controls, selected, width, height: 186, description, pick: (layer) => store.set({ layer: run.layers[layer]! }),
  }), run, threshold, selected)}></div>`;
}

function whereInTheImage(context: Context): TemplateResult | typeof nothing {
  const { run } = context;
  const finding = run.verdict;
  if (!finding?.meanMap) return nothing;
  return tile("Where in the image", meanMap(run.block<Maps>(finding.meanMap), run.block<Maps>(finding.meanInput), run.block<Maps>(finding.region)), html`${meanCaption(finding)}.`);
}

function whichClasses(context: Context): TemplateResult | typeof nothing {
  const { run, state, store } = context;
  const { labels, predicted } = run;
  if (!run.samples?.labels || !run.samples.predicted) return nothing;
  if (!labels || !predicted) return tile("Which classes", nothing, nothing);
  const recall = run.cached("recalls", () => recalls(labels, predicted, run.classes.length).filter((one) => one.total > 0).sort((a, b) => a.hits / a.total - b.hits / b.total));
  const right = recall.reduce((sum, one) => sum + one.hits, 0), known = recall.reduce((sum, one) => sum + one.total, 0);
  return tile("Which classes", html`<div class="rows">${recall.slice(0, 6).map((one) => intervalRow({
    label: html`<bdi>${run.classes[one.cls] ?? one.cls}</bdi>`, value: wilson(one.hits, one.total), show: percent, colour: "var(--accent)",
    click: () => store.set({ cls: state.cls === one.cls ? -1 : one.cls }), pressed: state.cls === one.cls,
  }))}</div>`, html`Share recognised, worst first${recall.length > 6 ? ` of ${recall.length}` : ""}; ${percent(right / known)} of all. Bars: 95 % intervals (Wilson).`);
}

function recalls(labels: Int32Array, predicted: Int32Array, classes: number): { cls: number; hits: number; total: number }[] {
  const found = Array.from({ length: classes }, (_, cls) => ({ cls, hits: 0, total: 0 }));
  labels.forEach((label, i) => {
    const one = found[label];
    if (!one) return;
    one.total++;
    if (predicted[i] === label) one.hits++;
  });
  return found;
}

/** Wrong ones first: they show most. */
export function telling(context: Context): number[] {
  const { run, state } = context;
  const { labels, predicted } = run;
  const ofClass = run.mapped.filter((sample) => state.cls < 0 || labels?.[sample] === state.cls);
  const wrong = (sample: number) => (labels && predicted && labels[sample]! >= 0 && labels[sample] !== predicted[sample] ? 0 : 1);
  return [...ofClass].sort((a, b) => wrong(a) - wrong(b) || a - b);
}

function seeIt(context: Context, across: number): TemplateResult | typeof nothing {
  const { run, state, store } = context;
  if (run.mapped.length === 0) return nothing;
  const samples = telling(context).slice(0, 2 * across);
  const masks = samples.some((sample) => run.example(sample)?.mask);
  if (samples.length === 0) return tile("See it", html`<p class="empty">No example of this class.</p>`, nothing);
  return tile(html`<span>See it <small class="key">red speaks for the answer</small></span>`, html`<div class="pairs" ${place({ "--across": String(Math.max(1, Math.min(across, Math.ceil(samples.length / 2)))) })}>${samples.map((sample) => html`
    <button type="button" class="pair" @click=${() => store.set({ example: sample, section: "attributions" })}>
      <span class="pair-images">${plain(context, sample, "square")}${overlay(context, sample, state.layer, state.method, "square")}</span>
      ${outcome(context, sample)}
    </button>`)}</div>`, html`${masks || state.method !== "sam" ? title(state.method) : "SAM (saliency activation map)"} at <bdi title=${state.layer}>${shortenLayer(state.layer, masks ? 28 : 18)}</bdi>${masks ? "; the white line is the mask" : ""}.`, more(context, "attributions", "All examples"));
}

function trust({ run }: Context): TemplateResult {
  const checks = run.verdict?.checks ?? [];
  const { used, shown } = run.manifest.samples;
  return html`
    <p class="trust">
      <b>Can this be trusted?</b>
      ${checks.length === 0 ? html`<span class="check unknown">${icon(null)} No sanity check was made.</span>` : checks.map((check) => html`
        <span class=${`check ${check.passed === null ? "unknown" : check.passed ? "passed" : "failed"}`} title=${check.sentence}>${icon(check.passed)} <span><bdi>${check.name}</bdi>: ${check.passed === null ? "cannot tell" : check.passed ? "passed" : "failed"}<span class="hidden">. ${check.sentence}</span></span></span>`)}
      <span class="check">${shown < used ? `${count(shown)} of ${count(used)} samples shown, stratified by class; statistics use all` : `${plural(used, "sample")}, all shown`}${run.mapped.length ? `, ${count(run.mapped.length)} with maps` : ""}</span>
    </p>`;
}

const icon = (passed: boolean | null): TemplateResult =>
  html`<svg viewBox="0 0 12 12" aria-hidden="true">${passed === null ? svg`<path d="M2.5 6h7"/>` : passed ? svg`<path d="M2 6.5 5 9.5 10 3"/>` : svg`<path d="M3 3l6 6M9 3l-6 6"/>`}</svg>`;
