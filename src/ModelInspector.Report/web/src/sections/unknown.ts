import { html, nothing, type TemplateResult } from "lit-html";
import { tableView, type Cell, type Table } from "../chart/table";
import type { Finding, ImageCodes } from "../contract";
import type { Context } from "../context";
import { prose } from "../view";
import { imageCodes } from "./codes";

/** Kinds whose tables say all there is. */
export const TABLES = new Set(["scores-by-group"]);
const KNOWN = new Set(["kind", "title", "from", "sentences"]);
/** Kinds that everything is said about without a picture. */
const TOLD = new Set([...TABLES, "study-result"]);

/** A finding that this page has no picture for: its sentences, its tables, and everything as it was written. */
export function unknown(context: Context, finding: Finding): TemplateResult {
  if (finding.kind === "image-codes") return imageCodes(context, finding as ImageCodes);
  const parts = Object.entries(finding).filter(([name]) => !KNOWN.has(name));
  const sentences = (finding as { sentences?: unknown }).sentences;
  const scalars = parts.filter(([, value]) => value !== null && typeof value !== "object");
  const tables = parts.flatMap(([name, value]) => (isRows(value) ? [[name, asTable(value)] as const] : []));
  return html`
    <li class="finding">
      <span class="finding-sign" aria-hidden="true">·</span>
      <div>
        <h3><bdi>${finding.title || finding.kind}</bdi></h3>
        ${Array.isArray(sentences) ? html`<ul class="sentences">${sentences.slice(0, 12).map((sentence) => html`<li>${prose(String(sentence))}</li>`)}</ul>` : nothing}
        ${scalars.length ? html`<dl class="settings">${scalars.slice(0, 40).map(([name, value]) => html`<div><dt><bdi>${name}</bdi></dt><dd><bdi>${String(value)}</bdi></dd></div>`)}</dl>` : nothing}
        ${tables.map(([name, table]) => html`<details class="how wide"><summary><bdi>${name}</bdi>, ${table.rows.length} rows</summary>${tableView(table, name)}</details>`)}
        ${TOLD.has(finding.kind) ? nothing : html`<p class="note">This page has no picture for findings of the kind <code><bdi>${finding.kind}</bdi></code>.</p>`}
        <details class="how"><summary>Show it</summary><pre tabindex="0">${JSON.stringify(finding, null, 2)}</pre></details>
      </div>
    </li>`;
}

const isRows = (value: unknown): value is Record<string, unknown>[] =>
  Array.isArray(value) && value.length > 0 && value.every((row) => row !== null && typeof row === "object" && !Array.isArray(row));

/** One column a field; what is nested, as intervals are, becomes columns of its own. */
export function asTable(rows: readonly Record<string, unknown>[]): Table {
  const flatten = (row: object, under = ""): [string, unknown][] => Object.entries(row).flatMap(([name, value]): [string, unknown][] =>
    value !== null && typeof value === "object" && !Array.isArray(value) ? flatten(value, `${under}${name} `) : [[`${under}${name}`, value]]);
  const flat = rows.map((row) => Object.fromEntries(flatten(row)));
  const columns = [...new Set(flat.flatMap((row) => Object.keys(row)))];
  return { columns, rows: flat.map((row) => columns.map((column) => cell(row[column]))) };
}

const cell = (value: unknown): Cell =>
  value === undefined || value === null || typeof value === "number" || typeof value === "string" || typeof value === "boolean" ? value : JSON.stringify(value);
