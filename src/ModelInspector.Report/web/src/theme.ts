import { html, type TemplateResult } from "lit-html";
import type { Theme } from "./colour";
import type { Store } from "./state";

const STORED = "modelinspector.theme";
const dark = matchMedia("(prefers-color-scheme: dark)");
let chosen: Theme | null = read();
let printing = false;

export const theme = (): Theme => (printing ? "light" : (chosen ?? (dark.matches ? "dark" : "light")));

/** Follows the system until the reader chooses; prints light. */
export function watch(changed: () => void): void {
  const apply = () => { document.documentElement.dataset.theme = theme(); changed(); };
  dark.addEventListener("change", apply);
  addEventListener("beforeprint", () => { printing = true; apply(); });
  addEventListener("afterprint", () => { printing = false; apply(); });
  apply();
}

function switchTheme(changed: () => void): void {
  chosen = theme() === "dark" ? "light" : "dark";
  try { localStorage.setItem(STORED, chosen); } catch { /* Storage may be denied; the choice then lasts as long as the page. */ }
  document.documentElement.dataset.theme = chosen;
  changed();
}

/** Switches for the whole page. */
export const themeButton = (store: Store): TemplateResult => html`
  <button type="button" class="round" title="Light or dark" aria-label="Switch between light and dark" @click=${() => switchTheme(() => store.touch())}><svg viewBox="0 0 16 16" aria-hidden="true"><path d="M8 2a6 6 0 1 0 0 12z"/><circle cx="8" cy="8" r="5.500" fill="none" stroke="currentColor" stroke-width="1.300"/></svg></button>`;

function read(): Theme | null {
  try { const value = localStorage.getItem(STORED); return value === "dark" || value === "light" ? value : null; } catch { return null; }
}
