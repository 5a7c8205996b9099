import { describe, expect, test } from "vitest";
import { fromHash, START, Store, toHash, type State } from "../src/state";

describe("the address", () => {
  const changed: State = { ...START, section: "map", layer: "features.0/conv?&#", method: "grad-cam", cls: 3, example: 17, colour: "column:2", tau: 0.5, alpha: 0.4, threshold: 0.1, shared: true, contour: false, view: "map", smooth: true, matrix: "methods", unit: 4, lasso: "2.t-sne.1,2_3,4_5,6" };

  test("says everything and nothing twice", () => expect(fromHash(toHash(changed))).toEqual(changed));
  test("names only what differs from the start", () => expect(toHash({ ...START, section: "depth" })).toBe("#/depth"));
  test("of the start is the start", () => expect(fromHash("")).toEqual(START));
  test.each(["#/a?alpha=7", "#/a?alpha=-7"])("keeps values within their limits: %s", (hash) => expect([0, 1]).toContain(fromHash(hash).alpha));
  test.each(["#/a?cls=two", "#/a?shared=maybe", "#/a?alpha=", "#/a?__proto__=1", "#/a?constructor=1"])("ignores what it cannot read: %s", (hash) => expect(fromHash(hash)).toEqual({ ...START, section: "a" }));
  test.each(["#/a?view=upside-down", "#/a?matrix=x"])("falls back for unknown choices: %s", (hash) => expect(fromHash(hash)).toEqual({ ...START, section: "a" }));
});

test("a picked unit is of one layer: another layer has none picked", () => {
  globalThis.requestAnimationFrame ??= () => 0;
  const place = { location: { hash: "#/units?layer=a&unit=3" }, history: { pushState: () => undefined, replaceState: () => undefined }, addEventListener: () => undefined } as unknown as Window;
  const store = new Store(START, place);
  expect(store.state.unit).toBe(3);
  store.set({ example: 2 });
  expect(store.state.unit).toBe(3);
  store.set({ layer: "b" });
  expect(store.state.unit).toBe(-1);
});
