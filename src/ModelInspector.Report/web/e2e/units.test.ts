import { expect, test } from "vitest";
import { inBrowser, open, useBrowser } from "./browser";

inBrowser("units as points", () => {
  useBrowser();

  test("a unit is picked by its number, stands in the link, and is forgotten with its layer", async () => {
    const { page, close } = await open("shortcut", "#/units?layer=features.0");
    await page.locator(".unit-map").scrollIntoViewIfNeeded();
    await page.fill(".unit-number input", "7");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.textContent(".unit-side")).toContain("Unit 7 answers most to");
    expect(page.url()).toContain("unit=7");
    await page.fill(".unit-number input", "999");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.url()).not.toContain("unit=");
    await close();
    const again = await open("shortcut", "#/units?layer=features.0&unit=7");
    expect(await again.page.textContent(".unit-side")).toContain("Unit 7 answers most to");
    await again.page.keyboard.press("]");
    await expect.poll(() => again.page.textContent(".unit-side")).not.toContain("answers most to");
    expect(again.page.url()).not.toContain("unit=");
    await again.close();
  });

  test("a sample without maps is a picture, one with maps a button that shows them", async () => {
    const { page, close } = await open("shortcut", "#/units?layer=features.0&unit=7");
    // Unit 7 answers to samples 105, 108 …: beyond the 24 that have maps; unit 0 to 0, 3 ….
    expect([await page.locator(".unit-side .thumbs button").count(), await page.locator(".unit-side .thumbs > span").count()]).toEqual([0, 5]);
    await page.fill(".unit-number input", "0");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator(".unit-side .thumbs button").count()).toBe(5);
    await page.locator(".unit-side .thumbs button").nth(1).click();
    await expect.poll(() => page.textContent(".focus-id")).toContain("patient-0003");
    await close();
  });

  test("every point has a row in the table, silent units are named", async () => {
    const { page, close } = await open("shortcut", "#/units?layer=features.0");
    expect(await page.textContent(".unit-side")).toContain("1 unit answers to every sample alike: 7.");
    await page.locator(".unit-map .twin summary").click();
    expect(await page.locator(".unit-map .twin tbody tr").count()).toBe(32);
    expect(await page.locator(".unit-map .twin thead th").allTextContents()).toEqual(["unit", "x", "y", "class it answers to most", "selectivity", "group", "silent"]);
    await close();
  });

  test("what an autoencoder of the images draws is shown", async () => {
    const { page, close } = await open("shortcut", "#/findings");
    await page.locator(".code-sheets canvas").first().scrollIntoViewIfNeeded();
    const bright = () => page.evaluate(() => [...document.querySelectorAll<HTMLCanvasElement>(".code-sheets canvas")].map((canvas) => canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height).data.some((value, i) => i % 4 === 0 && value > 50)));
    await expect.poll(async () => (await bright()).join()).toBe("true,true");
    expect(await page.textContent("#findings")).not.toContain("no picture for findings of the kind image-codes");
    await close();
  });

  test("a network of one number shows the number of each picture, however few there are", async () => {
    const { page, close } = await open("number");
    await expect.poll(() => page.locator(".pair .outcome").first().textContent()).toMatch(/^−?[0-9.]+$/);
    expect(await page.textContent("#verdict")).not.toContain("no label");
    await close();
  });

  test("groups stay chosen at a layer that has none, and the map says so", async () => {
    const { page, close } = await open("shortcut", "#/map?layer=features.0&colour=groups:k-means");
    const chosen = () => page.evaluate(() => [...document.querySelectorAll<HTMLSelectElement>("#map select")].map((select) => select.value).find((value) => value.startsWith("groups:")));
    expect(await chosen()).toBe("groups:k-means");
    await close();
  });

  test("a group that is lit is forgotten where its number means another one", async () => {
    const { page, close } = await open("shortcut", "#/map?layer=features.15&colour=groups:k-means");
    const lit = () => page.locator("#map .legend [aria-pressed='true']").count();
    await page.locator("#map .legend button").first().click();
    await expect.poll(lit).toBe(1);
    await page.keyboard.press("[");
    await expect.poll(lit).toBe(0);
    await close();
  });
});
