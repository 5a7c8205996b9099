import { html, nothing, type TemplateResult } from "lit-html";
import { figure } from "../chart/figure";
import { layerChart } from "../chart/layers";
import type { Table } from "../chart/table";
import type { MapSimilarity, ParameterRandomisation, RandomisationRow } from "../contract";
import { number } from "../contract";
import type { Context } from "../context";
import { fill } from "../dom";
import { seriesOf } from "./depth";
import { figure as three, shortenLayer, title } from "../format";
import { distinct } from "../run";
import { prose } from "../view";
import { someLayers } from "./attributions";
import { measured } from "./findings";

/** Maps against maps of the same network with ever more of its weights replaced: those that stay alike do not explain the network. */
export function randomisation(context: Context, finding: ParameterRandomisation): TemplateResult {
  const metrics = [...new Set(finding.rows.map((row) => row.metric))], methods = [...new Set(finding.rows.map((row) => row.method))];
  return told(finding, metrics.flatMap((metric) => methods.map((method) => chart(context, finding, metric, method))));
}

function told(finding: ParameterRandomisation | MapSimilarity, charts: TemplateResult[]): TemplateResult {
  return html`
    <li class="finding">
      <span class="finding-sign" aria-hidden="true">◆</span>
      <div>
        <h3><bdi>${finding.title}</bdi></h3>
        <ul class="sentences">${finding.sentences.map((sentence) => html`<li>${prose(sentence)}</li>`)}</ul>
        ${charts.length ? html`<div class="charts">${charts}</div>` : nothing}
        ${measured(finding.from)}
      </div>
    </li>`;
}

/** Lines in one chart; all layers are in the table. */
const LINES = 4;

function chart({ run }: Context, finding: ParameterRandomisation, metric: string, method: string): TemplateResult {
  const rows = finding.rows.filter((row) => row.metric === metric && row.method === method);
  const layers = [...new Set(rows.map((row) => row.layer))], drawn = someLayers(layers, "", LINES);
  const series = drawn.map((layer, i) => {
    return {
      name: layer === "" ? title(method) : shortenLayer(run.shortLayer(layer), 15), colour: `var(--series-${i + 1})`,
      points: rows.filter((row) => row.layer === layer).map((row) => ({ layer: finding.stages.indexOf(row.stage), estimate: number(row.value.estimate), low: number(row.value.low), high: number(row.value.high) })),
    };
  });
  // Up to 1 in every chart: a small wobble near 0 should look like one.
  const domain: [number, number] = [Math.min(0, ...series.flatMap((one) => one.points.map((point) => point.low)).filter(Number.isFinite)), 1];
  const description = `${title(metric)} of ${title(method)} maps before and after, over ${finding.stages.length} stages of the cascade.`;
  return figure({
    title: `${title(method)}: ${title(metric).toLowerCase()}`,
    summary: `Likeness of maps before and after, while weights are replaced from the last layer down to the one named; 1 means that the map does not depend on the weights.${drawn.length < layers.length ? ` ${drawn.length} of ${layers.length} layers; all are in the table.` : ""}`,
    body: html`<div class="chart" ${fill((width) => layerChart({ layers: finding.stages, short: distinct(finding.stages), series, controls: [], selected: -1, width, height: 216, domain, description, pick: () => undefined }), finding, metric)}></div>`,
    table: () => randomisationTable(rows),
  });
}

/** How alike maps of the same images are, at every layer: of two methods, or of two classes. */
export function similarity(context: Context, finding: MapSimilarity): TemplateResult {
  return told(finding, [...new Set(finding.rows.map((row) => row.metric))].map((metric) => likeness(context, finding, metric)));
}

const MEANING: Record<string, string> = {
  "shared-brightest-tenth": "Share of the brightest tenth of one map that is in the brightest tenth of the other. Dashed: what unrelated maps share by chance.",
};

function likeness({ run, state, store }: Context, finding: MapSimilarity, metric: string): TemplateResult {
  const rows = finding.rows.filter((row) => row.metric === metric), selected = run.layers.indexOf(state.layer);
  const { lines, controls } = seriesOf(run, metric, null, rows);
  const description = `${title(metric)}: ${lines.map((line) => `${line.name} from ${three(line.points[0]?.estimate ?? NaN)} to ${three(line.points.at(-1)?.estimate ?? NaN)}`).join("; ")}.`;
  return figure({
    title: title(metric),
    summary: html`${MEANING[metric] ?? "1 is the same map, 0 an unrelated one."}<span class="hidden"> ${description}</span>`,
    body: html`<div class="chart" ${fill((width) => layerChart({ layers: run.layers, short: run.layers.map((layer) => run.shortLayer(layer)), series: lines, controls, selected, width, height: 216, domain: [Math.min(0, ...rows.map((row) => number(row.value.low))), 1], description, pick: (layer) => store.set({ layer: run.layers[layer]! }) }), finding, metric, selected)}></div>`,
    table: () => ({ columns: ["layer", "method", "metric", "estimate", "low", "high", "units", "control"], rows: rows.map((row) => [row.layer, row.method, row.metric, number(row.value.estimate), number(row.value.low), number(row.value.high), row.value.count, row.control]) }),
  });
}

export const randomisationTable = (rows: readonly RandomisationRow[]): Table => ({
  columns: ["stage", "share of weights replaced", "layer", "method", "metric", "estimate", "low", "high", "units"],
  rows: rows.map((row) => [row.stage, row.replaced, row.layer, row.method, row.metric, number(row.value.estimate), number(row.value.low), number(row.value.high), row.value.count]),
});
