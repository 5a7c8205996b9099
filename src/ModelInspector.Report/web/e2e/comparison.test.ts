import { expect, test } from "vitest";
import { inBrowser, open, useBrowser } from "./browser";

inBrowser("a comparison", () => {
  useBrowser();

  test("draws every chart before it is printed", async () => {
    const { page, close } = await open("comparison");
    const charts = () => page.evaluate(() => [document.querySelectorAll("#depth .chart").length, document.querySelectorAll("#depth .chart svg.plot").length] as const);
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    await expect.poll(async () => { const [all, drawn] = await charts(); return all > 4 && all === drawn; }).toBe(true);
    await close();
  });

  test("counts the samples that each run used, labelled or not", async () => {
    const { page, close } = await open("comparison-of-numbers");
    expect(await page.locator(".differences tr:has(th:has-text('samples')) td").allTextContents()).toEqual(["60", "40"]);
    await close();
  });

  test("compares runs without labels by what is decided, and names what a run was not measured by", async () => {
    const { page, close } = await open("comparison-without-labels");
    expect(await page.textContent("#accuracy")).toMatch(/decide alike on \d+\s%/);
    expect(await page.textContent("#accuracy")).not.toContain("right on");
    await close();
  });
});
