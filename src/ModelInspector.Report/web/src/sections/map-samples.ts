import { html, nothing, type TemplateResult } from "lit-html";
import type { Chosen } from "../canvas/region";
import { csv, tableView, type Cell } from "../chart/table";
import { savePng } from "../chart/export";
import type { Context } from "../context";
import { download } from "../dom";
import { plural } from "../format";
import { told } from "../view";

let search = "";

export function sampleColumns({ run }: Context): string[] {
  return ["sample", "file", "label", "prediction", "confidence", ...(run.samples?.columns ?? []).map((column) => column.name)];
}

export function sampleRows(context: Context, samples: Iterable<number>): Cell[][] {
  const { run } = context;
  const columns = (run.samples?.columns ?? []).map((_, i) => run.column(i));
  return Array.from(samples, (i) => {
    const { id, label, predicted, confidence } = told(context, i);
    return [i, id, label, predicted, Number.isFinite(confidence) ? confidence : null, ...columns.map((column) => column?.values[column.codes[i]!] ?? "")];
  });
}

/** The map's twin for those who cannot see it: the same samples as a list that can be searched. */
export function list(context: Context, chosen: Chosen | undefined, drawing: () => string): TemplateResult {
  const { run, store } = context;
  const wanted = search.trim().toLowerCase();
  const open = (event: Event) => { if ((event.currentTarget as HTMLDetailsElement).open) store.touch(); };
  const opened = document.querySelector<HTMLDetailsElement>("#sample-list")?.open ?? false;
  const all = (): number[] => (chosen ? [...chosen.members] : Array.from({ length: run.count }, (_, i) => i));
  const found = !opened ? [] : wanted ? all().filter((i) => (run.ids?.[i] ?? "").toLowerCase().includes(wanted)) : all();
  return html`
    <details id="sample-list" class="twin wide" @toggle=${open}>
      <summary>Samples as a list</summary>
      <div class="twin-body">
        <label class="search"><span class="hidden">Search file names</span><input id="sample-search" type="search" placeholder="Search file names" .value=${search} @input=${(event: Event) => { search = (event.target as HTMLInputElement).value; store.touch(); }}></label>
        <p class="note" role="status">${opened ? plural(found.length, "sample") : ""}${chosen ? " of the selection" : ""}</p>
        ${opened ? tableView({ columns: sampleColumns(context), rows: sampleRows(context, found.slice(0, 401)) }, "samples") : nothing}
      </div>
    </details>
    <div class="saves">
      <button type="button" @click=${() => download("samples.csv", csv({ columns: sampleColumns(context), rows: sampleRows(context, all()) }))}>CSV</button>
      <button type="button" @click=${() => savePng(document.querySelector<HTMLElement>(".map-stage")!, "map")}>PNG</button>
      <button type="button" @click=${() => download("map.svg", drawing(), "image/svg+xml")}>SVG</button>
    </div>`;
}
