import { describe, expect, test } from "vitest";
import { edges } from "../src/canvas/overlay";
import { density, nearest, splat, type Cloud } from "../src/canvas/scatter";
import { lassoText, placement, readLasso } from "../src/selection";

const cloud = (x: number[], y: number[]): Cloud => ({
  count: x.length, x: Float32Array.from(x), y: Float32Array.from(y), colour: new Uint32Array(x.length).fill(0x0000ff), shape: new Uint8Array(x.length), weight: new Uint8Array(x.length).fill(1),
});

describe("the map", () => {
  test("finds the nearest point within reach and none beyond", () => {
    const three = cloud([0, 1, 2], [0, 0, 0]);
    expect(nearest(three, 1.2, 0.1, 0.5)).toBe(1);
    expect(nearest(three, 5, 5, 0.5)).toBe(-1);
  });
  test("skips points that have no place", () => expect(nearest(cloud([NaN, 0], [NaN, 0]), 0, 0, 1)).toBe(1));
  test("never hides a chosen point under a faint one", () => {
    const many = cloud(Array.from({ length: 10_002 }, () => 0), Array.from({ length: 10_002 }, () => 0));
    many.weight.fill(0);
    many.weight[5] = 1;
    many.colour[5] = 0x00ff00;
    const pixels = new Uint8ClampedArray(4 * 21 * 21);
    splat(pixels, 21, 21, many, { unit: 1, left: 10, top: 10 }, 1);
    expect([...pixels.subarray(4 * (10 * 21 + 10), 4 * (10 * 21 + 10) + 4)]).toEqual([0, 255, 0, 0xe0]);
  });
  test("draws a point where it lies, in its colour", () => {
    const pixels = new Uint8ClampedArray(4 * 21 * 21);
    splat(pixels, 21, 21, cloud([0], [0]), { unit: 1, left: 10, top: 10 }, 3);
    expect([...pixels.subarray(4 * (10 * 21 + 10), 4 * (10 * 21 + 10) + 3)]).toEqual([255, 0, 0]);
    expect(pixels[4 * (10 * 21 + 10) + 3]).toBeGreaterThan(200);
    expect(pixels[3]).toBe(0);
  });
  test("draws points at the edge without leaving the canvas", () => {
    const pixels = new Uint8ClampedArray(4 * 5 * 5);
    splat(pixels, 5, 5, cloud([-7, 0], [0, 0]), { unit: 1, left: 4, top: 4 }, 3);
    expect(pixels.some((value) => value > 0)).toBe(true);
  });
  test("draws very many points as small squares, in the same places", () => {
    const many = cloud(Array.from({ length: 10_001 }, () => 0), Array.from({ length: 10_001 }, () => 0));
    const pixels = new Uint8ClampedArray(4 * 21 * 21);
    splat(pixels, 21, 21, many, { unit: 1, left: 10, top: 10 }, 1);
    expect([...pixels.subarray(4 * (10 * 21 + 10), 4 * (10 * 21 + 10) + 3)]).toEqual([255, 0, 0]);
    expect(pixels.filter((value, i) => i % 4 === 3 && value > 0).length).toBe(4);
  });
  test("counts points per pixel where there are too many to tell apart", () => {
    const pixels = new Uint8ClampedArray(4 * 2);
    density(pixels, 2, 1, cloud([0, 0, 0, 1], [0, 0, 0, 0]), { unit: 1, left: 0, top: 0 });
    expect(pixels[3]).toBe(255);
    expect(pixels[7]).toBeLessThan(255);
  });
  test("keeps proportions and the centre when it places points", () => {
    const { x, y } = placement({ count: 2, columns: 2, values: Float32Array.of(0, 0, 10, 5) });
    expect([...x]).toEqual([-1, 1]);
    expect([...y]).toEqual([-0.5, 0.5]);
  });
  test("puts a map of one dimension on a line", () => expect([...placement({ count: 2, columns: 1, values: Float32Array.of(3, 5) }).y]).toEqual([0, 0]));
});

describe("a drawn region in a link", () => {
  test("comes back", () => expect(readLasso(lassoText(3, "t-sne", [[0, 0], [1, 0.5], [-1, 0.25]]))).toEqual({ layer: 3, embedding: "t-sne", polygon: [[0, 0], [1, 0.5], [-1, 0.25]] }));
  test.each(["", "x", "1.t-sne.", "1.t-sne.1,2", "1.t-sne.1,2_3_4,5", "1.t-sne.a,b_c,d_e,f"])("that is broken (%s) is no region", (text) => expect(readLasso(text)).toBeUndefined());
});

describe("outlines", () => {
  test("of a square are its four sides", () => {
    const found = edges(4, 4, (i) => i % 4 >= 1 && i % 4 <= 2 && i >= 4 && i < 12);
    expect(found.length).toBe(16);
    expect(found).toEqual([0.25, 0.25, 0.75, 0.25, 0.25, 0.75, 0.75, 0.75, 0.25, 0.25, 0.25, 0.75, 0.75, 0.25, 0.75, 0.75]);
  });
  test("of nothing are nothing", () => expect(edges(3, 3, () => false)).toEqual([]));
});
