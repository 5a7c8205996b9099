import { html, nothing, type TemplateResult } from "lit-html";
import type { Interval } from "../contract";
import { number } from "../contract";
import { place } from "../dom";
import { made } from "../format";

export interface IntervalRow {
  label: unknown;
  value: Interval;
  control?: Interval | null | undefined;
  colour?: string;
  show: (value: number) => string;
  /** Ends of the axis. */
  domain?: readonly [number, number];
  note?: unknown;
  click?: (() => void) | undefined;
  pressed?: boolean;
}

/** One estimate on a line: dot, interval, and the control as a grey tick behind it. */
export function intervalRow(row: IntervalRow): TemplateResult {
  const inner = html`
    <span class="iv-label">${row.label}${row.note === undefined ? nothing : html`<span class="iv-note">${row.note}</span>`}</span>
    <span class="iv-line" aria-hidden="true">${row.control ? mark(row.control, row, "control") : nothing}${mark(row.value, row, "")}</span>
    <span class="iv-value"><b>${row.show(number(row.value.estimate))}</b><small>${between(row.value, row.show)}</small></span>`;
  return row.click
    ? html`<button type="button" class="iv" aria-pressed=${row.pressed ? "true" : "false"} @click=${row.click}>${inner}</button>`
    : html`<div class="iv">${inner}</div>`;
}

const between = (value: Interval, show: (value: number) => string): string =>
  made(value) ? `${show(number(value.low))} – ${show(number(value.high))}` : "";

function mark(value: Interval, row: IntervalRow, kind: string): TemplateResult | typeof nothing {
  const [from, to] = row.domain ?? [0, 1];
  const at = (x: number) => Math.min(100, Math.max(0, (100 * (x - from)) / (to - from || 1)));
  const [estimate, low, high] = [number(value.estimate), number(value.low), number(value.high)];
  if (!Number.isFinite(estimate)) return nothing;
  const colour: Record<string, string> = row.colour && kind === "" ? { "--series": row.colour } : {};
  return html`
    <i class=${`iv-band ${kind}`} ${place({ left: `${at(low)}%`, width: `${Math.max(0, at(high) - at(low))}%`, ...colour })}></i>
    <i class=${`iv-dot ${kind}`} ${place({ left: `${at(estimate)}%`, ...colour })}></i>`;
}
