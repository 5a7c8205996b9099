import { html, nothing, type TemplateResult } from "lit-html";
import type { Provenance, Verdict } from "../contract";
import type { Context, Section } from "../context";
import { number } from "../contract";
import { inUnit, interval, plural, pValue, title } from "../format";
import { overlay, plain, prose } from "../view";
import { league } from "./league";
import { randomisation, similarity } from "./sanity";
import { unknown } from "./unknown";
import { ranked, STATES, telling, testRow } from "./first";

export const findings: Section = {
  id: "findings",
  title: "Findings",
  question: "What was tested, what came out, and how was it measured?",
  present: (run) => run.verdict !== undefined || run.depthRows.length > 0 || run.randomisation.length > 0 || run.similarities.length > 0 || run.leagues.length > 0 || run.unknown.length > 0,
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
              <ul class="sentences">${run.depth.sentences.slice(0, 4).map((sentence) => html`<li>${prose(sentence)}</li>`)}</ul>
              ${measured(run.depth.from)}
              <button type="button" class="link" @click=${() => context.store.set({ section: "depth" })}>Show by depth</button>
            </div>
          </li>` : nothing}
        ${run.separability ? html`
          <li class="finding">
            <span class="finding-sign" aria-hidden="true">◆</span>
            <div>
              <h3><bdi>${run.separability.title}</bdi></h3>
              <ul class="sentences">${run.separability.sentences.slice(0, 4).map((sentence) => html`<li>${prose(sentence)}</li>`)}</ul>
              ${measured(run.separability.from)}
              <button type="button" class="link" @click=${() => context.store.set({ section: "depth" })}>Show by depth</button>
            </div>
          </li>` : nothing}
        ${run.randomisation.map((finding) => randomisation(context, finding))}
        ${run.similarities.map((finding) => similarity(context, finding))}
        ${run.leagues.map((one) => league(one, run.unit[1]))}
        ${run.unknown.map((one) => unknown(context, one))}
      </ol>`;
  },
};

const SHOWN = 6;

const quiet = (context: Context, test: Verdict["tests"][number], verdict: Verdict): TemplateResult =>
  html`<div class="quiet-test">${testRow(test)}<details class="how"><summary>In numbers</summary><p>${numbers(context, test, verdict)}</p></details></div>`;

function tests(context: Context, verdict: Verdict): TemplateResult[] {
  const all = ranked(verdict), found = all.filter((test) => test.found), rest = all.filter((test) => !test.found).sort((a, b) => number(a.pValue) - number(b.pValue));
  return [
    ...found.map((test, i) => html`
      <li class=${`finding ${verdict.state}`}>
        <span class="finding-sign" aria-hidden="true">${STATES[verdict.state].sign}</span>
        <div>
          <h3 class="capital">${prose(test.name)} <small>evidence</small></h3>
          ${testRow(test, true)}
          <p>${numbers(context, test, verdict)}</p>
          ${i === 0 ? evidence(context) : nothing}
          ${measured(verdict.from)}
        </div>
      </li>`),
    ...(rest.length === 0 ? [] : [html`
      <li class="finding">
        <span class="finding-sign" aria-hidden="true">○</span>
        <div>
          <h3>${found.length ? `${plural(rest.length, "other test")} found nothing` : rest.length === 1 ? "One test, and it found nothing" : `${rest.length} tests, and none found anything`}</h3>
          <div class="quiet-tests">${rest.slice(0, SHOWN).map((test) => quiet(context, test, verdict))}</div>
          ${rest.length > SHOWN ? html`<details class="how wide"><summary>${plural(rest.length - SHOWN, "more test")}</summary><div class="quiet-tests">${rest.slice(SHOWN).map((test) => quiet(context, test, verdict))}</div></details>` : nothing}
          ${measured(verdict.from)}
        </div>
      </li>`]),
  ];
}

function numbers({ run }: Context, test: Verdict["tests"][number], verdict: Verdict): TemplateResult {
  const show = inUnit(test.unit);
  return html`${interval(test.effect, show)} <bdi>${test.unit.replace(/^share /, "")}</bdi>${test.control ? html`; <bdi>${test.controlName || "the control"}</bdi> ${interval(test.control, show)}` : nothing}; ${pValue(number(test.pValue))}${verdict.tests.length > 1 ? ` after Holm's correction for ${plural(verdict.tests.length, "test")}` : ""}; ${plural(test.effect.count, ...run.unit)}.`;
}

function checks(verdict: Verdict): TemplateResult | typeof nothing {
  if (verdict.checks.length === 0) return nothing;
  return html`
    <li class="finding">
      <span class="finding-sign" aria-hidden="true">${verdict.checks.some((check) => check.passed === false) ? "✗" : verdict.checks.some((check) => check.passed) ? "✓" : "?"}</span>
      <div>
        <h3>Can it be trusted?</h3>
        <dl class="checks">${verdict.checks.map((check) => html`<div><dt><bdi>${check.name}</bdi> <small>${check.passed === null ? "cannot tell" : check.passed ? "passed" : "failed"}</small></dt><dd>${prose(check.sentence)}</dd></div>`)}</dl>
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
