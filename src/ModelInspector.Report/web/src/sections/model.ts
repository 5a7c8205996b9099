import { html, nothing, type TemplateResult } from "lit-html";
import { figure } from "../chart/figure";
import type { Layer } from "../contract";
import type { Context, Section } from "../context";
import { place } from "../dom";
import { count, shorten } from "../format";

let every = false;

export const model: Section = {
  id: "model",
  title: "Model",
  question: "What does the network consist of, and which layers were looked at?",
  present: (run) => run.model !== undefined,
  body(context) {
    const { run, store } = context;
    const { graph } = run.model!;
    const chosen = new Set(run.layers);
    const layers = every ? graph.layers : graph.layers.filter((layer) => chosen.has(layer.name) || layer.parameters > 0);
    const rows = () => graph.layers.map((layer) => [layer.name, layer.op, layer.output.join(" × "), layer.parameters, layer.inputs.join(" "), chosen.has(layer.name)]);
    return html`
      <dl class="facts">
        ${fact("Format", graph.format)}${fact("Layers", `${count(graph.layers.length)}, ${count(run.layers.length)} looked at`)}${fact("Trained values", count(graph.parameters))}
        ${graph.inputs.map((port) => fact(`Input ${port.name}`, `${shape(port.shape)} ${port.type}`))}${graph.outputs.map((port) => fact(`Output ${port.name}`, `${shape(port.shape)} ${port.type}`))}
      </dl>
      ${graph.notes.map((note) => html`<p class="note"><bdi>${note}</bdi></p>`)}
      ${figure({
        title: "Layers", small: true,
        summary: `${every ? "All layers" : "Layers that hold trained values or were looked at"}, in execution order. Click one that was looked at to set it for the whole page.`,
        tools: html`<label class="toggle"><input type="checkbox" .checked=${every} @change=${() => { every = !every; store.touch(); }}><span>All ${count(graph.layers.length)}</span></label>`,
        body: table(context, layers, chosen),
        table: () => ({ columns: ["layer", "operation", "output", "trained values", "inputs", "looked at"], rows: rows() }),
      })}`;
  },
};

const shape = (sizes: number[]): string => (sizes.length ? sizes.map((size) => (size < 0 ? "any" : size)).join(" × ") : "any shape");
const fact = (name: string, value: string): TemplateResult => html`<div><dt><bdi>${name}</bdi></dt><dd><bdi>${value}</bdi></dd></div>`;

function table({ state, store }: Context, layers: Layer[], chosen: ReadonlySet<string>): TemplateResult {
  const most = Math.max(1, ...layers.map((layer) => layer.parameters));
  return html`
    <div class="scroll tall" tabindex="0" role="region" aria-label="Layers">
      <table class="layers">
        <thead><tr><th scope="col">Layer</th><th scope="col">Operation</th><th scope="col" class="number">Output</th><th scope="col" class="number">Trained values</th><th scope="col"><span class="hidden">Share of trained values</span></th></tr></thead>
        <tbody>${layers.slice(0, 600).map((layer) => html`
          <tr class=${`${chosen.has(layer.name) ? "chosen" : ""} ${layer.name === state.layer ? "now" : ""}`}>
            <th scope="row" title=${layer.name}>${chosen.has(layer.name)
              ? html`<button type="button" class="link" @click=${() => store.set({ layer: layer.name })}><bdi>${shorten(layer.name, 48)}</bdi></button>`
              : html`<bdi>${shorten(layer.name, 48)}</bdi>`}</th>
            <td><bdi>${layer.op}</bdi></td><td class="number">${layer.output.length ? layer.output.slice(1).join(" × ") || "1" : "–"}</td><td class="number">${layer.parameters ? count(layer.parameters) : ""}</td>
            <td class="bar-cell">${layer.parameters ? html`<i class="share" ${place({ width: `${(100 * layer.parameters) / most}%` })}></i>` : nothing}</td>
          </tr>`)}</tbody>
      </table>
    </div>`;
}
