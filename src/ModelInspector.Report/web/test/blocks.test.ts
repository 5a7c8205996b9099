import { describe, expect, test } from "vitest";
import { limit, missing, readLabels, readMaps, readU16, slice } from "../src/blocks";
import { fromBase64 } from "../src/source";

const words = (...values: number[]) => new Uint8Array(Uint16Array.from(values).buffer);

describe("blocks", () => {
  test("coordinates come back from their codes, column by column", () => {
    const points = readU16({ type: "u16", shape: [2, 2], low: [-1, 10], step: 0.5, bytes: 8 }, words(0, 2, 4, 0xffff));
    expect([...points.values]).toEqual([-1, 11, 1, NaN]);
    expect(points.count).toBe(2);
  });
  test("a missing label is -1", () => expect([...readLabels(words(0, 3, 0xffff))]).toEqual([0, 3, -1]));
  test("maps carry one scale each", () => {
    const bytes = new Uint8Array(2 * 4 + 2 * 4);
    new DataView(bytes.buffer).setFloat32(0, 2, true);
    new DataView(bytes.buffer).setFloat32(4, 8, true);
    bytes.set([127, 0, 0x81, 1, 5, 6, 7, 8], 8);
    const maps = readMaps({ type: "i8", shape: [2, 2, 2], bytes: 16 }, bytes);
    expect([...slice(maps, 0).codes]).toEqual([127, 0, -127, 1]);
    expect([slice(maps, 0).scale, slice(maps, 1).scale]).toEqual([2, 8]);
    expect([...slice(maps, 1).codes]).toEqual([5, 6, 7, 8]);
  });
  test("a volume gives the slice that is asked for", () => {
    const bytes = new Uint8Array(4 + 12).fill(0);
    bytes.set(Array.from({ length: 12 }, (_, i) => i), 4);
    const maps = readMaps({ type: "i8", shape: [1, 3, 2, 2], bytes: 16 }, bytes);
    expect([...slice(maps, 0, 2).codes]).toEqual([8, 9, 10, 11]);
  });
  test("the colour limit is the 99th percentile, so one bright pixel does not hide the rest", () => {
    const codes = new Int8Array(1000).fill(10);
    codes[0] = 127;
    expect(limit({ width: 1000, height: 1, codes, scale: 127 })).toBe(10);
  });
  test("the limit of a map that is almost all zero is its smallest non-zero step, never zero", () => {
    const codes = new Int8Array(1000);
    codes[3] = -64;
    expect(limit({ width: 1000, height: 1, codes, scale: 1 })).toBeGreaterThan(0);
  });
  test("values that are not finite are counted", () => expect(missing({ width: 4, height: 1, codes: Int8Array.of(-128, 0, 1, -128), scale: 1 })).toBe(0.5));
  test("base64 is read with and without the browser's own reader", () => {
    expect([...fromBase64("AAH/")]).toEqual([0, 1, 255]);
  });
});
