import * as Plot from "@observablehq/plot";
import { figure as three, range, shorten, shortenLayer } from "../format";
import { around, SYMBOLS, tick } from "./axis";

export interface LayerPoint { layer: number; estimate: number; low: number; high: number; count?: number }
export interface LayerSeries { name: string; colour: string; points: LayerPoint[] }
/** A control is one number, or one a layer where it is made at the layer's own resolution. */
export interface LayerControl { name: string; method: string; value: number; points: { layer: number; estimate: number }[] }

export interface LayerChart {
  layers: readonly string[];
  /** Short names for the axis. */
  short?: readonly string[];
  series: LayerSeries[];
  controls: LayerControl[];
  selected: number;
  width: number;
  height: number;
  domain?: [number, number];
  show?: (value: number) => string;
  /** Name series and controls at the right edge. */
  labels?: boolean;
  pick: (layer: number) => void;
  description: string;
}

/** Estimates over the layers; the same x for the same layer in every chart of the same width. */
export function layerChart(chart: LayerChart): HTMLElement | SVGElement {
  const { layers, short = layers, series, controls, show = three } = chart;
  const left = 38, right = chart.labels === false ? 10 : room([...series, ...controls].map((one) => one.name), chart.width);
  const domain = chart.domain ?? around([...series.flatMap((one) => one.points.flatMap((p) => [p.low, p.high, p.estimate])), ...controls.flatMap((c) => [c.value, ...c.points.map((p) => p.estimate)])]);
  const flat = series.flatMap((one, index) => one.points.map((point) => ({ ...point, name: one.name, colour: one.colour, symbol: SYMBOLS[index % SYMBOLS.length]! })));
  const solid = (point: LayerPoint) => Number.isFinite(point.estimate);
  const labels = chart.labels === false ? [] : names(chart, domain).map((label) => ({ ...label, name: shorten(label.name, Math.floor((right - 16) / 5.8)) }));
  const plot = Plot.plot({
    className: "plot", width: chart.width, height: chart.height, marginLeft: left, marginRight: right, marginTop: 12, marginBottom: 26,
    ariaLabel: chart.description,
    x: { type: "point", domain: layers.map((_, i) => i), padding: 0.3, label: null, tickSize: 0, tickPadding: 9, ticks: ticks(short, chart.width - left - right), tickFormat: (i: number) => shortenLayer(short[i] ?? "", 14) },
    y: { domain, label: null, ticks: 4, tickSize: 0, tickFormat: (value: number) => tick(value, show), grid: true },
    symbol: { type: "identity" }, color: { type: "identity" },
    marks: [
      Plot.ruleX([chart.selected], { stroke: "var(--accent)", strokeWidth: 1, strokeOpacity: chart.selected >= 0 ? 0.7 : 0 }),
      Plot.lineY(controls.flatMap((control) => control.points.map((point) => ({ ...point, name: control.name }))), { x: "layer", y: "estimate", z: "name", stroke: "var(--muted)", strokeDasharray: "2 3", strokeWidth: 1.2 }),
      Plot.ruleY(controls.filter((control) => control.points.length === 0 && Number.isFinite(control.value)), { y: "value", stroke: "var(--muted)", strokeDasharray: "2 3", strokeWidth: 1.2 }),
      Plot.areaY(flat.filter(solid), { x: "layer", y1: "low", y2: "high", z: "name", fill: "colour", fillOpacity: 0.16, clip: true }),
      Plot.lineY(flat, { x: "layer", y: "estimate", z: "name", stroke: "colour", strokeWidth: 1.8 }),
      Plot.dot(flat.filter(solid), { x: "layer", y: "estimate", fill: "colour", symbol: "symbol", r: layers.length > 60 ? 0 : layers.length > 30 ? 1.8 : 3.2 }),
      Plot.text(labels, { frameAnchor: "right", y: "at", text: "name", fill: "colour", textAnchor: "start", dx: 7, fontSize: 11.5 }),
      Plot.ruleX(layers.map((_, i) => i), Plot.pointerX({ x: (i: number) => i, stroke: "var(--ink)", strokeOpacity: 0.25 })),
      Plot.tip(layers.map((_, i) => i), Plot.pointerX({ x: (i: number) => i, y: () => domain[1], anchor: "top", fontSize: 12, title: (i: number) => reading(chart, i), fill: "var(--panel)", stroke: "var(--line)", textPadding: 10 })),
    ],
  });
  tidy(plot);
  plot.addEventListener("click", () => {
    const layer: unknown = (plot as { value?: unknown }).value;
    if (typeof layer === "number") chart.pick(layer);
  });
  return plot;
}

/** Its own style element would need a hole in the security policy; its rules stand in the style sheet. */
export function tidy(plot: Element): void {
  plot.querySelectorAll("style").forEach((style) => style.remove());
  plot.setAttribute("role", "img");
  plot.querySelectorAll("g[aria-label]").forEach((group) => { group.setAttribute("data-mark", group.getAttribute("aria-label")!); group.removeAttribute("aria-label"); });
}

function reading(chart: LayerChart, layer: number): string {
  const show = chart.show ?? three;
  const lines = chart.series.map((one) => {
    const point = one.points.find((p) => p.layer === layer);
    return point && Number.isFinite(point.estimate) ? `${one.name}  ${show(point.estimate)}${range(point, show)}` : `${one.name}  not measured`;
  });
  return [shortenLayer(chart.layers[layer] ?? "", 40), ...lines].join("\n");
}

/** Room for the names at the right edge: the same for all charts whose names are of usual length, so that a layer stands at the same place in each. */
export const room = (names: readonly string[], width: number): number => Math.min(0.42 * width, Math.max(104, 18 + 5.9 * Math.max(0, ...names.map((name) => name.length))));

/** Names at the right edge, pushed apart where they would overlap. */
function names(chart: LayerChart, [low, high]: [number, number]): { name: string; at: number; colour: string }[] {
  const all = [
    ...chart.series.map((one) => ({ name: one.name, at: one.points.filter((p) => Number.isFinite(p.estimate)).at(-1)?.estimate ?? NaN, colour: one.colour })),
    ...chart.controls.map((one) => ({ name: one.name, at: one.value, colour: "var(--muted)" })),
  ].filter((label) => Number.isFinite(label.at));
  const gap = ((high - low) * 13) / (chart.height - 38);
  return spread(all, gap, low, high);
}

export function spread<T extends { at: number }>(labels: T[], gap: number, low: number, high: number): T[] {
  const sorted = labels.map((label) => ({ ...label })).sort((a, b) => a.at - b.at);
  for (let i = 1; i < sorted.length; i++) sorted[i]!.at = Math.max(sorted[i]!.at, sorted[i - 1]!.at + gap);
  const over = sorted.length ? sorted.at(-1)!.at - high : 0;
  if (over > 0) {
    sorted.at(-1)!.at = high;
    for (let i = sorted.length - 2; i >= 0; i--) sorted[i]!.at = Math.min(sorted[i]!.at, sorted[i + 1]!.at - gap);
  }
  return sorted.map((label) => ({ ...label, at: Math.max(low, label.at) }));
}

/** Names that fit, evenly spread; the first and the last are always among them. */
export function ticks(layers: readonly string[], width: number): number[] {
  const longest = Math.max(1, ...layers.map((layer) => Math.min(14, layer.length)));
  const most = Math.max(2, Math.floor(width / (longest * 6.4 + 14)));
  if (layers.length <= most) return layers.map((_, i) => i);
  const last = layers.length - 1, step = Math.ceil(last / (most - 1));
  return [...layers.map((_, i) => i).filter((i) => i % step === 0 && last - i >= step), last];
}
