import * as Plot from "@observablehq/plot";
import { padded } from "./axis";
import { tidy } from "./layers";

export interface UnitPoint { unit: number; x: number; y: number; colour: string; card: boolean; text: string }

/** Units as points; those with a card have a ring, the picked one a larger one. */
export function unitPoints(points: UnitPoint[], picked: number, width: number, height: number, description: string, pick: (unit: number) => void): HTMLElement | SVGElement {
  const r = points.length > 600 ? 2 : points.length > 150 ? 3 : 4.5;
  const plot = Plot.plot({
    className: "plot", width, height, margin: 14, ariaLabel: description, axis: null,
    x: { domain: padded(points.map((point) => point.x), 0.03) }, y: { domain: padded(points.map((point) => point.y), 0.03) }, color: { type: "identity" }, aspectRatio: null,
    marks: [
      Plot.dot(points, { x: "x", y: "y", r, fill: "colour", fillOpacity: 0.85 }),
      Plot.dot(points.filter((point) => point.card), { x: "x", y: "y", r: r + 2.5, stroke: "var(--soft)", strokeWidth: 1 }),
      Plot.dot(points.filter((point) => point.unit === picked), { x: "x", y: "y", r: r + 5, stroke: "var(--accent)", strokeWidth: 2 }),
      Plot.tip(points, Plot.pointer({ x: "x", y: "y", title: "text", fontSize: 12, fill: "var(--panel)", stroke: "var(--line)", textPadding: 10 })),
    ],
  });
  tidy(plot);
  plot.addEventListener("click", () => {
    const point = (plot as { value?: UnitPoint | null }).value;
    if (point) pick(point.unit);
  });
  return plot;
}
