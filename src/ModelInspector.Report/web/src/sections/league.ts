import { html, nothing, type TemplateResult } from "lit-html";
import { ends, withZero } from "../chart/axis";
import { intervalRow } from "../chart/interval";
import { tableView, type Table } from "../chart/table";
import type { LeagueRow, MethodLeague } from "../contract";
import { number } from "../contract";
import { figure as three, shortenLayer, title } from "../format";
import { prose } from "../view";
import { measured } from "./findings";

const SHOWN = 5;

/** Metrics of which less is better. */
const LESS = new Set(["deletion", "average-drop", "infidelity", "max-sensitivity"]);

/** Which method does best at what: the first few at every metric, each at its best layer, controls in grey. */
export function league(finding: MethodLeague, unit = "images"): TemplateResult {
  const metrics = [...new Set(finding.rows.map((row) => JSON.stringify([row.metric, row.threshold])))];
  return html`
    <li class="finding">
      <span class="finding-sign" aria-hidden="true">◆</span>
      <div>
        <h3><bdi>${finding.title}</bdi></h3>
        <ul class="sentences">${finding.sentences.slice(0, 6).map((sentence) => html`<li>${prose(sentence)}</li>`)}</ul>
        <div class="quiet-tests league">${metrics.map((key) => {
          const [metric, threshold] = JSON.parse(key) as [string, number | null];
          return one(metric, threshold, finding.rows.filter((row) => row.metric === metric && row.threshold === threshold).sort((a, b) => a.rank - b.rank));
        })}</div>
        <details class="how wide"><summary>All ranks</summary>${tableView(leagueTable(finding.rows), finding.title)}</details>
        <p class="note">Every method stands at the layer where it does best. That layer was chosen on the same ${unit}, which flatters methods that look at many layers; compare layer by layer under By depth.</p>
        ${measured(finding.from)}
      </div>
    </li>`;
}

/** How far behind the first is positive for every metric. */
export function leagueTable(rows: readonly LeagueRow[]): Table {
  return {
    columns: ["metric", "threshold", "rank", "method", "control", "layer", "estimate", "low", "high", "units", "behind the first"],
    rows: rows.map((row) => [
      row.metric, row.threshold, row.rank, row.method, row.control, row.layer, number(row.value.estimate), number(row.value.low), number(row.value.high), row.value.count,
      row.toFirst ? (LESS.has(row.metric) ? -1 : 1) * number(row.toFirst.estimate) : null,
    ]),
  };
}

function one(metric: string, threshold: number | null, rows: LeagueRow[]): TemplateResult {
  const shown = rows.slice(0, SHOWN), domain = withZero(shown.flatMap((row) => ends(row.value)));
  return html`<div><h4>${title(metric)}${threshold === null ? nothing : ` at ${threshold}`}${LESS.has(metric) ? html` <small>less is better</small>` : nothing}</h4>${shown.map((row) => intervalRow({
    label: html`${row.rank}. ${title(row.method)}${row.layer ? html` <small>at <bdi>${shortenLayer(row.layer, 22)}</bdi></small>` : nothing}`, value: row.value, show: three,
    colour: row.control ? "var(--muted)" : "var(--accent)", domain,
  }))}</div>`;
}
