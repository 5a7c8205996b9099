import { html, nothing, type TemplateResult } from "lit-html";
import { count, figure as three } from "../format";

export type Cell = string | number | boolean | null | undefined;
export interface Table { columns: string[]; rows: Cell[][] }

/** RFC 4180: quoted where needed, doubled quotes, CRLF. */
export function csv({ columns, rows }: Table): string {
  const cell = (value: Cell) => {
    const text = value == null ? "" : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [columns, ...rows].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

const MOST = 400;

export function tableView({ columns, rows }: Table, caption: string): TemplateResult {
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label=${`Table: ${caption}`}>
      <table>
        <thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
        <tbody>${rows.slice(0, MOST).map((row) => html`<tr>${row.map((value) => html`<td class=${typeof value === "number" ? "number" : nothing}>${show(value)}</td>`)}</tr>`)}</tbody>
      </table>
      ${rows.length > MOST ? html`<p class="note">${rows.length - MOST} more rows are in the CSV.</p>` : nothing}
    </div>`;
}

const show = (value: Cell): string =>
  value == null ? "" : typeof value === "number" ? (Number.isInteger(value) ? count(value) : three(value)) : typeof value === "boolean" ? (value ? "yes" : "no") : value;
