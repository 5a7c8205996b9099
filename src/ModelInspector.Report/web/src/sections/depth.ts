import { html, nothing, type TemplateResult } from "lit-html";
import { figure } from "../chart/figure";
import { layerChart, type LayerControl, type LayerSeries } from "../chart/layers";
import type { Cell } from "../chart/table";
import { number, type DepthRow } from "../contract";
import type { Context, Section } from "../context";
import { series } from "../colour";
import { fill, place } from "../dom";
import { figure as three, range, title } from "../format";
import type { Run } from "../run";
import { layerSlider, prose, segmented } from "../view";

const METRICS = ["specificity", "sensitivity", "auroc", "energy-inside", "specificity-at-sensitivity", "average-precision", "energy-concentration", "pointing-game", "neighbour-accuracy", "silhouette", "centroid-distance", "effective-dimension"];

export const MEANING: Record<string, string> = {
  "specificity": "Share of positions outside the mask that the map leaves dark. An empty map scores 1.",
  "sensitivity": "Share of positions inside the mask that the map lights up. A full map scores 1.",
  "specificity-at-sensitivity": "Specificity once every map is cut where it covers the same share of the mask.",
  "auroc": "Chance that a position inside the mask is brighter than one outside; 0.5 is a coin.",
  "average-precision": "Area under precision and recall over positions.",
  "energy-inside": "Share of all attribution that lies inside the mask.",
  "energy-concentration": "How many times denser the attribution is inside the mask than on average; an even map has 1.",
  "neighbour-accuracy": "Share of samples whose nearest neighbours in the layer mostly have their class. Control: shuffled labels.",
  "silhouette": "How much closer samples lie to their own class than to the next one, from −1 to 1.",
  "centroid-distance": "How far the classes' centres lie apart, in units of the classes' own spread.",
  "effective-dimension": "In how many directions the samples really spread (participation ratio).",
  "pointing-game": "Share of images whose brightest position lies inside the mask.",
};

/** One chart: a metric, at a threshold where it has one. */
export interface Panel { metric: string; threshold: number | null; name: string }

/** Lines and controls of one metric over the page's layers. */
export function seriesOf(run: Run, metric: string, threshold: number | null, among: readonly DepthRow[] = run.depthRows): { lines: LayerSeries[]; controls: LayerControl[] } {
  const rows = among.filter((row) => row.metric === metric && row.threshold === threshold);
  const methods = among === run.depthRows ? methodsOf(run) : [...new Set(rows.filter((row) => !row.control).map((row) => row.method))];
  const pointsOf = (method: string, control: boolean) => rows.filter((row) => row.control === control && row.method === method && row.layer !== "")
    .map((row) => ({ layer: run.layers.indexOf(row.layer), estimate: number(row.value.estimate), low: number(row.value.low), high: number(row.value.high), count: row.value.count }))
    .filter((point) => point.layer >= 0).sort((a, b) => a.layer - b.layer);
  const lines = methods.map((method) => ({ name: title(method), colour: series(method, methods), points: pointsOf(method, false) })).filter((line) => line.points.length > 0);
  const controls = [...new Set(rows.filter((row) => row.control).map((row) => row.method))].map((method) => {
    const points = pointsOf(method, true);
    return { name: title(method), method, points, value: points.at(-1)?.estimate ?? number(rows.find((row) => row.method === method)?.value.estimate) };
  });
  return { lines, controls };
}

/** Methods in the order that fixes their colours on the whole page. */
export function methodsOf(run: Run): string[] {
  return run.cached("methods", () => [...new Set([...run.methods, ...run.depthRows.filter((row) => !row.control).map((row) => row.method)])]);
}

/** The threshold of the τ switch, or the nearest that was measured. */
export function tauOf(rows: readonly DepthRow[], metric: string, tau: number): number | null {
  const known = thresholds(rows, metric);
  return known.length === 0 ? null : nearest(known, tau);
}

/** Every metric of some rows, in the order of reading; what is held at a sensitivity once for each. */
export function panelsOf(rows: readonly DepthRow[], tau: number): Panel[] {
  const found = [...new Set(rows.map((row) => row.metric))];
  return [...METRICS.filter((metric) => found.includes(metric)), ...found.filter((metric) => !METRICS.includes(metric))].flatMap((metric): Panel[] => {
    if (metric === "specificity-at-sensitivity") return thresholds(rows, metric).map((threshold) => ({ metric, threshold, name: `Specificity at sensitivity ${threshold}` }));
    const threshold = tauOf(rows, metric, tau);
    return [{ metric, threshold, name: threshold === null ? title(metric) : `${title(metric)} at τ = ${threshold}` }];
  });
}

function thresholds(rows: readonly DepthRow[], metric: string): number[] {
  return [...new Set(rows.flatMap((row) => (row.metric !== metric || row.threshold === null ? [] : [row.threshold])))].sort((a, b) => a - b);
}

export const tausOf = (rows: readonly DepthRow[]): number[] => [...new Set(["specificity", "sensitivity"].flatMap((metric) => thresholds(rows, metric)))].sort((a, b) => a - b);

export const depth: Section = {
  id: "depth",
  title: "By depth",
  question: "At which layer does it look at the right place, and at which does it know?",
  present: (run) => run.depthRows.length > 0,
  body(context) {
    const { run, state, store } = context;
    const sentences = [...(run.depth?.sentences ?? []), ...(run.separability?.sentences ?? [])];
    const taus = tausOf(run.depthRows);
    return html`
      <div class="bar">
        ${layerSlider(context)}
        ${taus.length > 1 ? html`<div class="field"><span>Threshold τ</span>${segmented("Threshold τ, as a share of each map's largest value", taus.map((tau) => ({ value: tau, label: String(tau) })), nearest(taus, state.tau), (tau) => store.set({ tau }))}</div>` : nothing}
      </div>
      <div class="charts">${panelsOf(run.depthRows, state.tau).map((panel) => chart(context, panel))}</div>
      ${sentences.length ? html`<h3 class="in-words">In words</h3><ul class="sentences columns">${sentences.map((sentence) => html`<li>${prose(sentence)}</li>`)}</ul>` : nothing}
      <p class="note">Bands are 95 % bootstrap intervals over ${run.unit[1]}. Dashed lines are controls that know nothing of the model. ${run.depth ? "Specificity and sensitivity belong together: a sparse map earns the first and pays with the second. " : ""}Click a chart to set the layer.</p>`;
  },
};

export const nearest = (values: number[], wanted: number): number => values.reduce((best, one) => (Math.abs(one - wanted) < Math.abs(best - wanted) ? one : best), values[0]!);

function chart(context: Context, { metric, threshold, name }: Panel): TemplateResult {
  const { run, state, store } = context;
  const { lines, controls } = seriesOf(run, metric, threshold);
  const selected = run.layers.indexOf(state.layer);
  const now = lines.map((line) => {
    const point = line.points.find((one) => one.layer === selected);
    return html`<span class="reading"><i class="swatch" ${place({ "background-color": line.colour })}></i>${line.name} <b>${point ? three(point.estimate) : "–"}</b>${point ? html` <small>${range(point)}</small>` : nothing}</span>`;
  });
  const description = `${name} over ${run.layers.length} layers. ${lines.map((line) => `${line.name} from ${three(line.points[0]?.estimate ?? NaN)} to ${three(line.points.at(-1)?.estimate ?? NaN)}`).join("; ")}. ${controls.map((control) => `${control.name} ${three(control.value)}`).join(", ")}.`;
  return figure({
    title: name,
    summary: html`${MEANING[metric] ?? ""}<span class="hidden"> ${description}</span>`,
    tools: html`<p class="readings">${now}</p>`,
    body: html`<div class="chart" ${fill((width) => layerChart({ layers: run.layers, short: run.layers.map((layer) => run.shortLayer(layer)), series: lines, controls, selected, width, height: 216, description, pick: (layer) => store.set({ layer: run.layers[layer]! }) }), run, metric, threshold, selected)}></div>`,
    table: () => ({ columns: ["layer", "method", "metric", "threshold", "estimate", "low", "high", "units", "control"], rows: depthRows(run, metric, threshold) }),
  });
}

export function depthRows(run: Run, metric?: string, threshold: number | null = null): Cell[][] {
  return run.depthRows.filter((row) => metric === undefined || (row.metric === metric && row.threshold === threshold))
    .map((row) => [row.layer, row.method, row.metric, row.threshold, number(row.value.estimate), number(row.value.low), number(row.value.high), row.value.count, row.control]);
}
