import { html, nothing, type TemplateResult } from "lit-html";
import { csv } from "../chart/table";
import type { Chosen } from "../canvas/region";
import { intervalRow } from "../chart/interval";
import type { Interval } from "../contract";
import type { Context } from "../context";
import { download } from "../dom";
import { percent, plural, shorten, wilson } from "../format";
import type { Run } from "../run";
import { counted, distinctive, recognised, tally, type Coded, type Counted } from "../tally";
import { thumbnail, told } from "../view";
import { sampleColumns, sampleRows } from "./map-samples";

/** The columns whose values a selection is told by, with their counts among all samples. */
function coded(run: Run): Coded[] {
  const { labels, predicted, classes } = run;
  const named = [
    ...(labels && run.samples?.labels ? [{ name: "class", codes: labels, names: classes }] : []),
    ...(predicted && run.samples?.predicted ? [{ name: "prediction", codes: predicted, names: classes }] : []),
    ...(run.samples?.columns ?? []).flatMap((_, i) => { const column = run.column(i); return column && !column.numeric && column.values.length <= MOST_VALUES ? [{ name: column.name, codes: column.codes, names: column.values }] : []; }),
  ];
  return run.latest("coded", String(named.length), () => {
    const everyone = Int32Array.from({ length: run.count }, (_, i) => i);
    return named.map(({ name, codes, names }) => { const own = counted(codes); return { name, names, codes: own, all: tally(own, names.length, everyone) }; });
  });
}

/** A column with more values than this says little about many samples. */
const MOST_VALUES = 200;

/** Asks for what a selection is described by, before there is one. */
export function prepare(run: Run): void {
  coded(run);
  right(run);
}

const right = (run: Run): Counted | undefined => {
  const { labels, predicted } = run;
  return labels && predicted && run.samples?.labels && run.samples.predicted ? run.cached("right", () => recognised(labels, predicted)) : undefined;
};

const MARKS = 5;

/** What the chosen samples have in common, against the rest. */
export function selected(context: Context, { members, has }: Chosen): TemplateResult {
  const { run, store, state } = context;
  const columns = coded(run), known = right(run);
  const { marks, accuracy } = run.latest("selected", `${state.lasso} ${state.cls} ${columns.length} ${known !== undefined}`, () => ({
    marks: distinctive(columns, members).slice(0, MARKS),
    accuracy: known && accuracyOf(tally(known, 2, members)),
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
      ${marks.length ? html`<p class="note">Values that differ most from the rest (grey tick), picked by looking: bars are 95 % intervals, not tests.</p>` : nothing}
      <div class="saves shown">
        <button type="button" @click=${() => navigator.clipboard?.writeText(Array.from(members, (i) => told(context, i).id).join("\n"))}>Copy names</button>
        <button type="button" @click=${() => download("selection.csv", csv({ columns: sampleColumns(context), rows: sampleRows(context, members) }))}>CSV</button>
        ${run.mapped.some((i) => has[i]) ? html`<button type="button" @click=${() => store.set({ section: "attributions", example: run.mapped.find((i) => has[i])! })}>Attributions</button>` : nothing}
      </div>
      ${state.lasso && state.cls >= 0 ? html`<p class="note">Only class <bdi>${run.classes[state.cls]}</bdi>.</p>` : nothing}
    </div>`;
}

const accuracyOf = ([, wrong = 0, hits = 0]: Int32Array): Interval => wilson(hits, wrong + hits);

const spaced = (values: Int32Array, most: number): number[] =>
  values.length <= most ? [...values] : Array.from({ length: most }, (_, i) => values[Math.floor((i * values.length) / most)]!);
