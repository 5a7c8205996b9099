import type { Theme } from "./colour";

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

export function switchTheme(changed: () => void): void {
  chosen = theme() === "dark" ? "light" : "dark";
  try { localStorage.setItem(STORED, chosen); } catch { /* Storage may be denied; the choice then lasts as long as the page. */ }
  document.documentElement.dataset.theme = chosen;
  changed();
}

function read(): Theme | null {
  try { const value = localStorage.getItem(STORED); return value === "dark" || value === "light" ? value : null; } catch { return null; }
}
