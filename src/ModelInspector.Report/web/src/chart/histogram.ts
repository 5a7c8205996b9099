import * as Plot from "@observablehq/plot";
import { tidy } from "./layers";

export interface Histogram { values: number[]; highlighted: number[]; width: number; height: number; domain: [number, number]; label: string; counted: string; description: string }

/** How many values lie where; the highlighted ones are ticks below the bars. */
export function histogram({ values, highlighted, width, height, domain, label, counted, description }: Histogram): HTMLElement | SVGElement {
  const plot = Plot.plot({
    className: "plot", width, height, marginLeft: 38, marginRight: 10, marginTop: 20, marginBottom: 42, ariaLabel: description,
    x: { domain, label, labelAnchor: "left", labelArrow: "none", ticks: 5, tickSize: 0, tickPadding: 14 }, y: { label: counted, labelAnchor: "top", labelArrow: "none", ticks: 3, tickSize: 0, grid: true, tickFormat: "d" },
    marks: [
      Plot.rectY(bins(values, domain), { x1: "from", x2: "to", y: "count", fill: "var(--series-1)", fillOpacity: 0.55, insetLeft: 0.5, insetRight: 0.5 }),
      Plot.ruleY([0], { stroke: "var(--line)" }),
      Plot.tickX(highlighted, { x: (value: number) => value, stroke: "var(--accent)", strokeWidth: 1.4, insetTop: height - 62 + 3, insetBottom: -11 }),
    ],
  });
  tidy(plot);
  return plot;
}

/** Equal stretches of the domain; its upper end belongs to the last one. */
export function bins(values: readonly number[], [low, high]: readonly [number, number], number = 20): { from: number; to: number; count: number }[] {
  const size = (high - low) / number;
  const found = Array.from({ length: number }, (_, i) => ({ from: low + i * size, to: low + (i + 1) * size, count: 0 }));
  for (const value of values) if (value >= low && value <= high) found[Math.min(number - 1, Math.floor((value - low) / size))]!.count++;
  return found;
}
