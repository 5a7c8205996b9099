import { existsSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { expect, test } from "vitest";
import type { Page } from "playwright-core";
import { inBrowser, open, useBrowser } from "../e2e/browser";
import { root } from "../e2e/fixtures";

// Speed of the page without a graphics card; benchmarks/report.mjs writes the pages first and the table afterwards.
const folder = `${root}artifacts/report-bench/`;
if (!existsSync(`${folder}100000.html`)) throw new Error("The pages to measure are missing: run node benchmarks/report.mjs.");
const results: Record<string, Record<string, number>> = {};
const note = (name: string, values: Record<string, number>) => { results[name] = { ...results[name], ...values }; writeFileSync(`${folder}page.json`, JSON.stringify(results)); };

const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]!;

inBrowser(`without a graphics card, on ${cpus().length} cores`, () => {
  useBrowser();

  test.each([["2000", 1000], ["20000", 2000], ["100000", 5000]] as const)("%s samples can be used within %i ms", async (name, most) => {
    const rows: { first: number; usable: number; map: number }[] = [];
    for (let i = 0; i < 3; i++) {
      const { page, close } = await open(`${folder}${name}.html`);
      await page.waitForSelector(".tile, .verdict", { state: "attached" });
      const [first, usable] = await page.evaluate(() => [
        performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN,
        (performance.getEntriesByType("navigation")[0] as PerformanceNavigationTiming).domContentLoadedEventEnd,
      ] as const);
      rows.push({ first, usable, map: await drawn(page) });
      await close();
    }
    const of = (key: "first" | "usable" | "map") => median(rows.map((row) => row[key]));
    note(name, { first: of("first"), usable: of("usable"), map: of("map") });
    expect(of("usable")).toBeLessThan(most);
  });

  test("100,000 points pan within 16 ms a frame", async () => {
    const { page, close } = await open(`${folder}100000.html`, "#/map");
    await page.waitForTimeout(1500);
    await page.click(".map-tools button[title='Drag moves the map']");
    const frames = await pan(page), zooms = await zoom(page);
    await page.click(".map-tools button[title='Drag draws around samples']");
    const rounds: Lasso[] = [];
    for (let i = 0; i < 7; i++) { await page.waitForTimeout(400); rounds.push(await lasso(page, 0.2 + 0.02 * i)); }
    const of = (key: keyof Lasso) => median(rounds.slice(1).map((round) => round[key])), work = of("work");
    note("100000", { pan: median(frames), panWorst: Math.max(...frames), panFrames: frames.length, lassoRounds: rounds.length - 1, zoom: median(zooms), lasso: work, lassoFirst: rounds[0]!.work, lassoFrame: of("frame"), lassoPainted: of("painted"), lassoLongest: of("longest"), lassoAll: of("all") });
    expect(median(frames)).toBeLessThan(16);
    expect(median(zooms)).toBeLessThan(16);
    expect(work).toBeLessThan(30);
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

/** Time of whole frames while the wheel zooms in and out. */
async function zoom(page: Page): Promise<number[]> {
  return page.evaluate(async () => {
    const canvas = document.querySelector<HTMLCanvasElement>(".map-canvas")!, box = canvas.getBoundingClientRect();
    const times: number[] = [];
    for (let i = 0; i < 40; i++)
      times.push(await new Promise<number>((done) => {
        requestAnimationFrame(() => {
          const start = performance.now(), channel = new MessageChannel();
          channel.port1.onmessage = () => done(performance.now() - start);
          channel.port2.postMessage(null);
        });
        canvas.dispatchEvent(new WheelEvent("wheel", { ctrlKey: true, deltaY: i < 20 ? -40 : 40, clientX: box.left + 200, clientY: box.top + 200, bubbles: true, cancelable: true }));
      }));
    return times.slice(5);
  });
}

/** What a stroke around samples costs: script until the panel stands, the same with what the browser puts before the script in that frame, when it is painted, the longest piece of script until all is at rest, and all of it together. */
interface Lasso { work: number; frame: number; painted: number; longest: number; all: number }

/** Draws around about a third of the samples. */
async function lasso(page: Page, radius: number): Promise<Lasso> {
  return page.evaluate(async (r) => {
    // What the page does in a frame, or later, is counted by frame and by task.
    const pieces = new Map<number, number>(), { requestAnimationFrame: ask, setTimeout: later } = globalThis;
    const counting = (at: number, piece: () => void) => { const from = performance.now(); piece(); pieces.set(at, (pieces.get(at) ?? 0) + performance.now() - from); };
    globalThis.requestAnimationFrame = (callback) => ask((at) => counting(at, () => callback(at)));
    globalThis.setTimeout = ((callback: () => void, wait: number) => later(() => counting(-performance.now(), callback), wait)) as typeof setTimeout;
    const canvas = document.querySelector<HTMLCanvasElement>(".map-canvas")!;
    const box = canvas.getBoundingClientRect(), before = document.querySelector(".selection h3")?.textContent;
    const send = (type: string, x: number, y: number) => canvas.dispatchEvent(new PointerEvent(type, { pointerId: 1, button: 0, clientX: box.left + x * box.width, clientY: box.top + y * box.height, bubbles: true }));
    const frame = () => new Promise<number>((next) => ask(next));
    canvas.setPointerCapture = () => undefined;
    send("pointerdown", 0.5 + r, 0.5);
    for (let i = 1; i < 120; i++) send("pointermove", 0.5 + r * Math.cos(i / 19), 0.5 + r * Math.sin(i / 19));
    await frame(); await frame();
    pieces.clear();
    const start = performance.now();
    send("pointerup", 0.5 + r, 0.5);
    const sync = performance.now() - start;
    // The page's own callback of this frame was asked for first, so it has run by now.
    const begun = await frame(), inFrame = sync + performance.now() - begun, work = sync + (pieces.get(begun) ?? 0);
    if ((document.querySelector(".selection h3")?.textContent ?? before) === before) throw new Error("No panel in the first frame.");
    await frame();
    const painted = performance.now() - start;
    while (!document.querySelector("#app[data-settled]")) await frame();
    await frame(); await frame();
    Object.assign(globalThis, { requestAnimationFrame: ask, setTimeout: later });
    return { work, frame: inFrame, painted, longest: Math.max(sync, ...pieces.values()), all: sync + [...pieces.values()].reduce((sum, piece) => sum + piece, 0) };
  }, radius);
}
