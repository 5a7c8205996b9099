import { html, nothing, render, type TemplateResult } from "lit-html";
import { download, drawEverything, slug } from "../dom";
import { savePng, saveSvg } from "./export";
import { csv, tableView, type Table } from "./table";

export interface Figure {
  title: string;
  /** What the figure shows, in one sentence: for those who cannot see it, and for those in a hurry. */
  summary: unknown;
  body: unknown;
  /** The same in numbers. */
  table: () => Table;
  tools?: unknown;
  small?: boolean;
  /** Whether the body is itself a table: nothing to save as a picture. */
  tabular?: boolean;
}

/** A figure with its sentence, its table and its downloads. */
export function figure({ title, summary, body, table, tools, small, tabular }: Figure): TemplateResult {
  return html`
    <figure class=${small ? "figure small" : "figure"}>
      <figcaption><h3>${title}</h3>${tools ?? nothing}<p class="summary">${summary}</p></figcaption>
      <div class="drawing">${body}</div>
      <details class="twin" @toggle=${(event: Event) => open(event.currentTarget as HTMLDetailsElement, table, title)}>
        <summary>Table</summary>
        <div class="twin-body"></div>
      </details>
      ${saves(title, table, tabular ? [] : ["SVG", "PNG"])}
    </figure>`;
}

/** Pictures that have no axis and no table: saved as they are drawn. */
export const drawn = (title: string, body: unknown): TemplateResult => html`<div class="drawn"><div class="drawing">${body}</div>${saves(title, undefined, ["PNG"])}</div>`;

/** Downloads of what is drawn beside them: of the drawing in the same figure. */
export function saves(title: string, table: (() => Table) | undefined, pictures: readonly ("SVG" | "PNG")[]): TemplateResult {
  const name = slug(title), within = (event: Event) => (event.currentTarget as HTMLElement).closest(".figure, .drawn")!.querySelector<HTMLElement>(".drawing")!;
  return html`
    <div class="saves" role="group" aria-label=${`Save ${title}`}>
      ${table ? html`<button type="button" @click=${() => download(`${name}.csv`, csv(table()))}>CSV</button>` : nothing}
      ${pictures.includes("SVG") ? html`<button type="button" class="save-svg" @click=${(event: Event) => { drawEverything(); within(event).querySelectorAll("svg").forEach((svg, i) => saveSvg(svg, i ? `${name}-${i + 1}` : name)); }}>SVG</button>` : nothing}
      ${pictures.includes("PNG") ? html`<button type="button" @click=${(event: Event) => savePng(within(event), name)}>PNG</button>` : nothing}
    </div>`;
}

function open(details: HTMLDetailsElement, table: () => Table, title: string): void {
  if (details.open) render(tableView(table(), title), details.querySelector<HTMLElement>(".twin-body")!);
}
