import { html, nothing, type TemplateResult } from "lit-html";
import { csv } from "../chart/table";
import { intervalRow } from "../chart/interval";
import type { Interval } from "../contract";
import type { Context } from "../context";
import { download } from "../dom";
import { percent, plural, shorten, wilson } from "../format";
import type { Chosen } from "../selection";
import { thumbnail, told } from "../view";
import { sampleColumns, sampleRows } from "./map-samples";

/** What the chosen samples have in common, against the rest. */
export function selected(context: Context, { members, has }: Chosen): TemplateResult {
  const { run, store, state } = context;
  const { labels, predicted } = run;
  const ready = [labels, predicted, ...(run.samples?.columns ?? []).map((_, i) => run.column(i))].filter(Boolean).length;
  const { marks, accuracy } = run.cached(`selected ${state.lasso} ${state.cls} ${ready}`, () => ({
    marks: distinctive(context, has, members.length),
    accuracy: labels && predicted && run.samples?.labels ? recognised(members, labels, predicted) : undefined,
  }));
  const clear = html`<button type="button" class="quiet" @click=${() => store.set({ lasso: "", cls: -1 })}>Clear</button>`;
  if (members.length === 0) return html`<h3>Nothing selected ${clear}</h3>`;
  const rest = Math.max(1, run.count - members.length);
  return html`
    <div class="selection" aria-live="polite">
      <h3>${plural(members.length, "sample")} selected ${clear}</h3>
      <div class="thumbs">${spaced(members, 18).map((i) => html`<button type="button" class="thumb-button" title=${told(context, i).id} @click=${() => store.set({ example: i })}>${thumbnail(context, i)}<span class="hidden">sample ${i}</span></button>`)}</div>
      ${accuracy ? intervalRow({ label: "Recognised", value: accuracy, show: percent, colour: "var(--accent)" }) : nothing}
      ${marks.map((one) => intervalRow({
        label: html`<bdi>${shorten(one.column, 18)}</bdi> = <bdi>${shorten(one.value, 22)}</bdi>`, value: wilson(one.inside, members.length), control: wilson(one.outside, rest), show: percent, colour: "var(--accent)",
        note: `rest ${percent(one.outside / rest)}`,
      }))}
      <div class="saves shown">
        <button type="button" @click=${() => navigator.clipboard?.writeText(Array.from(members, (i) => told(context, i).id).join("\n"))}>Copy names</button>
        <button type="button" @click=${() => download("selection.csv", csv({ columns: sampleColumns(context), rows: sampleRows(context, members) }))}>CSV</button>
        ${run.mapped.some((i) => has[i]) ? html`<button type="button" @click=${() => store.set({ section: "attributions", example: run.mapped.find((i) => has[i])! })}>Attributions</button>` : nothing}
      </div>
      ${state.lasso && state.cls >= 0 ? html`<p class="note">Only class <bdi>${run.classes[state.cls]}</bdi>.</p>` : nothing}
    </div>`;
}

function recognised(members: Int32Array, labels: Int32Array, predicted: Int32Array): Interval {
  let hits = 0, known = 0;
  for (const i of members) if (labels[i]! >= 0) { known++; if (labels[i] === predicted[i]) hits++; }
  return wilson(hits, known);
}

const spaced = (values: Int32Array, most: number): number[] =>
  values.length <= most ? [...values] : Array.from({ length: most }, (_, i) => values[Math.floor((i * values.length) / most)]!);

interface Mark { column: string; value: string; inside: number; outside: number }

/** The values that tell the selection from the rest best: largest difference of shares, one a column. */
function distinctive(context: Context, chosen: Uint8Array, size: number): Mark[] {
  const { run } = context;
  const columns = [
    ...(run.labels && run.samples?.labels ? [{ name: "class", codes: run.labels, names: run.classes }] : []),
    ...(run.predicted && run.samples?.predicted ? [{ name: "prediction", codes: run.predicted, names: run.classes }] : []),
    ...(run.samples?.columns ?? []).map((_, i) => run.column(i)).filter((column) => column && !column.numeric && column.values.length <= 200).map((column) => ({ name: column!.name, codes: column!.codes, names: column!.values })),
  ];
  const rest = Math.max(1, run.count - size);
  return columns.flatMap(({ name, codes, names }) => {
    // Outside and inside of one value side by side; the first two are for samples without one.
    const counts = new Int32Array(2 * (names.length + 1));
    for (let i = 0; i < codes.length; i++) counts[2 * Math.max(0, codes[i]! + 1) + chosen[i]!]!++;
    const inside = (code: number) => counts[2 * code + 3]!, outside = (code: number) => counts[2 * code + 2]!;
    let best = -1, most = 0.1;
    names.forEach((_, code) => { const gap = inside(code) / size - outside(code) / rest; if (gap > most) { most = gap; best = code; } });
    return best < 0 ? [] : [{ column: name, value: names[best]!, inside: inside(best), outside: outside(best), gap: most }];
  }).sort((a, b) => b.gap - a.gap).slice(0, 5);
}
