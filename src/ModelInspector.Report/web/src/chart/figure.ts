import { html, nothing, render, type TemplateResult } from "lit-html";
import { download, slug } from "../dom";
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
  const name = slug(title);
  const within = (event: Event) => (event.currentTarget as HTMLElement).closest("figure")!;
  return html`
    <figure class=${small ? "figure small" : "figure"}>
      <figcaption><h3>${title}</h3>${tools ?? nothing}<p class="summary">${summary}</p></figcaption>
      <div class="drawing">${body}</div>
      <details class="twin" @toggle=${(event: Event) => open(event.currentTarget as HTMLDetailsElement, table, title)}>
        <summary>Table</summary>
        <div class="twin-body"></div>
      </details>
      <div class="saves" role="group" aria-label=${`Save ${title}`}>
        <button type="button" @click=${() => download(`${name}.csv`, csv(table()))}>CSV</button>
        ${tabular ? nothing : html`<button type="button" class="save-svg" @click=${(event: Event) => within(event).querySelectorAll<SVGSVGElement>(".drawing svg").forEach((svg, i) => saveSvg(svg, i ? `${name}-${i + 1}` : name))}>SVG</button>
        <button type="button" @click=${(event: Event) => savePng(within(event).querySelector<HTMLElement>(".drawing")!, name)}>PNG</button>`}
      </div>
    </figure>`;
}

function open(details: HTMLDetailsElement, table: () => Table, title: string): void {
  if (details.open) render(tableView(table(), title), details.querySelector<HTMLElement>(".twin-body")!);
}
