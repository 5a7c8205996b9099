import { html, nothing, svg, type TemplateResult } from "lit-html";
import { figure } from "../chart/figure";
import type { LaneRow, Layer } from "../contract";
import { number } from "../contract";
import type { Context, Section } from "../context";
import { series } from "../colour";
import { place } from "../dom";
import { count, figure as three, shorten, shortenLayer, title } from "../format";
import { methodsOf, tauOf } from "./depth";

let every = false;
let statistic = "";

export const model: Section = {
  id: "model",
  title: "Model",
  question: "What does the network consist of, and which layers were looked at?",
  present: (run) => run.model !== undefined,
  body(context) {
    const { run, store } = context;
    const { graph, main, all } = run.model!;
    const chosen = new Set(run.layers);
    const metrics = [...new Set(run.depth?.rows.filter((row) => row.metric !== "specificity-at-sensitivity").map((row) => row.metric))];
    return html`
      <dl class="facts">
        ${fact("Format", graph.format)}${fact("Layers", `${count(graph.layers.length)}, ${count(run.layers.length)} looked at`)}${fact("Parameters", count(graph.parameters))}
        ${graph.inputs.map((port) => fact(`Input ${port.name}`, `${shape(port.shape)}, ${port.type}`))}${graph.outputs.map((port) => fact(`Output ${port.name}`, `${shape(port.shape)}, ${port.type}`))}
      </dl>
      ${graph.notes.map((note) => html`<p class="note"><bdi>${note}</bdi></p>`)}
      ${figure({
        title: "Layers", small: true, tabular: true,
        summary: `${every ? "All layers" : "Layers that were looked at, hold parameters, or join branches"}, in execution order; lines beside them are values on their way. Click a layer that was looked at to set it for the whole page.`,
        tools: html`<span class="figure-tools">
          ${main.length < all.length ? html`<label class="toggle"><input type="checkbox" .checked=${every} @change=${() => { every = !every; store.touch(); }}><span>All ${count(all.length)}</span></label>` : nothing}
          ${metrics.length ? html`<label class="field"><span>Bars</span><select @change=${(event: Event) => { statistic = (event.target as HTMLSelectElement).value; store.touch(); }}>
            <option value="" ?selected=${statistic === ""}>parameters</option>${metrics.map((metric) => html`<option value=${metric} ?selected=${metric === statistic}>${title(metric)}</option>`)}</select></label>` : nothing}</span>`,
        body: drawing(context, every ? all : main, chosen),
        table: () => ({ columns: ["layer", "operation", "output", "parameters", "inputs", "looked at"], rows: graph.layers.map((layer) => [layer.name, layer.op, layer.output.join(" × "), layer.parameters, layer.inputs.join(" "), chosen.has(layer.name)]) }),
      })}`;
  },
};

const shape = (sizes: number[]): string => (sizes.length ? sizes.map((size) => (size < 0 ? "any" : size)).join(" × ") : "any shape");
const fact = (name: string, value: string): TemplateResult => html`<div><dt><bdi>${name}</bdi></dt><dd><bdi>${value}</bdi></dd></div>`;

const ROW = 29, MOST = 1500;

function drawing(context: Context, rows: LaneRow[], chosen: ReadonlySet<string>): TemplateResult {
  const { run, state, store } = context;
  const layers = run.model!.graph.layers;
  const lanes = 1 + Math.max(0, ...rows.map(([, at, , through]) => Math.max(at, ...through)));
  const step = Math.max(5, Math.min(14, 150 / lanes));
  const values = statistics(context, layers);
  return html`
    <div class="scroll tall" tabindex="0" role="region" aria-label="Layers">
      <table class="layers">
        <thead><tr><td class="lanes"></td><th scope="col">Layer</th><th scope="col">Operation</th><th scope="col" class="number">Output</th><th scope="col" class="number">${statistic ? values.name : "Parameters"}</th><th scope="col"><span class="hidden">Bar</span></th></tr></thead>
        <tbody>${rows.slice(0, MOST).map((row, i) => {
          const layer = layers[row[0]]!, looked = chosen.has(layer.name);
          return html`
          <tr class=${`${looked ? "chosen" : ""} ${layer.name === state.layer ? "now" : ""}`}>
            <td class="lanes">${lanesOf(row, rows[i - 1]?.[3] ?? [], step, lanes, looked)}</td>
            <th scope="row" title=${layer.name}>${looked
              ? html`<button type="button" class="link" @click=${() => store.set({ layer: layer.name })}><bdi>${shortenLayer(layer.name, 64)}</bdi></button>`
              : html`<bdi>${shortenLayer(layer.name, 64)}</bdi>`}</th>
            <td title=${layer.op}><bdi>${shorten(layer.op, 32)}</bdi></td><td class="number">${layer.output.length ? layer.output.slice(1).join(" × ") || "1" : "–"}</td>
            <td class="number">${values.text(layer)}</td>
            <td class="bar-cell">${values.share(layer).map((one) => html`<i class="share" ${place({ width: `${100 * one.part}%`, "background-color": one.colour })}></i>`)}</td>
          </tr>`; })}</tbody>
      </table>
      ${rows.length > MOST ? html`<p class="note">${count(rows.length - MOST)} more layers are in the table's CSV.</p>` : nothing}
    </div>`;
}

/** The part of the drawing beside one row: lanes that pass, lanes that come in, and the layer's dot. */
function lanesOf([, at, from, through]: LaneRow, above: number[], step: number, lanes: number, looked: boolean): TemplateResult {
  const x = (lane: number) => 8 + lane * step, middle = ROW / 2;
  const paths = [
    ...above.filter((lane) => lane !== at && through.includes(lane)).map((lane) => `M${x(lane)} 0V${ROW}`),
    ...from.map((lane) => (lane === at ? `M${x(at)} 0V${middle}` : `M${x(lane)} 0C${x(lane)} ${middle} ${x(at)} 2 ${x(at)} ${middle}`)),
    ...(through.includes(at) ? [`M${x(at)} ${middle}V${ROW}`] : []),
  ];
  return html`<svg class="lane" width=${16 + (lanes - 1) * step} height=${ROW} aria-hidden="true">${svg`<path d=${paths.join("")}/><circle cx=${x(at)} cy=${middle} r=${looked ? 4.5 : 3} class=${looked ? "looked" : ""}/>`}</svg>`;
}

interface Statistics { name: string; text(layer: Layer): string; share(layer: Layer): { part: number; colour: string }[] }

/** What the bars show: parameters, or a measure of the maps at the layers that were looked at. */
function statistics({ run, state }: Context, layers: Layer[]): Statistics {
  if (!statistic) {
    const most = Math.max(1, ...layers.map((layer) => layer.parameters));
    return { name: "", text: (layer) => (layer.parameters ? count(layer.parameters) : ""), share: (layer) => (layer.parameters ? [{ part: layer.parameters / most, colour: "var(--muted)" }] : []) };
  }
  const threshold = tauOf(run.depthRows, statistic, state.tau), methods = methodsOf(run);
  const rows = (run.depth?.rows ?? []).filter((row) => !row.control && row.metric === statistic && row.threshold === threshold);
  const of = (layer: Layer) => methods.flatMap((method) => rows.filter((row) => row.layer === layer.name && row.method === method).map((row) => ({ method, value: number(row.value.estimate) })));
  const most = Math.max(1, ...rows.map((row) => number(row.value.estimate)).filter(Number.isFinite));
  return {
    name: methods.map(title).join(", "),
    text: (layer) => of(layer).map((one) => three(one.value)).join("  "),
    share: (layer) => of(layer).filter((one) => Number.isFinite(one.value)).map((one) => ({ part: Math.max(0, one.value) / most, colour: series(one.method, methods) })),
  };
}
