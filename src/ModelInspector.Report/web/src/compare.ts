import { html, nothing, render, type TemplateResult } from "lit-html";
import { readMaps, type Maps } from "./blocks";
import { ends, withZero } from "./chart/axis";
import { comparisonChart, type ComparedLine } from "./chart/comparison";
import { figure } from "./chart/figure";
import { intervalRow } from "./chart/interval";
import type { DataAndLimits, DepthRow, Id, SeparabilityByDepth, SpecificityByDepth, Verdict } from "./contract";
import { number, type Finding, type RunRecord } from "./contract";
import { drawEverything, fill, place } from "./dom";
import { count, figure as three, inUnit, percent, plural, shorten, title, wilson } from "./format";
import { meanCaption, meanMap } from "./mean";
import { headline, ranked, STATES } from "./sections/first";
import { MEANING, nearest, panelsOf, tauOf, tausOf, type Panel } from "./sections/depth";
import type { Source } from "./source";
import { START, Store } from "./state";
import { themeButton, watch } from "./theme";
import { prose, segmented } from "./view";

export interface ComparedRun { name: string; run: RunRecord; findings: Finding[]; layers: { name: string; at: number }[]; classes: { name: string; right: number; all: number }[] }
export interface Pair { a: number; b: number; samples: number; alike: number; onlyA: number; onlyB: number }
export interface ComparisonManifest { schema: string; runs: ComparedRun[]; pairs: Pair[] }

interface Side extends ComparedRun { colour: string; verdict: Verdict | undefined; rows: DepthRow[] }

const CLASSES = 24;

/** The page that puts runs side by side; every chart has one scale for all of them. */
export function beginComparison(source: Source, manifest: ComparisonManifest, root: HTMLElement): void {
  const store = new Store({ ...START, section: "verdicts" }, window);
  const sides = manifest.runs.map((run, i): Side => ({
    ...run, colour: `var(--series-${i + 1})`, verdict: run.findings.find((finding) => finding.kind === "verdict") as Verdict | undefined,
    rows: run.findings.flatMap((finding) => (finding.kind === "specificity-by-depth" || finding.kind === "separability-by-depth" ? (finding as SpecificityByDepth | SeparabilityByDepth).rows : [])),
  }));
  const maps = new Map<Id, Maps>();
  let failed = "";
  const draw = () => { render(page(manifest, sides, maps, store, failed), root); };
  store.listen(draw);
  watch(() => store.touch());
  draw();
  addEventListener("beforeprint", () => { draw(); drawEverything(); });
  const wanted = sides.flatMap(({ verdict }) => [verdict?.meanMap, verdict?.meanInput, verdict?.region]).filter((id): id is Id => id != null);
  const load = async (id: Id) => { const info = source.manifest.blocks[id]; if (info?.type === "i8") maps.set(id, readMaps(info, await source.block(id))); };
  Promise.all(wanted.map(load)).catch((error: unknown) => { failed = String(error); }).then(() => { draw(); root.toggleAttribute("data-settled", true); });
}

function page(manifest: ComparisonManifest, sides: Side[], maps: Map<Id, Maps>, store: Store, failed: string): TemplateResult {
  return html`
    <header class="top">
      <span class="brand">Comparison of ${sides.length} runs</span>
      <span class="compared-legend">${sides.map((side) => html`<span>${naming(side, 24)}</span>`)}</span>
      <div class="top-tools">${themeButton(store)}</div>
    </header>
    <main class="comparison">
      <h1 class="hidden">Comparison of ${sides.length} runs</h1>
      ${failed ? html`<p class="alarm" role="alert">${failed}</p>` : nothing}
      ${section("verdicts", "Verdicts", "What did each run find, and how sure is it?", html`<div class="compared">${sides.map((side) => verdict(side, sides, maps))}</div><p class="note">Dots are estimates, bars their 95 % intervals; grey ticks are controls.</p>`)}
      ${sides.some((side) => side.classes.length) || manifest.pairs.length ? section("accuracy", "Accuracy", "Which classes does each know?", accuracy(manifest, sides)) : nothing}
      ${sides.some((side) => side.rows.length) ? section("depth", "By depth", "At which depth does each look at the right place, and at which does it know?", byDepth(sides, store)) : nothing}
      ${section("differences", "Differences", "Are these runs comparable?", differences(sides))}
    </main>
    <footer>Written by ModelInspector. This page calls nobody: all it shows is inside it.</footer>`;
}

const section = (id: string, name: string, question: string, body: unknown): TemplateResult => html`
  <section id=${id} aria-labelledby=${`${id}-title`}><header class="section-head"><h2 id=${`${id}-title`}>${name}</h2><p>${question}</p></header>${body}</section>`;

const naming = (side: Side, most = 40): TemplateResult =>
  html`<i class="swatch" ${place({ "background-color": side.colour })}></i><bdi title=${side.name}>${shorten(side.name, most)}</bdi>`;

function verdict(side: Side, sides: Side[], maps: Map<Id, Maps>): TemplateResult {
  const found = side.verdict, state = found ? (STATES[found.state] ?? STATES["cannot-tell"]) : undefined;
  const totals = total(side);
  return html`
    <article class=${`side ${found?.state ?? ""}`}>
      <p class="side-name">${naming(side)}</p>
      ${found && state ? html`
        <p class="verdict-state"><span class="sign" aria-hidden="true">${state.sign}</span> ${state.word}</p>
        <h3>${prose(headline(found.title, state.word))}</h3>` : html`<p class="verdict-state">No verdict</p>`}
      ${totals.all ? intervalRow({ label: "Accuracy", value: wilson(totals.right, totals.all), show: percent, colour: side.colour }) : nothing}
      ${found ? ranked(found).slice(0, 4).map((test) => intervalRow({
        label: html`<span class="capital">${prose(test.name)}</span>`, value: test.effect, control: test.control, show: inUnit(test.unit), colour: test.found ? "var(--state)" : "var(--muted-strong)",
        domain: sharedDomain(sides, test.unit), note: test.control ? html`control ${inUnit(test.unit)(number(test.control.estimate))}` : undefined,
      })) : nothing}
      ${found ? where(found, maps) : nothing}
      ${found ? html`<ul class="sentences">${found.sentences.slice(0, 3).map((sentence) => html`<li>${prose(sentence)}</li>`)}</ul>` : nothing}
    </article>`;
}

/** One axis for all tests of a unit, on all runs. */
function sharedDomain(sides: readonly Side[], unit: string): [number, number] {
  return withZero(sides.flatMap((side) => side.verdict?.tests ?? []).filter((test) => test.unit === unit).flatMap((test) => [...ends(test.effect), ...ends(test.control)]));
}

function where(finding: Verdict, maps: Map<Id, Maps>): TemplateResult | typeof nothing {
  if (!finding.meanMap) return nothing;
  const of = (id: Id | null) => maps.get(id ?? "");
  return html`<figure class="side-map">${meanMap(of(finding.meanMap), of(finding.meanInput), of(finding.region))}<figcaption>${meanCaption(finding)}</figcaption></figure>`;
}

const total = (side: ComparedRun) => side.classes.reduce((sum, one) => ({ right: sum.right + one.right, all: sum.all + one.all }), { right: 0, all: 0 });

const of = (side: Side, name: string) => side.classes.find((one) => one.name === name);

function accuracy({ pairs }: ComparisonManifest, sides: Side[]): TemplateResult {
  const names = [...new Set(sides.flatMap((side) => side.classes.map((one) => one.name)))];
  const spread = (name: string) => {
    const shares = sides.map((side) => of(side, name)).filter((one) => one && one.all > 0).map((one) => one!.right / one!.all);
    return Math.max(...shares) - Math.min(...shares);
  };
  const order = [...names].sort((a, b) => spread(b) - spread(a));
  return html`
    ${pairs.length
      ? html`<ul class="sentences pairs-said">${pairs.map((pair) => html`<li>${together(pair, sides)}</li>`)}</ul>`
      : html`<p class="note">The runs looked at different samples, or tell other classes apart: accuracies are shown, but samples cannot be compared one by one.</p>`}
    <div class="class-rows">${order.slice(0, CLASSES).map((name) => html`<div><h3><bdi title=${name}>${shorten(name, 36)}</bdi></h3>${sides.map((side) => recall(side, name))}</div>`)}</div>
    ${order.length === 0 ? nothing : html`
      <p class="note">Share recognised, with Wilson's 95 % interval; classes on which the runs differ most come first${order.length > CLASSES ? `, ${CLASSES} of ${order.length} shown` : ""}.</p>`}`;
}

/** What two networks decide for the same samples; who is right is known of labelled ones only. */
function together(pair: Pair, sides: Side[]): TemplateResult {
  const [first, second] = [sides[pair.a]!, sides[pair.b]!];
  const right = first.classes.length ? html`; only the first is right on ${count(pair.onlyA)}, only the second on ${count(pair.onlyB)}` : nothing;
  return html`${naming(first)} and ${naming(second)} decide alike on ${percent(pair.alike / pair.samples)} of ${plural(pair.samples, "sample")}${right}.`;
}

function recall(side: Side, name: string): TemplateResult {
  const one = of(side, name);
  return one
    ? intervalRow({ label: naming(side), value: wilson(one.right, one.all), show: percent, colour: side.colour, note: `n = ${count(one.all)}` })
    : html`<p class="note">${naming(side)} has no samples of this class.</p>`;
}

function byDepth(sides: Side[], store: Store): TemplateResult {
  const rows = sides.flatMap((side) => side.rows);
  const methods = [...new Set(rows.filter((row) => !row.control && (row.threshold !== null || row.metric === "auroc")).map((row) => row.method))];
  const method = methods.includes(store.state.method) ? store.state.method : (methods[0] ?? "");
  const taus = tausOf(rows), tau = taus.length ? nearest(taus, store.state.tau) : store.state.tau;
  return html`
    <div class="bar">
      ${methods.length < 2 ? nothing : html`
        <div class="field"><span>Method</span>${segmented("Attribution method", methods.map((one) => ({ value: one, label: title(one) })), method, (value) => store.set({ method: value }))}</div>`}
      ${taus.length < 2 ? nothing : html`
        <div class="field"><span>Threshold τ</span>${segmented("Threshold τ", taus.map((one) => ({ value: one, label: String(one) })), tau, (value) => store.set({ tau: value }))}</div>`}
    </div>
    <div class="charts">${panelsOf(rows, tau).map((panel) => chart(sides, panel, method))}</div>
    <p class="note">From left to right: from the input to the output, as a share of each network's own layers.
      Bands are 95 % bootstrap intervals; dashed lines of the same colour are each run's control, a random map or shuffled labels.</p>`;
}

function chart(sides: Side[], panel: Panel, method: string): TemplateResult | typeof nothing {
  const all = sides.map((side) => ({ side, line: line(side, panel, method), threshold: thresholdOf(side, panel) })), shown = all.filter(({ line }) => line.points.length > 0);
  if (shown.length === 0) return nothing;
  const lines = shown.map(({ line }) => line), absent = all.filter((one) => !shown.includes(one)), other = shown.filter((one) => one.threshold !== panel.threshold);
  const description = `${panel.name} by depth: ${lines.map((one) => `${one.name} from ${three(one.points[0]!.estimate)} to ${three(one.points.at(-1)!.estimate)}`).join("; ")}.`;
  return figure({
    title: panel.name,
    summary: html`${MEANING[panel.metric] ?? ""}${other.map(({ side, threshold }) => html` ${naming(side)} was measured at ${threshold}.`)}
      ${absent.length ? html` Not measured: ${absent.map(({ side }, i) => html`${i ? ", " : ""}${naming(side)}`)}.` : nothing}<span class="hidden"> ${description}</span>`,
    body: html`<div class="chart" ${fill((width) => comparisonChart(lines, width, 216, description), sides, panel.metric, panel.threshold, method)}></div>`,
    table: () => ({
      columns: ["run", "layer", "depth", "method", "metric", "threshold", "estimate", "low", "high", "control"],
      rows: sides.flatMap((side) => matching(side, panel, method).map((row) => [
        side.name, row.layer, at(side, row.layer) ?? null, row.method, row.metric, row.threshold, number(row.value.estimate), number(row.value.low), number(row.value.high), row.control,
      ])),
    }),
  });
}

const at = (side: ComparedRun, layer: string): number | undefined => side.layers.find((one) => one.name === layer)?.at;

/** The threshold of a panel as this run has it: the nearest that it was measured at; a sensitivity that is held must be the same. */
function thresholdOf(side: Side, { metric, threshold }: Panel): number | null {
  return metric === "specificity-at-sensitivity" || threshold === null ? threshold : tauOf(side.rows, metric, threshold);
}

/** Rows of a metric: the chosen method's, or all where a metric knows no methods; and the controls. */
function matching(side: Side, panel: Panel, method: string): DepthRow[] {
  const threshold = thresholdOf(side, panel);
  const rows = side.rows.filter((row) => row.metric === panel.metric && row.threshold === threshold);
  const own = rows.filter((row) => !row.control && row.method === method);
  return [...(own.length ? own : rows.filter((row) => !row.control && ["labels", "predictions"].includes(row.method))), ...rows.filter((row) => row.control)];
}

function line(side: Side, panel: Panel, method: string): ComparedLine {
  const rows = matching(side, panel, method);
  const control = rows.filter((row) => row.control && ["random", "shuffled-labels"].includes(row.method)).map((row) => number(row.value.estimate));
  const points = rows.filter((row) => !row.control).flatMap((row) => {
    const x = at(side, row.layer);
    return x === undefined ? [] : [{ x, layer: row.layer, estimate: number(row.value.estimate), low: number(row.value.low), high: number(row.value.high) }];
  });
  return {
    name: side.name, colour: side.colour, control: control.length ? control.reduce((sum, one) => sum + one, 0) / control.length : NaN,
    points: points.sort((a, b) => a.x - b.x),
  };
}

function used(side: Side): string {
  const data = side.findings.find((finding) => finding.kind === "data-and-limits") as DataAndLimits | undefined;
  return data ? count(data.samples) : "";
}

function differences(sides: Side[]): TemplateResult {
  const records = sides.map((side) => Object.fromEntries<string>([
    ["model", side.run.model], ["model hash", side.run.modelSha256.slice(0, 16)], ["data", side.run.data], ["data hash", side.run.dataSha256.slice(0, 16)],
    ["samples", used(side)], ["seed", String(side.run.seed)], ["ModelInspector", side.run.version],
    ...Object.entries(side.run.settings), ...Object.entries(side.run.environment),
  ]));
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const differs = (name: string) => new Set(records.map((record) => record[name] ?? "")).size > 1;
  const cell = (text: string | undefined) => html`<td><bdi title=${text ?? ""}>${shorten(text ?? "–", 80)}</bdi></td>`;
  const rows = (which: string[]) => which.map((name) => html`<tr><th scope="row"><bdi>${shorten(name, 40)}</bdi></th>${records.map((record) => cell(record[name]))}</tr>`);
  const table = (label: string, head: unknown, which: string[]) =>
    html`<div class="scroll" tabindex="0" role="region" aria-label=${label}><table class="differences">${head}<tbody>${rows(which)}</tbody></table></div>`;
  const different = names.filter(differs), same = names.filter((name) => !differs(name));
  return html`
    ${table("What differs", html`<thead><tr><td></td>${sides.map((side) => html`<th scope="col">${naming(side)}</th>`)}</tr></thead>`, different)}
    ${same.length ? html`<details class="how wide"><summary>${plural(same.length, "setting")} that all share</summary>${table("What all share", nothing, same)}</details>` : nothing}`;
}
