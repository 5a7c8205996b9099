import { html, nothing, type TemplateResult } from "lit-html";
import { csv, type Table } from "../chart/table";
import { number } from "../contract";
import type { Context, Section } from "../context";
import { download, place } from "../dom";
import { bytes, count, plural, seconds, version } from "../format";
import { depthRows } from "./depth";
import { leagueTable } from "./league";
import { randomisationTable } from "./sanity";
import { asTable, TABLES } from "./unknown";
import { prose } from "../view";
import { unitTable } from "./units";
import { qualityTable } from "./map-quality";
import { sampleColumns, sampleRows } from "./map-samples";

export const data: Section = {
  id: "data",
  title: "Data & limits",
  question: "What was used, what was left out, and how is it done again?",
  present: () => true,
  body(context) {
    const { run } = context;
    const record = run.manifest.run;
    return html`
      <div class="command"><h3>The command that repeats this run</h3><pre tabindex="0"><code>${record.command}</code></pre>
        <button type="button" class="quiet" @click=${() => navigator.clipboard?.writeText(record.command)}>Copy</button></div>
      <div class="two">
        <div>
          <h3>Data</h3>
          <dl class="settings">
            ${row("data", record.data)}${hash("data hash", record.dataSha256)}${row("model", record.model)}${hash("model hash", record.modelSha256)}
            ${run.data ? html`${row("samples", count(run.data.samples))}${row("with a mask", count(run.data.masks))}` : nothing}
            ${row("seed", String(record.seed))}${row("started", `${record.started.replace("T", " ").replace(/\..*|Z$/, "")} UTC`)}${row("ModelInspector", version(record.version))}
          </dl>
          ${run.data?.preprocessing.length ? html`<h3>From file to network</h3><ol class="steps">${run.data.preprocessing.map((step) => html`<li>${prose(step)}</li>`)}</ol>` : nothing}
          ${limits(context)}
        </div>
        <div>
          ${run.data?.stages.length ? stages(run.data.stages) : nothing}
          <h3>Settings</h3><dl class="settings">${Object.entries(record.settings).filter(([, value]) => value !== "").map(([name, value]) => row(name, value))}</dl>
          <h3>Environment</h3><dl class="settings">${Object.entries(record.environment).map(([name, value]) => row(name, value))}</dl>
        </div>
      </div>
      <h3>What a heat map cannot tell</h3>
      <ul class="sentences columns">
        <li>That a position lights up does not mean that the answer would change without it: only an intervention shows that.</li>
        <li>A map of a 7 × 7 layer has 49 values; smoothing it over the picture adds none.</li>
        <li>Every map explains one score. A feature that speaks for all classes alike leaves no trace in it.</li>
        <li>Two methods that agree may share a blind spot: both read the same gradients.</li>
        <li>A model can be right for the wrong reason on these data and wrong on the next; the tests above cover what varies here and nothing else.</li>
        <li>Brightness is relative to each map's own limit unless the same scale is switched on.</li>
      </ul>
      <h3>Everything as a table</h3>
      <p class="saves shown">${tables(context).map(([name, table]) => html`<button type="button" @click=${() => download(`${name}.csv`, csv(table()))}>${name}.csv</button>`)}
        <button type="button" @click=${() => download("report.json", JSON.stringify({ run: record, findings: run.manifest.findings }, null, 2), "application/json")}>report.json</button></p>
      <p class="note">The run's folder has the findings with all arrays: findings.json, of the schema <code>modelinspector/findings/1</code>, and .npy files.</p>`;
  },
};

const row = (name: string, value: string): TemplateResult => html`<div><dt><bdi>${name}</bdi></dt><dd><bdi>${value}</bdi></dd></div>`;

const hash = (name: string, value: string): TemplateResult => html`<div><dt>${name}</dt><dd class="hash"><code>${value}</code></dd></div>`;

function limits({ run }: Context): TemplateResult {
  const { used, shown } = run.manifest.samples;
  const all = [
    ...(shown < used ? [`Maps and lists show ${count(shown)} of ${count(used)} samples, stratified by class, drawn with the run's seed; statistics use all.`] : []),
    ...(run.data?.limits ?? []),
  ];
  const skipped = run.data?.skipped ?? [];
  return html`
    ${all.length ? html`<h3>Limits</h3><ul class="sentences">${all.map((limit) => html`<li>${prose(limit)}</li>`)}</ul>` : nothing}
    <h3>Left out</h3>
    ${skipped.length === 0 ? html`<p class="note">Nothing: every file was used.</p>` : html`
      <details class="how"><summary>${plural(skipped.length, "file")}</summary><ul class="sentences">${skipped.slice(0, 500).map((file) => html`<li><bdi>${file}</bdi></li>`)}</ul></details>`}
    <p class="note">This page's data: ${bytes(Object.values(run.manifest.blocks).reduce((sum, block) => sum + block.bytes, 0))} unpacked, images included.</p>`;
}

/** Stages whose own names say too little here. */
const STAGES: Record<string, string> = { "pictures": "thumbnails and examples", "examples": "maps of the examples", "cards": "unit cards", "units": "units as points", "clusters": "groups of samples" };

function stages(all: { stage: string; seconds: number }[]): TemplateResult {
  const longest = Math.max(...all.map((one) => number(one.seconds)), 1e-9);
  return html`
    <h3>Time</h3>
    <table class="stages"><tbody>${all.map((one) => html`<tr><th scope="row"><bdi>${STAGES[one.stage] ?? one.stage}</bdi></th><td class="number">${seconds(number(one.seconds))}</td><td class="bar-cell"><i class="share" ${place({ width: `${(100 * number(one.seconds)) / longest}%` })}></i></td></tr>`)}</tbody></table>`;
}

const numbered = (name: string, i: number): string => (i === 0 ? name : `${name}-${i + 1}`);

/** Every table of the page. */
export function tables(context: Context): [string, () => Table][] {
  const { run } = context;
  const found: [string, () => Table][] = [];
  if (run.samples) found.push(["samples", () => ({ columns: sampleColumns(context), rows: sampleRows(context, Array.from({ length: run.count }, (_, i) => i)) })]);
  if (run.depthRows.length) found.push(["by-depth", () => ({ columns: ["layer", "method", "metric", "threshold", "estimate", "low", "high", "units", "control"], rows: depthRows(run) })]);
  if (run.verdict) found.push(["tests", () => ({
    columns: ["test", "unit", "estimate", "low", "high", "n", "control", "control estimate", "p", "found"],
    rows: run.verdict!.tests.map((t) => [t.name, t.unit, number(t.effect.estimate), number(t.effect.low), number(t.effect.high), t.effect.count, t.controlName, t.control ? number(t.control.estimate) : null, number(t.pValue), t.found]),
  })]);
  if (run.verdict?.harm.length) found.push(["accuracy-by-group", () => ({ columns: ["column", "value", "accuracy", "low", "high", "n"], rows: run.verdict!.harm.map((g) => [g.column, g.value, number(g.accuracy.estimate), number(g.accuracy.low), number(g.accuracy.high), g.accuracy.count]) })]);
  run.unknown.filter((finding) => TABLES.has(finding.kind)).forEach((finding, i) => found.push([numbered(finding.kind, i), () => asTable((finding as unknown as { rows: Record<string, unknown>[] }).rows)]));
  if (run.unitLayers.length && run.unitLayers.every((layer) => run.block(run.unitsOf(layer)!.figures))) found.push(["units", () => unitTable(run)]);
  if (run.embeddings.length) found.push(["maps", () => qualityTable(run)]);
  if (run.randomisation.length) found.push(["randomisation", () => randomisationTable(run.randomisation.flatMap((one) => one.rows))]);
  if (run.similarities.length) found.push(["agreement", () => ({
    columns: ["finding", "layer", "maps", "metric", "estimate", "low", "high", "units", "control"],
    rows: run.similarities.flatMap((one) => one.rows.map((row) => [one.title, row.layer, row.method, row.metric, number(row.value.estimate), number(row.value.low), number(row.value.high), row.value.count, row.control])),
  })]);
  if (run.leagues.length) found.push(["ranks", () => leagueTable(run.leagues.flatMap((one) => one.rows))]);
  if (run.data?.stages.length) found.push(["time", () => ({ columns: ["stage", "seconds"], rows: run.data!.stages.map((one) => [one.stage, number(one.seconds)]) })]);
  if (run.model) found.push(["layers", () => ({ columns: ["layer", "operation", "output", "parameters"], rows: run.model!.graph.layers.map((l) => [l.name, l.op, l.output.join(" × "), l.parameters]) })]);
  return found;
}
