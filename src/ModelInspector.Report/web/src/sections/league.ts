import { html, nothing, type TemplateResult } from "lit-html";
import { intervalRow } from "../chart/interval";
import { tableView } from "../chart/table";
import type { Interval, LeagueRow, MethodLeague } from "../contract";
import { number } from "../contract";
import { figure as three, shorten, title } from "../format";
import { prose } from "../view";
import { measured } from "./findings";

const SHOWN = 5;

/** Which method does best at what: the first few at every metric, each at its best layer, controls in grey. */
export function league(finding: MethodLeague): TemplateResult {
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
        <details class="how wide"><summary>All ranks</summary>${tableView({
          columns: ["metric", "threshold", "rank", "method", "control", "layer", "estimate", "low", "high", "images", "behind the first"],
          rows: finding.rows.map((row) => [row.metric, row.threshold, row.rank, row.method, row.control, row.layer, number(row.value.estimate), number(row.value.low), number(row.value.high), row.value.count, row.toFirst ? number(row.toFirst.estimate) : null]),
        }, finding.title)}</details>
        ${measured(finding.from)}
      </div>
    </li>`;
}

function one(metric: string, threshold: number | null, rows: LeagueRow[]): TemplateResult {
  const ends = (value: Interval) => [value.low, value.high, value.estimate].map(number);
  const shown = rows.slice(0, SHOWN), values = shown.flatMap((row) => ends(row.value)).filter(Number.isFinite);
  const [low, high] = [Math.min(0, ...values), Math.max(...values)];
  return html`<div><h4>${title(metric)}${threshold === null ? nothing : ` at ${threshold}`}</h4>${shown.map((row) => intervalRow({
    label: html`${row.rank}. ${title(row.method)}${row.layer ? html` <small>at <bdi>${shorten(row.layer, 22)}</bdi></small>` : nothing}`, value: row.value, show: three,
    colour: row.control ? "var(--muted)" : "var(--accent)", domain: low >= 0 && high <= 1 ? [0, 1] : [low, high],
  }))}</div>`;
}
