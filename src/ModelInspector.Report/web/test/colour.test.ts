import { describe, expect, test } from "vitest";
import { CATEGORIES, contrast, GREY, PAGE, signed, viridis } from "../src/colour";
import { table } from "../src/canvas/overlay";

describe("colours", () => {
  for (const theme of ["light", "dark"] as const)
    test.each([...CATEGORIES[theme], GREY[theme]])(`%s keeps 3:1 on the ${theme} page`, (colour) => expect(contrast(colour, PAGE[theme])).toBeGreaterThanOrEqual(3));
  test("zero is white in the signed scale, whatever the limit", () => expect(signed(0).every((channel) => channel > 240)).toBe(true));
  test("the signed scale is bluer below zero and redder above", () => {
    expect(signed(-1)[2]).toBeGreaterThan(signed(-1)[0]);
    expect(signed(1)[0]).toBeGreaterThan(signed(1)[2]);
  });
  test("viridis grows lighter all the way", () => {
    const light = Array.from({ length: 33 }, (_, i) => { const [r, g, b] = viridis(i / 32); return 0.21 * r + 0.72 * g + 0.07 * b; });
    expect(light.every((value, i) => i === 0 || value > light[i - 1]!)).toBe(true);
  });
});

describe("the overlay's colours", () => {
  const overlay = { limit: 1, alpha: 1, threshold: 0, view: "overlay" as const };
  test("are clear at zero and full at the limit", () => {
    const colours = table(1, overlay);
    expect(colours[128]![3]).toBe(0);
    expect(colours[255]![3]).toBe(255);
  });
  test("tell for from against by hue", () => {
    const colours = table(1, overlay);
    expect(colours[255]![0]).toBeGreaterThan(colours[255]![2]!);
    expect(colours[1]![2]).toBeGreaterThan(colours[1]![0]!);
  });
  test("hide what lies below the threshold", () => expect(table(1, { ...overlay, threshold: 0.5 })[128 + 60]![3]).toBe(0));
  test("never paint a value that is not finite like a small one", () => expect([...table(1, overlay)[0]!]).toEqual([255, 0, 255, 255]));
  test("saturate beyond the limit", () => expect([...table(4, overlay)[255]!]).toEqual([...table(1, overlay)[255]!]));
});
