import { describe, expect, test } from "vitest";
import { around, padded, tick, withZero } from "../src/chart/axis";
import { spread, ticks } from "../src/chart/layers";
import { csv } from "../src/chart/table";

describe("tables", () => {
  test("quote what would break a CSV, and nothing else", () =>
    expect(csv({ columns: ["a", "b"], rows: [['say "hi", twice', 1.5], ["two\nlines", null], ["plain", true]] })).toBe('a,b\r\n"say ""hi"", twice",1.5\r\n"two\nlines",\r\nplain,true\r\n'));
});

describe("labels at the edge", () => {
  const labels = (...at: number[]) => at.map((value) => ({ at: value }));
  test("stay where they are when there is room", () => expect(spread(labels(0.1, 0.5, 0.9), 0.1, 0, 1).map((l) => l.at)).toEqual([0.1, 0.5, 0.9]));
  test("are pushed apart where they would overlap, inside the chart", () => {
    const placed = spread(labels(0.98, 0.99, 1), 0.1, 0, 1).map((l) => l.at);
    expect(placed[2]).toBe(1);
    expect(placed[2]! - placed[1]!).toBeGreaterThanOrEqual(0.0999);
    expect(placed[1]! - placed[0]!).toBeGreaterThanOrEqual(0.0999);
  });
});

describe("layer names on the axis", () => {
  const layers = Array.from({ length: 200 }, (_, i) => `stage.block${i}`);
  test("are as many as fit", () => expect(ticks(layers, 500).length).toBeLessThan(8));
  test("hold the first and the last, and keep their distance", () => {
    const shown = ticks(layers, 500);
    expect([shown[0], shown.at(-1)]).toEqual([0, 199]);
    const gaps = shown.slice(1).map((tick, i) => tick - shown[i]!);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(gaps[0]!);
  });
  test("are all there when they fit", () => expect(ticks(["a", "b", "c"], 500)).toEqual([0, 1, 2]));
});

describe("axes", () => {
  test("of shares go from 0 to 1", () => expect([withZero([0.2, 0.4]), around([0.2, NaN])]).toEqual([[0, 1], [0, 1]]));
  test("of differences hold zero, of others the values and a margin", () => expect([withZero([-0.5, 0.2]), withZero([3, 4]), padded([10, 20], 0.1), around([])]).toEqual([[-0.5, 0.2], [0, 4], [9, 21], [0, 1]]));
  test("have no idle zeros at their ticks", () => expect([tick(0.5), tick(2), tick(0.25), tick(100)]).toEqual(["0.5", "2", "0.25", "100"]));
});
