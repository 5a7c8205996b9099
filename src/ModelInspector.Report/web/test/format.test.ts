import { describe, expect, test } from "vitest";
import { distinct } from "../src/run";
import { bytes, figure, percent, pValue, range, shorten, shortenLayer, singular, title, version, wilson } from "../src/format";

describe("numbers", () => {
  test.each([[0, "0"], [0.9951, "0.995"], [12.345, "12.3"], [1234.5, "1,235"], [0.00002, "2.0e-5"], [-0.5, "−0.500"], [NaN, "–"], [Infinity, "–"]])("%d is written as %s", (value, text) => expect(figure(value)).toBe(text));
  test.each([[0.004, "0.4"], [0.025, "2.5"], [0.12, "12"], [0.05, "5"], [0, "0"], [1, "100"], [0.996, "99.6"], [0.99999, "> 99.9"], [0.0004, "< 0.1"], [-0.0004, "> −0.1"], [0.994, "99"]])("the share %d has at most two figures", (share, text) => expect(percent(share)).toBe(`${text}\u202f%`));
  test("an interval that was not made is not printed", () => expect([range({ low: 2, high: 2, count: 1 }), range({ low: "NaN", high: "NaN" }), range({ low: 1, high: 2 })]).toEqual(["", "", " [1.00,\u00a02.00]"]));
  test("an interval without width is printed where it was made", () => expect(range({ low: 1, high: 1, count: 40 })).toBe(" [1.00,\u00a01.00]"));
  test.each([["patients", "patient"], ["studies", "study"], ["boxes", "box"], ["cases", "case"], ["series", "series"]])("one of the %s is a %s", (many, one) => expect(singular(many)).toBe(one));
  test("a build's commit is cut to seven figures", () => expect(version("0.1.0+38c46044f4c35bde12c0a1fd8bfcdba39960d577")).toBe("0.1.0+38c4604"));
  test("a small p value is a bound, not a zero, and every other is written as the verdict's sentences do", () => expect([0, 0.00789, 0.0512, 0.234, 1].map(pValue)).toEqual(["p < 0.0001", "p = 0.0079", "p = 0.0512", "p = 0.23", "p = 1"]));
  test("what is negative has a minus, not a hyphen", () => expect([figure(-12.34), percent(-0.12)]).toEqual(["−12.3", "−12\u202f%"]));
  test("sizes are in units that people use", () => expect([bytes(1500), bytes(2_500_000)]).toEqual(["2 kB", "2.5 MB"]));
});

describe("names", () => {
  test("a long name keeps to its length and its ends", () => {
    const short = shorten("features.stage1.block12.conv2", 15);
    expect([...short].length).toBe(15);
    expect(short.startsWith("featur") && short.endsWith("2.conv2")).toBe(true);
  });
  test("cut where their parts meet keep no stray points", () => expect(shorten("fire3.squeeze1x1_2", 14)).toBe("fire3…ze1x1_2"));
  test("of layers keep their numbers when they are cut, so that one block is told from the next", () => {
    const names = [0, 1, 12].map((block) => `backbone.stage1.residual_block_${block}.convolution_branch.activation1`);
    const cut = names.map((name) => shortenLayer(name, 44));
    expect(new Set(cut).size).toBe(3);
    expect(cut.every((name) => [...name].length <= 44)).toBe(true);
    expect(cut[2]).toBe("bac….stage1.res…_block_12.con…_bra….act…1");
    expect(shortenLayer("conv10_2", 14)).toBe("conv10_2");
    expect([...shortenLayer("x".repeat(10_000), 20)].length).toBeLessThanOrEqual(20);
  });
  test("of layers lose the path that all share", () => expect(distinct(["net.stage1.block0.conv", "net.stage1.block12.conv"])).toEqual(["block0", "block12"]));
  test("of layers stay when only numbers would be left, or twins", () => {
    expect(distinct(["features.0", "features.3"])).toEqual(["features.0", "features.3"]);
    expect(distinct(["a.x", "a.x"])).toEqual(["a.x", "a.x"]);
    expect(distinct(["only.one"])).toEqual(["only.one"]);
  });
  test("an emoji is not cut in two", () => expect(shorten("😀😀😀😀", 3)).toBe("😀…😀"));
  test("catalog names are written as in the literature", () => expect([title("sam"), title("grad-cam"), title("t-sne"), title("some-new_method")]).toEqual(["SAM", "Grad-CAM", "t-SNE", "Some new method"]));
});

describe("Wilson's interval", () => {
  test("agrees with the textbook: 8 of 10", () => {
    const value = wilson(8, 10);
    expect(value.low).toBeCloseTo(0.4902, 4);
    expect(value.high).toBeCloseTo(0.9433, 4);
  });
  test("of nothing is not a number", () => expect(wilson(0, 0).estimate).toBe("NaN"));
});
