import { execFileSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { cpus } from "node:os";
import { expect, test } from "vitest";
import type { Page } from "playwright-core";
import { inBrowser, open, useBrowser } from "../e2e/browser";
import { fixtures, root } from "../e2e/fixtures";

// Speed of the page without a graphics card. `npm run bench` prints the rows of docs/benchmarks/report.md.
if (!existsSync(`${fixtures}large-100000.html`))
  execFileSync("dotnet", ["test", `${root}tests/ModelInspector.Report.Tests`, "-c", "Release", "--filter", "FullyQualifiedName~large"], { stdio: "inherit", env: { ...process.env, MODELINSPECTOR_BENCH: "1" } });

const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]!;

inBrowser(`on ${cpus().length} × ${cpus()[0]?.model.trim()}, no graphics card`, () => {
  useBrowser();

  test.each([["shortcut", 1000], ["large-2000", 1000], ["large-20000", 2000]] as const)("%s can be used within %i ms", async (name, most) => {
    const rows: { first: number; usable: number; map: number }[] = [];
    for (let i = 0; i < 3; i++) {
      const { page, close } = await open(name);
      await page.waitForSelector(".tile .plot");
      const [first, usable] = await page.evaluate(() => [
        performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN,
        (performance.getEntriesByType("navigation")[0] as PerformanceNavigationTiming).domContentLoadedEventEnd,
      ] as const);
      rows.push({ first, usable, map: await drawn(page) });
      await close();
    }
    const of = (key: "first" | "usable" | "map") => median(rows.map((row) => row[key]));
    console.log(`| ${name} | ${(statSync(`${fixtures}${name}.html`).size / 1e6).toFixed(1)} MB | ${of("first").toFixed(0)} ms | ${of("usable").toFixed(0)} ms | ${of("map").toFixed(0)} ms |`);
    expect(of("usable")).toBeLessThan(most);
  });

  test("100,000 points pan within 16 ms a frame and are drawn around within 30 ms", async () => {
    const { page, close } = await open("large-100000", "#/map");
    await page.waitForTimeout(1500);
    await page.click(".map-tools button[title='Drag moves the map']");
    const frames = await pan(page);
    await page.click(".map-tools button[title='Drag draws around samples']");
    const lasso = await page.evaluate(async () => {
      const canvas = document.querySelector<HTMLCanvasElement>(".map-canvas")!;
      const box = canvas.getBoundingClientRect();
      const send = (type: string, x: number, y: number) => canvas.dispatchEvent(new PointerEvent(type, { pointerId: 1, button: 0, clientX: box.left + x * box.width, clientY: box.top + y * box.height, bubbles: true }));
      canvas.setPointerCapture = () => undefined;
      send("pointerdown", 0.2, 0.2);
      for (let i = 0; i < 120; i++) send("pointermove", 0.5 + 0.3 * Math.cos(i / 19), 0.5 + 0.3 * Math.sin(i / 19));
      const start = performance.now();
      send("pointerup", 0.2, 0.2);
      while (!document.querySelector(".selection")) await new Promise((next) => requestAnimationFrame(next));
      return performance.now() - start;
    });
    console.log(`| 100,000 points | pan ${median(frames).toFixed(1)} ms a frame (worst of ${frames.length}: ${Math.max(...frames).toFixed(1)}) | region to panel ${lasso.toFixed(0)} ms |`);
    expect(median(frames)).toBeLessThan(16);
    await close();
  });
});

/** From asking for the map to its first pixels. */
async function drawn(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const start = performance.now();
    document.getElementById("map")!.scrollIntoView();
    const canvas = document.querySelector<HTMLCanvasElement>(".map-canvas")!;
    const blank = () => !canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value > 0);
    while (blank()) await new Promise((next) => requestAnimationFrame(next));
    return performance.now() - start;
  });
}

/** Time of whole frames — script, style and paint — while the map is dragged. */
async function pan(page: Page): Promise<number[]> {
  return page.evaluate(async () => {
    const canvas = document.querySelector<HTMLCanvasElement>(".map-canvas")!;
    const box = canvas.getBoundingClientRect();
    const send = (type: string, x: number, y: number) => canvas.dispatchEvent(new PointerEvent(type, { pointerId: 1, button: 0, clientX: box.left + x, clientY: box.top + y, bubbles: true }));
    canvas.setPointerCapture = () => undefined;
    send("pointerdown", 200, 200);
    const times: number[] = [];
    for (let i = 0; i < 60; i++)
      times.push(await new Promise<number>((done) => {
        requestAnimationFrame(() => {
          const start = performance.now();
          const channel = new MessageChannel();
          channel.port1.onmessage = () => done(performance.now() - start);
          channel.port2.postMessage(null);
        });
        send("pointermove", 200 + i, 200 + i);
      }));
    send("pointerup", 260, 260);
    return times.slice(5);
  });
}
