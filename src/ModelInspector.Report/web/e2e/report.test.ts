import { readFileSync, writeFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import type { Page } from "playwright-core";
import { inBrowser, open, settled, useBrowser } from "./browser";
import { fixtures } from "./fixtures";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

inBrowser("a report opened from its file", () => {
  useBrowser();

  for (const name of ["shortcut", "clean", "suspicious", "cannot-tell", "hostile", "endless", "nameless", "deep", "folder"])
    test(`${name} is drawn without a complaint and calls nobody`, async () => {
      const { page, requests, complaints, dialogs, close } = await open(name);
      for (const id of ["findings", "depth", "map", "attributions", "units", "model", "data"]) {
        await page.evaluate((section) => document.getElementById(section)!.scrollIntoView(), id);
        await settled(page);
      }
      expect(complaints).toEqual([]);
      expect(dialogs).toEqual([]);
      expect(requests.filter((url) => !url.startsWith(`file://${fixtures}`) && !url.startsWith("blob:") && url !== "data:,")).toEqual([]);
      if (name !== "folder") expect(requests.filter((url) => url.startsWith("file:")).length).toBe(1);
      await close();
    });

  test.each([["shortcut", "■", "Shortcut found"], ["suspicious", "▲", "Suspicious"], ["clean", "●", "None found"], ["cannot-tell", "?", "Cannot tell"]])(
    "%s states its verdict in sign and word", async (name, sign, word) => {
      const { page, close } = await open(name);
      const state = await page.textContent(".verdict-state");
      expect(state).toContain(sign);
      expect(state).toContain(word);
      await close();
    });

  test("the first screen needs no scrolling at 1280 × 720", async () => {
    for (const name of ["shortcut", "clean", "suspicious", "cannot-tell", "deep"]) {
      const { page, close } = await open(name);
      expect(await page.evaluate(() => document.getElementById("verdict")!.getBoundingClientRect().bottom), name).toBeLessThanOrEqual(720);
      await close();
    }
  });

  test.each([320, 390, 768, 1280, 2560])("nothing sticks out sideways at %i pixels", async (width) => {
    for (const name of ["shortcut", "hostile", "endless", "nameless", "comparison"]) {
      const { page, close } = await open(name, "", { viewport: { width, height: 844 } });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await close();
    }
  });

  test.each(["shortcut", "comparison"].flatMap((name) => (["light", "dark"] as const).map((scheme) => [name, scheme] as const)))("axe finds nothing serious in %s, %s", async (name, colorScheme) => {
    const { page, close } = await open(name, "", { colorScheme, bypassCSP: true });
    await page.evaluate(axe);
    const serious = await page.evaluate(async () => {
      const { violations } = await (globalThis as unknown as { axe: { run(): Promise<{ violations: { impact: string; id: string; nodes: { html: string; failureSummary: string }[] }[] }> } }).axe.run();
      return violations.filter((one) => one.impact === "serious" || one.impact === "critical").map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} ${node.failureSummary}`).join(" | ")}`);
    });
    expect(serious).toEqual([]);
    await close();
  });

  test("keys set layer, method, class and example for the whole page, and Back undoes them", async () => {
    const { page, close } = await open("shortcut");
    const last = await layer(page);
    await page.keyboard.press("[");
    await expect.poll(() => layer(page)).not.toBe(last);
    await page.keyboard.press("m");
    await expect.poll(() => pressed(page, "Attribution method")).toBe("Grad-CAM");
    await page.keyboard.press("c");
    await expect.poll(() => page.textContent(".chip")).toContain("non-contrast");
    await page.keyboard.press("Escape");
    await expect.poll(() => page.locator(".chip").count()).toBe(0);
    await page.goBack(); await page.goBack(); await page.goBack(); await page.goBack();
    await expect.poll(() => layer(page)).toBe(last);
    await close();
  });

  test("the help opens by key, takes the focus, and closes by Escape", async () => {
    const { page, close } = await open("shortcut");
    await page.keyboard.press("?");
    await page.waitForSelector("#help");
    await expect.poll(() => page.evaluate(() => document.activeElement?.closest("#help") !== null)).toBe(true);
    await page.keyboard.press("Escape");
    await expect.poll(() => page.locator("#help").count()).toBe(0);
    await close();
  });

  test("every control can be reached by Tab and shows that it has the focus", async () => {
    const { page, close } = await open("clean");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.className)).toBe("skip");
    const seen = new Set<string>();
    for (let i = 0; i < 400; i++) {
      await page.keyboard.press("Tab");
      const now = await page.evaluate(() => {
        const element = document.activeElement as HTMLElement;
        return element === document.body ? "" : `${element.closest("section")?.id ?? "top"} ${getComputedStyle(element).outlineStyle}`;
      });
      if (now === "") break;
      seen.add(now);
    }
    for (const id of ["top", "verdict", "findings", "depth", "map", "attributions", "units", "model", "data"]) expect([...seen].some((place) => place.startsWith(`${id} `) && !place.endsWith("none"))).toBe(true);
    expect([...seen].filter((place) => place.endsWith(" none"))).toEqual([]);
    await close();
  });

  test("a link opens the page where it was copied", async () => {
    const { page, close } = await open("shortcut", "#/attributions?layer=features.3&method=grad-cam&example=5&alpha=0.4");
    expect(await layer(page)).toContain("features.3");
    expect(await pressed(page, "Attribution method")).toBe("Grad-CAM");
    expect(await page.textContent(".focus-id")).toContain("patient-0005");
    await expect.poll(() => page.evaluate(() => document.getElementById("attributions")!.getBoundingClientRect().top)).toBeLessThan(200);
    await close();
  });

  test.each(["#/nowhere?layer=%00%zz&cls=-7&example=1e99&alpha=x&lasso=9.x.1,2_3,4_5,6", "#garbage", "#/%E0%A4%A?method=<b>", "#/map?colour=column:99&lasso=0.t-sne.NaN"])("a broken link (%s) still opens the page", async (hash) => {
    const { page, complaints, close } = await open("shortcut", hash);
    expect(await page.textContent("#verdict-title")).toContain("corner marker");
    expect(complaints).toEqual([]);
    await close();
  });

  test("a comparison shows all runs with one scale, calls nobody, and takes names full of markup as text", async () => {
    const { page, requests, complaints, dialogs, close } = await open("comparison");
    expect(await page.locator(".side").count()).toBe(4);
    expect(await page.locator(".side .verdict-state").allTextContents()).toEqual(["● None found", "■ Shortcut found", "? Cannot tell", "■ Shortcut found"].map((text) => expect.stringContaining(text)));
    await page.locator("#depth").scrollIntoViewIfNeeded();
    await page.waitForSelector("#depth svg.plot");
    expect(await page.locator("#accuracy .pairs-said li").count()).toBe(1);
    await page.click("#depth .segmented button:has-text('Grad-CAM')");
    await expect.poll(() => page.locator("#depth .segmented [aria-pressed='true']").first().textContent()).toBe("Grad-CAM");
    expect(page.url()).toContain("method=grad-cam");
    expect(await page.textContent("main")).toContain("onerror=alert(1)");
    expect(await page.locator("img").count()).toBe(0);
    expect([complaints, dialogs]).toEqual([[], []]);
    expect(requests.filter((url) => url.startsWith("file:")).length).toBe(1);
    expect(requests.filter((url) => !/^(file:|blob:|data:,$)/.test(url))).toEqual([]);
    await close();
  });

  test("a name as long as a book is cut, its two ends kept, and whole where it is asked for", async () => {
    const { page, close } = await open("endless", "#/map");
    expect((await page.textContent("main"))!.length).toBeLessThan(1_200_000);
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThan(60_000);
    const names = page.locator("#attributions .focus-id bdi, #attributions .focus-id").first();
    const [shown, whole] = [(await names.textContent())!.trim(), (await names.getAttribute("title")) ?? (await names.locator("[title]").first().getAttribute("title"))!];
    expect(shown.length).toBeLessThan(200);
    expect(whole.length).toBeGreaterThan(10_000);
    const [head, tail] = shown.split("…") as [string, string];
    expect([whole.startsWith(head), whole.endsWith(tail)]).toEqual([true, true]);
    expect([head.length, tail.length].every((length) => length > 3)).toBe(true);
    await close();
  });

  test("names full of markup are shown as text", async () => {
    const { page, dialogs, close } = await open("hostile");
    expect(await page.textContent("#verdict-title")).toContain("<img src=x onerror=alert(1)></script><script>alert(2)</script>");
    expect(await page.locator("img").count()).toBe(0);
    expect(await page.evaluate(() => document.scripts.length)).toBe(await page.evaluate(() => document.querySelectorAll("script").length));
    expect(await page.title()).toContain("<script>alert(2)</script>");
    expect(dialogs).toEqual([]);
    await close();
  });

  test("a finding of an unknown kind is shown as plain JSON", async () => {
    const { page, close } = await open("hostile");
    const finding = page.locator("#findings li.finding", { hasText: "from-the-future" }).last();
    await finding.locator("summary:has-text('Show it')").click();
    expect(await finding.locator("pre").textContent()).toContain('"answer": 42');
    await close();
  });

  test("drawing around samples selects them for the whole page", async () => {
    const { page, close } = await open("shortcut", "#/map");
    const box = (await page.locator(".map-canvas").boundingBox())!;
    await page.mouse.move(box.x + 5, box.y + 5);
    await page.mouse.down();
    for (const [x, y] of [[0.5, 0.01], [0.5, 0.5], [0.5, 0.99], [0.25, 0.99], [0.01, 0.99], [0.01, 0.5]] as const) await page.mouse.move(box.x + box.width * x, box.y + box.height * y, { steps: 4 });
    await page.mouse.up();
    await page.waitForSelector(".selection");
    const selected = Number(/\d+/.exec((await page.textContent(".selection h3"))!)![0]);
    expect(selected).toBeGreaterThan(30);
    expect(selected).toBeLessThan(170);
    expect(page.url()).toContain("lasso=");
    // What the rest has is read, not cut.
    expect(await page.evaluate(() => [...document.querySelectorAll<HTMLElement>(".selection .iv-label")].filter((label) => label.scrollWidth > label.clientWidth).map((label) => label.textContent))).toEqual([]);
    expect(await page.textContent(".selection")).toContain("not tests");
    await expect.poll(() => page.textContent("#attributions")).toContain("of the selection");
    const again = await open("shortcut", page.url().slice(page.url().indexOf("#")));
    await expect.poll(() => again.page.textContent(".selection h3")).toContain(String(selected));
    await again.close();
    await page.keyboard.press("Escape");
    await expect.poll(() => page.locator(".selection").count()).toBe(0);
    await page.goBack();
    await expect.poll(() => page.textContent(".selection h3")).toContain(String(selected));
    await page.goBack();
    await expect.poll(() => page.locator(".selection").count()).toBe(0);
    await close();
  });

  test("sections off the screen follow what is chosen on it", async () => {
    const { page, close } = await open("shortcut", "#/map");
    await page.keyboard.press("[");
    await settled(page);
    const now = await layer(page);
    const everywhere = await page.evaluate(() => [...document.querySelectorAll(".layer-slider output")].map((output) => output.textContent));
    expect(everywhere.length).toBeGreaterThan(3);
    expect(new Set(everywhere)).toEqual(new Set([now]));
    await close();
  });

  test("a reader who meets the page for the first time is told what its names and marks mean", async () => {
    const { page, close } = await open("shortcut", "", { viewport: { width: 390, height: 844 } });
    expect(await page.textContent("#verdict")).toContain("saliency activation map");
    expect(await page.textContent("#attributions")).toContain("saliency activation map");
    expect(await page.textContent(".verdict-numbers")).toContain("bar: 95 % interval; grey tick: control");
    for (const check of await page.locator(".trust .check:has(bdi)").all()) expect(await check.innerText()).toMatch(/: (passed|failed|cannot tell)/);
    expect(await page.locator(".trust .check:has(bdi)").count()).toBeGreaterThan(0);
    expect(await page.textContent(".quality .how")).toContain("Trustworthiness falls where");
    await close();
  });

  test("on a narrow screen words have the width they need, and the map's legend comes before its figures", async () => {
    const { page, close } = await open("shortcut", "", { viewport: { width: 390, height: 844 } });
    const narrow = await page.evaluate(() => [...document.querySelectorAll<HTMLElement>("main p, main li, main dd, main h3")].filter((element) => element.checkVisibility() && (element.textContent ?? "").trim().length > 60 && element.clientWidth < 200).map((element) => `${element.clientWidth}: ${element.textContent!.trim().slice(0, 60)}`));
    expect(narrow).toEqual([]);
    const top = (selector: string) => page.locator(selector).first().evaluate((element) => element.getBoundingClientRect().top);
    expect(await top("#map .legend")).toBeLessThan(await top("#map .quality"));
    await close();
  });

  test("hovering a sample shows its card", async () => {
    const { page, close } = await open("shortcut", "#/map");
    const box = (await page.locator(".map-canvas").boundingBox())!;
    for (let i = 0; i < 2000 && (await page.locator(".card").count()) === 0; i++) await page.mouse.move(box.x + 60 + ((i * 37) % (box.width - 120)), box.y + 60 + ((i * 61) % (box.height - 120)));
    expect(await page.textContent(".card")).toContain("patient-");
    await close();
  });

  test("the overlay colours the marker and leaves the plain picture alone", async () => {
    const { page, close } = await open("shortcut", "#/attributions?example=1&layer=features.0&method=sam&contour=false");
    const red = (index: number) => page.evaluate((at) => {
      const canvas = document.querySelectorAll<HTMLCanvasElement>(".focus canvas.square")[at]!;
      const { data } = canvas.getContext("2d")!.getImageData(Math.round(canvas.width * 0.84), Math.round(canvas.height * 0.07), Math.round(canvas.width * 0.1), Math.round(canvas.height * 0.06));
      let sum = 0;
      for (let i = 0; i < data.length; i += 4) sum += data[i]! - data[i + 2]!;
      return (4 * sum) / data.length;
    }, index);
    await expect.poll(() => red(1)).toBeGreaterThan(100);
    expect(Math.abs(await red(0))).toBeLessThan(2);
    await close();
  });

  test("unit cards show what drives a unit: outlined, or coloured, and of one class if one is chosen", async () => {
    const { page, close } = await open("shortcut", "#/units?layer=features.0");
    await page.locator(".unit").first().scrollIntoViewIfNeeded();
    expect(await page.locator(".unit").count()).toBe(12);
    const colours = () => page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>(".unit canvas")!, { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
      return { yellow: data.filter((_, i) => i % 4 === 0 && data[i + 1]! - data[i + 2]! > 80).length, red: data.filter((_, i) => i % 4 === 0 && data[i]! - data[i + 2]! > 100).length };
    });
    await expect.poll(async () => (await colours()).yellow).toBeGreaterThan(20);
    await page.click("#units .segmented button:has-text('Activation')");
    await expect.poll(async () => (await colours()).red).toBeGreaterThan(20);
    await page.keyboard.press("c");
    await expect.poll(() => page.locator(".unit").count()).toBeLessThan(12);
    await expect.poll(() => page.textContent("#units .rule")).toContain("answer most to");
    await close();
  });

  test("tables are saved as CSV, figures as SVG and PNG", async () => {
    const { page, close } = await open("hostile", "#/depth", { acceptDownloads: true });
    const saved = async (selector: string) => {
      const [file] = await Promise.all([page.waitForEvent("download"), page.locator(selector).first().click({ force: true })]);
      return readFileSync((await file.path())!);
    };
    const rows = (await saved("#depth .saves button:has-text('CSV')")).toString().split("\r\n");
    expect(rows[0]).toBe("layer,method,metric,threshold,estimate,low,high,units,control");
    expect(rows.length).toBeGreaterThan(15);
    expect((await saved("#depth .saves button:has-text('SVG')")).toString()).toMatch(/^<svg[^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect((await saved("#depth .saves button:has-text('PNG')")).subarray(1, 4).toString()).toBe("PNG");
    expect((await saved("#data button:has-text('samples.csv')")).toString()).toContain('"slices/00/patient-0000<img src=x onerror=alert(1)></script><script>alert(2)</script>""');
    await close();
  });

  test("every chart's table and every figure on the page can be saved, also those that were not on the screen yet", async () => {
    const { page, complaints, close } = await open("shortcut", "#/units?layer=features.0");
    // What would be downloaded is kept in the page: a browser lets through only so many downloads in a row.
    await page.evaluate(() => {
      const blobs = new Map<string, Blob>(), make = URL.createObjectURL.bind(URL), kept = globalThis as unknown as { saved: { name: string; blob: Blob }[] };
      kept.saved = [];
      URL.createObjectURL = (blob: Blob) => { const url = make(blob); blobs.set(url, blob); return url; };
      HTMLAnchorElement.prototype.click = function () { kept.saved.push({ name: this.download, blob: blobs.get(this.href)! }); };
    });
    for (const [kind, begins, least] of [["CSV", /^[a-z]/, 60], ["SVG", /^<svg/, 300], ["PNG", /PNG/, 300]] as const) {
      const asked = await page.evaluate((text) => {
        const buttons = [...document.querySelectorAll<HTMLButtonElement>(".saves button")].filter((button) => button.textContent === text);
        (globalThis as unknown as { saved: unknown[] }).saved = [];
        buttons.forEach((button) => button.click());
        return buttons.length;
      }, kind);
      expect(asked).toBeGreaterThan(10);
      const saved = () => page.evaluate(() => Promise.all((globalThis as unknown as { saved: { name: string; blob: Blob }[] }).saved.map(async ({ name, blob }) => ({ name, size: blob.size, head: await blob.slice(0, 8).text() }))));
      await expect.poll(async () => (await saved()).length, { timeout: 60_000 }).toBe(asked);
      for (const { name, size, head } of await saved()) {
        expect(head, name).toMatch(begins);
        expect(size, name).toBeGreaterThan(least);
      }
    }
    for (const name of ["#map", "#units", "#attributions", "#findings", "#depth", "#model"]) expect(await page.locator(`${name} .saves`).count(), name).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
    await close();
  });

  test("no label of a chart leaves its figure, at any width", async () => {
    for (const [name, width] of [["shortcut", 390], ["shortcut", 1280], ["deep", 390], ["deep", 1280], ["comparison", 390]] as const) {
      const { page, close } = await open(name, "", { viewport: { width, height: 6000 } });
      await page.waitForTimeout(300);
      const out = await page.evaluate(() => [...document.querySelectorAll<SVGSVGElement>("svg.plot")].flatMap((plot) => {
        const frame = plot.getBoundingClientRect(), texts = [...plot.querySelectorAll("text")].filter((text) => text.textContent && !text.closest("[aria-label=tip], [data-mark=tip]"));
        return texts.filter((text) => { const box = text.getBoundingClientRect(); return box.right > frame.right + 2 || box.left < frame.left - 2; }).map((text) => text.textContent);
      }));
      expect(out, `${name} at ${width}`).toEqual([]);
      await close();
    }
  });

  test("rows of the layer table are one line high, so that the lines between layers meet", async () => {
    const { page, close } = await open("deep", "#/model", { viewport: { width: 390, height: 844 } });
    const heights = await page.evaluate(() => [...document.querySelectorAll("table.layers tbody tr")].map((row) => Math.round(row.getBoundingClientRect().height)));
    expect(new Set(heights).size).toBe(1);
    await close();
  });

  test("printing is light and shows every section", async () => {
    const { page, close } = await open("shortcut", "", { colorScheme: "dark" });
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe("rgb(255, 255, 255)");
    // Nothing that scrolls on the screen may be cut on paper, and what is folded away leaves no trace.
    const cut = await page.evaluate(() => [...document.querySelectorAll<HTMLElement>(".scroll, pre")].filter((element) => element.clientHeight > 0 && (element.scrollHeight > element.clientHeight + 2 && getComputedStyle(element).overflowY !== "visible")).map((element) => element.className || element.tagName));
    expect(cut).toEqual([]);
    expect(await page.evaluate(() => [...document.querySelectorAll<HTMLElement>("details:not([open])")].filter((one) => one.clientHeight > 0).length)).toBe(0);
    // A finding may run over a page, its sentences and figures may not: else paper stays empty before every long one.
    const kept = await page.evaluate(() => [...document.querySelectorAll("li.finding, .finding .charts")].filter((element) => getComputedStyle(element).breakInside !== "auto").length);
    expect(kept).toBe(0);
    expect((await page.pdf()).length).toBeGreaterThan(50_000);
    await close();
  });

  test("a page that was cut short says so", async () => {
    const folder = mkdtempSync(join(tmpdir(), "modelinspector-"));
    try {
      const whole = readFileSync(`${fixtures}clean.html`, "utf8");
      const cut = join(folder, "cut.html");
      writeFileSync(cut, whole.slice(0, whole.lastIndexOf('<script type="application/octet-stream" id="mi:b4"')));
      const { page, close } = await open(cut);
      await page.waitForSelector(".alarm");
      expect(await page.textContent(".alarm")).toContain("cut short");
      await close();
    } finally { rmSync(folder, { recursive: true }); }
  });
});

const layer = (page: Page) => page.locator(".layer-slider output").first().textContent();
const pressed = (page: Page, group: string) => page.locator(`[aria-label="${group}"] [aria-pressed="true"]`).first().textContent();
