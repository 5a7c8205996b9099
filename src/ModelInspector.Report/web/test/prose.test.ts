import { expect, test } from "vitest";
import { prose } from "../src/view";

test("a number stays with its sign and its unit; a name stays as it is", () => {
  const parts = prose("At τ = 0.2 the file `p = 1 %` has 5 % (p < 0.01), top = 3").values[0] as [string, { values: unknown[] }, string];
  expect(parts[0]).toBe("At τ\u00a0=\u00a00.2 the file ");
  expect(parts[1].values).toContain("p = 1 %");
  expect(parts[2]).toBe(" has 5\u202f% (p\u00a0<\u00a00.01), top = 3");
});
