import { describe, expect, test } from "vitest";
import { interpolated, outlineAbove } from "../src/canvas/unit";
import { bins } from "../src/chart/histogram";
import { huesOf } from "../src/sections/units";
import { asTable } from "../src/sections/unknown";
import { limit, readF32, readMaps, type Maps } from "../src/blocks";
import { leagueTable } from "../src/sections/league";
import { panelsOf } from "../src/sections/depth";
import { volume } from "../src/run";

const map = (width: number, height: number, codes: number[], scale = 127): Maps => ({ count: 1, depth: 1, height, width, scales: Float32Array.of(scale), codes: Int8Array.from(codes) });

describe("the outline of what drives a unit", () => {
  test("runs around the positions above the threshold, half way to their neighbours", () => {
    const corners = outlineAbove(map(3, 1, [0, 100, 0]), 0, 50);
    const xs = corners.filter((_, i) => i % 2 === 0);
    expect(Math.min(...xs)).toBeCloseTo(1 / 3, 1);
    expect(Math.max(...xs)).toBeCloseTo(2 / 3, 1);
  });

  test("is empty where nothing lies above it, and the frame where all does", () => {
    expect(outlineAbove(map(2, 2, [1, 1, 1, 1]), 0, 5)).toEqual([]);
    expect(outlineAbove(map(2, 2, [9, 9, 9, 9]), 0, 5)).toHaveLength(16);
  });

  test("is asked for one map of several", () => {
    const two: Maps = { ...map(1, 1, [0, 9]), count: 2, scales: Float32Array.of(127, 127) };
    expect(outlineAbove(two, 0, 5)).toEqual([]);
    expect(outlineAbove(two, 1, 5)).toHaveLength(16);
  });
});

test("between the centres of positions a map is interpolated, outside them it goes on", () => {
  const value = interpolated({ width: 2, height: 1, codes: Int8Array.of(0, 100), scale: 127 });
  expect([0, 0.25, 0.5, 0.75, 1].map((x) => Math.round(value(x, 0.5)))).toEqual([0, 0, 50, 100, 100]);
});

test("every value falls into one bin, the upper end into the last", () => {
  const found = bins([0, 0.04, 0.05, 0.999, 1, NaN, 2], [0, 1]);
  expect([found[0]!.count, found[1]!.count, found[19]!.count]).toEqual([2, 1, 2]);
  expect(found.reduce((sum, bin) => sum + bin.count, 0)).toBe(5);
});

test("statistics come back as they were written", () => {
  const bytes = new Uint8Array(Float32Array.of(1.5, NaN, -3, 4).buffer);
  const read = readF32({ type: "f32", shape: [2, 2], bytes: 16 }, bytes);
  expect([read.count, read.columns]).toEqual([2, 2]);
  expect([...read.values]).toEqual([1.5, NaN, -3, 4]);
});

test("a finding of an unknown kind becomes a table; intervals become columns", () => {
  const table = asTable([{ layer: "a", value: { estimate: 1, low: 0 } }, { layer: "b", more: [1, 2] }]);
  expect(table.columns).toEqual(["layer", "value estimate", "value low", "more"]);
  expect(table.rows).toEqual([["a", 1, 0, undefined], ["b", undefined, undefined, "[1,2]"]]);
});

test("what lies deeper becomes columns, too", () =>
  expect(asTable([{ group: "A", scores: { layer: "a", value: { estimate: 1 } } }])).toEqual({ columns: ["group", "scores layer", "scores value estimate"], rows: [["A", "a", 1]] }));

test("a volume's slices share one limit", () => {
  const maps: Maps = { count: 1, depth: 3, height: 1, width: 2, scales: Float32Array.of(1.27), codes: Int8Array.of(0, 10, 0, 100, 0, 20) };
  const whole = volume(maps, 0);
  expect([whole.height, whole.codes.length, limit(whole)]).toEqual([3, 6, expect.closeTo(1, 5)]);
});

test("kernels over several channels are read whole", () => {
  const bytes = new Uint8Array(4 + 2 * 3 * 4);
  bytes[bytes.length - 1] = 7;
  const read = readMaps({ type: "i8", shape: [1, 2, 3, 2, 2], bytes: bytes.length }, bytes);
  expect([read.codes.length, read.codes.at(-1)]).toEqual([24, 7]);
});

test("the eight classes that most units answer to get a hue, the rest is grey", () => {
  const hues = huesOf(Int32Array.from([900, 900, 5, ...Array.from({ length: 9 }, (_, i) => i + 10), -1]));
  expect([hues.get(900), hues.get(5), hues.get(18), hues.size]).toEqual([0, 1, undefined, 8]);
});

test("how far behind the first is positive, also where less is better", () => {
  const row = (metric: string, rank: number, behind: number | null) => ({ metric, threshold: null, rank, method: "sam", control: false, layer: "a", value: { estimate: 0.1 * rank, low: 0, high: 1, count: 9 }, toFirst: behind === null ? null : { estimate: behind, low: 0, high: 0, count: 9 } });
  const table = leagueTable([row("auroc", 2, 0.2), row("deletion", 2, -0.3), row("deletion", 1, null)]);
  expect(table.rows.map((cells) => cells.at(-1))).toEqual([0.2, 0.3, null]);
  expect(table.columns).toContain("units");
});

test("every measure has a chart: the nearest threshold, and each sensitivity that was held", () => {
  const row = (metric: string, threshold: number | null) => ({ layer: "a", method: "sam", metric, threshold, value: { estimate: 1, low: 1, high: 1, count: 3 }, control: false });
  const panels = panelsOf([row("auroc", null), row("specificity", 0.1), row("specificity", 0.25), row("specificity-at-sensitivity", 0.5), row("specificity-at-sensitivity", 0.8)], 0.2);
  expect(panels.map((panel) => panel.name)).toEqual(["Specificity at τ = 0.25", "AUROC", "Specificity at sensitivity 0.5", "Specificity at sensitivity 0.8"]);
});
