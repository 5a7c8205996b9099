import { html, type TemplateResult } from "lit-html";
import { figure } from "../chart/figure";
import { layerChart } from "../chart/layers";
import type { ParameterRandomisation } from "../contract";
import { number } from "../contract";
import type { Context } from "../context";
import { fill } from "../dom";
import { title } from "../format";
import { distinct } from "../run";
import { prose } from "../view";
import { measured } from "./findings";

/** Maps against maps of the same network with ever more of its weights replaced: those that stay alike do not explain the network. */
export function randomisation(context: Context, finding: ParameterRandomisation): TemplateResult {
  const metrics = [...new Set(finding.rows.map((row) => row.metric))];
  return html`
    <li class="finding">
      <span class="finding-sign" aria-hidden="true">◆</span>
      <div>
        <h3><bdi>${finding.title}</bdi></h3>
        <ul class="sentences">${finding.sentences.map((sentence) => html`<li>${prose(sentence)}</li>`)}</ul>
        <div class="charts">${metrics.map((metric) => chart(context, finding, metric))}</div>
        ${measured(finding.from)}
      </div>
    </li>`;
}

function chart(_: Context, finding: ParameterRandomisation, metric: string): TemplateResult {
  const rows = finding.rows.filter((row) => row.metric === metric);
  const keys = [...new Set(rows.map((row) => JSON.stringify([row.method, row.layer])))];
  const layers = new Set(rows.map((row) => row.layer)).size;
  const series = keys.slice(0, 8).map((key, i) => {
    const [method, layer] = JSON.parse(key) as [string, string];
    return {
      name: layers > 1 ? `${title(method)}, ${layer}` : title(method), colour: `var(--series-${i + 1})`,
      points: rows.filter((row) => row.method === method && row.layer === layer).map((row) => ({ layer: finding.stages.indexOf(row.stage), estimate: number(row.value.estimate), low: number(row.value.low), high: number(row.value.high) })),
    };
  });
  const description = `${title(metric)} of maps before and after, over ${finding.stages.length} stages of the cascade.`;
  return figure({
    title: title(metric),
    summary: `Likeness of maps before and after, while weights are replaced from the last layer down to the one named; 1 means that the map does not care.${keys.length > 8 ? ` The first 8 of ${keys.length} maps; all are in the table.` : ""}`,
    body: html`<div class="chart" ${fill((width) => layerChart({ layers: finding.stages, short: distinct(finding.stages), series, controls: [], selected: -1, width, height: 216, description, pick: () => undefined }), finding, metric)}></div>`,
    table: () => ({
      columns: ["stage", "share of weights replaced", "layer", "method", "metric", "estimate", "low", "high", "images"],
      rows: rows.map((row) => [row.stage, row.replaced, row.layer, row.method, row.metric, number(row.value.estimate), number(row.value.low), number(row.value.high), row.value.count]),
    }),
  });
}
