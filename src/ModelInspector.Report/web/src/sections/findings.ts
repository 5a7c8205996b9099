import { html, nothing, type TemplateResult } from "lit-html";
import type { Provenance, Verdict } from "../contract";
import type { Context, Section } from "../context";
import { number } from "../contract";
import { inUnit, interval, pValue, title } from "../format";
import { overlay, plain } from "../view";
import { STATES, telling, testRow } from "./first";

export const findings: Section = {
  id: "findings",
  title: "Findings",
  question: "What was tested, what came out, and how was it measured?",
  present: (run) => run.verdict !== undefined || run.depth !== undefined || run.unknown.length > 0,
  body(context) {
    const { run } = context;
    return html`
      <ol class="findings">
        ${run.verdict ? tests(context, run.verdict) : nothing}
        ${run.verdict ? checks(run.verdict) : nothing}
        ${run.depth ? html`
          <li class="finding">
            <span class="finding-sign" aria-hidden="true">◆</span>
            <div>
              <h3><bdi>${run.depth.title}</bdi></h3>
              <ul class="sentences">${run.depth.sentences.map((sentence) => html`<li><bdi>${sentence}</bdi></li>`)}</ul>
              ${measured(run.depth.from)}
              <button type="button" class="link" @click=${() => context.store.set({ section: "depth" })}>Show by depth</button>
            </div>
          </li>` : nothing}
        ${run.unknown.map((finding) => html`
          <li class="finding">
            <span class="finding-sign" aria-hidden="true">·</span>
            <div>
              <h3><bdi>${finding.title || finding.kind}</bdi></h3>
              <p class="note">This page has no picture for findings of the kind <code><bdi>${finding.kind}</bdi></code>; here it is as it was written.</p>
              <details class="how"><summary>Show it</summary><pre tabindex="0">${JSON.stringify(finding, null, 2)}</pre></details>
            </div>
          </li>`)}
      </ol>`;
  },
};

/** Tests that found something first, those with a control before those without. */
function tests(context: Context, verdict: Verdict): TemplateResult[] {
  const weight = (test: Verdict["tests"][number]) => 2 * Number(test.found) + Number(test.control !== null);
  return [...verdict.tests].sort((a, b) => weight(b) - weight(a)).map((test, i) => {
    const show = inUnit(test.unit);
    return html`
      <li class=${`finding ${test.found ? verdict.state : ""}`}>
        <span class="finding-sign" aria-hidden="true">${test.found ? STATES[verdict.state].sign : "○"}</span>
        <div>
          <h3><bdi>${test.name}</bdi> <small>${test.found ? "evidence" : "no evidence"}</small></h3>
          ${testRow(test, true)}
          <p>${interval(test.effect, show)} <bdi>${test.unit}</bdi>${test.control ? html`, against ${interval(test.control, show)} for <bdi>${test.controlName || "the control"}</bdi>` : nothing}; ${pValue(number(test.pValue))} after Holm's correction for ${verdict.tests.length} tests, n = ${test.effect.count}.</p>
          ${i === 0 && test.found ? evidence(context) : nothing}
          ${measured(verdict.from)}
        </div>
      </li>`;
  });
}

function checks(verdict: Verdict): TemplateResult | typeof nothing {
  if (verdict.checks.length === 0) return nothing;
  return html`
    <li class="finding">
      <span class="finding-sign" aria-hidden="true">✓</span>
      <div>
        <h3>Can it be trusted?</h3>
        <dl class="checks">${verdict.checks.map((check) => html`<div><dt><bdi>${check.name}</bdi> <small>${check.passed === null ? "not made" : check.passed ? "passed" : "failed"}</small></dt><dd><bdi>${check.sentence}</bdi></dd></div>`)}</dl>
      </div>
    </li>`;
}

function evidence(context: Context): TemplateResult {
  const { state, store } = context;
  return html`<div class="evidence">${telling(context).slice(0, 5).map((sample) => html`
    <button type="button" @click=${() => store.set({ example: sample, section: "attributions" })}><span class="hidden">Sample ${sample}</span>${plain(context, sample, "square")}${overlay(context, sample, state.layer, state.method, "square")}</button>`)}</div>`;
}

export function measured(from: Provenance): TemplateResult {
  const settings = Object.entries(from.settings);
  return html`
    <details class="how"><summary>How was this measured?</summary>
      <dl class="settings">
        <div><dt>method</dt><dd>${title(from.method)} <code><bdi>${from.method}</bdi></code></dd></div>
        ${settings.map(([name, value]) => html`<div><dt><bdi>${name}</bdi></dt><dd><bdi>${value}</bdi></dd></div>`)}
        <div><dt>seed</dt><dd>${from.seed}</dd></div>
        ${from.source ? html`<div><dt>source</dt><dd><bdi>${from.source}</bdi></dd></div>` : nothing}
      </dl>
    </details>`;
}
