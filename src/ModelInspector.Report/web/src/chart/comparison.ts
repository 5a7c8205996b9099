import * as Plot from "@observablehq/plot";
import { figure as three, shorten, shortenLayer, range } from "../format";
import { around, SYMBOLS, tick } from "./axis";
import { spread, tidy } from "./layers";

export interface ComparedPoint { x: number; layer: string; estimate: number; low: number; high: number }
export interface ComparedLine { name: string; colour: string; control: number; points: ComparedPoint[] }

/** One line a run over the share of its own depth. */
export function comparisonChart(lines: ComparedLine[], width: number, height: number, description: string): HTMLElement | SVGElement {
  const flat = lines.flatMap((line, i) => line.points.filter((point) => Number.isFinite(point.estimate)).map((point) => ({ ...point, name: line.name, colour: line.colour, symbol: SYMBOLS[i]! })));
  const domain = around(lines.flatMap((line) => [line.control, ...line.points.flatMap((point) => [point.low, point.high, point.estimate])]));
  const labels = spread(lines.map((line) => ({ name: shorten(line.name, 15), colour: line.colour, at: line.points.at(-1)?.estimate ?? NaN })).filter((label) => Number.isFinite(label.at)), ((domain[1] - domain[0]) * 13) / (height - 40), ...domain);
  const plot = Plot.plot({
    className: "plot", width, height, marginLeft: 38, marginRight: 104, marginTop: 12, marginBottom: 28, ariaLabel: description,
    x: { domain: [0, 1], label: null, tickSize: 0, tickPadding: 9, ticks: [0, 0.25, 0.5, 0.75, 1], tickFormat: (value: number) => (value === 0 ? "input" : value === 1 ? "output" : `${100 * value} %`) },
    y: { domain, label: null, ticks: 4, tickSize: 0, grid: true, tickFormat: (value: number) => tick(value) },
    symbol: { type: "identity" }, color: { type: "identity" },
    marks: [
      Plot.ruleY(lines.filter((line) => Number.isFinite(line.control)), { y: "control", stroke: "colour", strokeDasharray: "2 3", strokeOpacity: 0.7 }),
      Plot.areaY(flat, { x: "x", y1: "low", y2: "high", z: "name", fill: "colour", fillOpacity: 0.14, clip: true }),
      Plot.lineY(flat, { x: "x", y: "estimate", z: "name", stroke: "colour", strokeWidth: 1.8 }),
      Plot.dot(flat, { x: "x", y: "estimate", fill: "colour", symbol: "symbol", r: 3.2 }),
      Plot.text(labels, { frameAnchor: "right", y: "at", text: "name", fill: "colour", textAnchor: "start", dx: 7, fontSize: 11.5 }),
      Plot.tip(flat, Plot.pointer({ x: "x", y: "estimate", fontSize: 12, fill: "var(--panel)", stroke: "var(--line)", textPadding: 10, title: (point: ComparedPoint & { name: string }) => `${shorten(point.name, 40)}\n${shortenLayer(point.layer, 40)}\n${three(point.estimate)}${range(point)}` })),
    ],
  });
  tidy(plot);
  return plot;
}
