import { describe, expect, test } from "vitest";
import { colouring } from "../src/colouring";
import type { Context } from "../src/context";

const context = (labels: number[], colour = "label", numeric: number[] | null = null): Context => ({
  theme: "light",
  state: { colour, layer: "" },
  run: {
    labels: Int32Array.from(labels), predicted: Int32Array.from(labels), confidence: undefined, classes: ["cat", "dog"], count: labels.length, clusterMethods: [],
    clustersOf: () => undefined, cached: (_: string, make: () => unknown) => make(),
    column: () => ({ name: "dose", values: [], codes: new Int32Array(labels.length), numeric: numeric && Float64Array.from(numeric) }),
  },
} as unknown as Context);

describe("samples without a class or a value", () => {
  test("are counted for the legend, beside the classes", () => {
    const { without, categories } = colouring(context([0, 1, -1, 0, -1]))!;
    expect(without).toEqual({ count: 2, name: "no class" });
    expect(categories.map(({ name, count }) => [name, count])).toEqual([["cat", 2], ["dog", 1]]);
  });
  test("are named as what they are when the map is coloured by right or wrong, or along a scale", () => {
    expect(colouring(context([0, -1], "error"))!.without).toEqual({ count: 1, name: "not known" });
    expect(colouring(context([0, 0, 0], "column:0", [1, NaN, 3]))!.without).toEqual({ count: 1, name: "no dose" });
  });
  test("are not mentioned where there are none", () => expect(colouring(context([0, 1]))!.without.count).toBe(0));
});
