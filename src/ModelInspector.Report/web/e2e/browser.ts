import { existsSync } from "node:fs";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { afterAll, beforeAll, describe } from "vitest";
import { fixtures } from "./fixtures";

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const here = existsSync(executablePath);
if (!here) console.warn(`Skipped: ${executablePath} is not installed. Install chromium, or name it in CHROMIUM.`);

/** Tests that need a browser; skipped, with a message, where there is none. */
export const inBrowser = describe.skipIf(!here);

let browser: Browser;
export function useBrowser(): void {
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath,
      args: ["--no-sandbox", "--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });
  });
  afterAll(() => browser.close());
}

export interface Opened { page: Page; requests: string[]; complaints: string[]; dialogs: string[]; close(): Promise<void> }

/** Opens a report from its file and notes every request, error and dialog. */
export async function open(report: string, hash = "", options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, reducedMotion: "reduce", ...options });
  context.setDefaultTimeout(120_000);
  const page = await context.newPage();
  const requests: string[] = [], complaints: string[] = [], dialogs: string[] = [];
  context.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => { if (["error", "warning"].includes(message.type())) complaints.push(message.text()); });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", (dialog) => { dialogs.push(dialog.message()); void dialog.dismiss(); });
  await page.goto(`file://${report.startsWith("/") ? report : `${fixtures}${report}.html`}${hash}`);
  await settled(page);
  return { page, requests, complaints, dialogs, close: () => context.close() };
}

/** Once every section stands, all that was asked for has arrived, and the browser has painted. */
export async function settled(page: Page): Promise<void> {
  await page.waitForSelector("#app[data-settled], .broken", { state: "attached" });
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}
