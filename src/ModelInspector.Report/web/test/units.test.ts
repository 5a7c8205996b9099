import { describe, expect, test } from "vitest";
import { interpolated, outlineAbove } from "../src/canvas/unit";
import { bins } from "../src/chart/histogram";
import { huesOf } from "../src/sections/units";
import { asTable } from "../src/sections/unknown";
import { readF32, readMaps, type Maps } from "../src/blocks";

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
