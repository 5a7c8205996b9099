import { expect, test } from "vitest";
import { inBrowser, open, useBrowser } from "./browser";

inBrowser("the first screen", () => {
  useBrowser();

  test("says how surely which effect would have been found, in the verdict's own words", async () => {
    const { page, close } = await open("clean");
    expect(await page.textContent(".verdict .limit")).toMatch(/^With 40 patients, .* 19\s% more decisions than its control would have been found with a probability of 80\s%\. A smaller effect is not excluded\.$/);
    await close();
  });
});
