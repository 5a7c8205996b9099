import { html, nothing, type TemplateResult } from "lit-html";
import type { Context } from "./context";
import { flicker, step } from "./sections/attributions";

const STORED = "modelinspector.keys";
let enabled = read() !== "off";
let helping = false;

const KEYS: [string, string][] = [
  ["[ ]", "layer before, layer after"], ["m", "next method"], ["c", "next class, then all"], ["j k", "next and previous example"], ["o", "hold: hide the overlay"],
  [", .", "overlay weaker, stronger"], ["/", "search samples"], ["Esc", "clear selection and class"], ["?", "this list"],
];

/** Single letters act on the whole page; they can be switched off, because some people's software types them by itself. */
export function listen(document: Document, context: () => Context): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "Escape") { escape(context()); return; }
    if (!enabled) return;
    if (act(event.key, event.repeat, context())) event.preventDefault();
  });
  document.addEventListener("keyup", (event) => { if (event.key === "o") flicker(context(), false); });
}

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName) || (target instanceof HTMLInputElement && !/^(range|checkbox)$/.test(target.type)));
}

function act(key: string, repeat: boolean, context: Context): boolean {
  const { run, store, state } = context;
  const next = (names: string[], name: string, by = 1) => names[Math.min(names.length - 1, Math.max(0, names.indexOf(name) + by))] ?? name;
  switch (key) {
    case "[": store.set({ layer: next(run.layers, state.layer, -1) }); return true;
    case "]": store.set({ layer: next(run.layers, state.layer) }); return true;
    case "m": if (run.methods.length) store.set({ method: run.methods[(run.methods.indexOf(state.method) + 1) % run.methods.length]! }); return true;
    case "c": if (run.classes.length) store.set({ cls: state.cls + 1 >= run.classes.length ? -1 : state.cls + 1 }); return true;
    case "j": step(context, 1); return true;
    case "k": step(context, -1); return true;
    case "o": if (!repeat) flicker(context, true); return true;
    case ",": store.set({ alpha: Math.max(0, Math.round(20 * (state.alpha - 0.05)) / 20) }, false); return true;
    case ".": store.set({ alpha: Math.min(1, Math.round(20 * (state.alpha + 0.05)) / 20) }, false); return true;
    case "/": search(context); return true;
    case "?": help(context, !helping); return true;
    default: return false;
  }
}

function escape(context: Context): void {
  if (helping) help(context, false);
  else context.store.set({ lasso: "", cls: -1 });
}

function search({ store }: Context): void {
  const list = document.querySelector<HTMLDetailsElement>("#sample-list");
  if (!list) return;
  list.open = true;
  store.set({ section: "map" }, false);
  requestAnimationFrame(() => { list.scrollIntoView({ block: "center" }); document.querySelector<HTMLElement>("#sample-search")?.focus(); });
}

export function help({ store }: Context, show: boolean): void {
  helping = show;
  store.touch();
  if (show) requestAnimationFrame(() => document.querySelector<HTMLElement>("#help button")?.focus());
}

export function helpView(context: Context): TemplateResult | typeof nothing {
  if (!helping) return nothing;
  return html`
    <div class="veil" @click=${(event: Event) => { if (event.target === event.currentTarget) help(context, false); }}>
      <div id="help" role="dialog" aria-modal="true" aria-labelledby="help-title">
        <h2 id="help-title">Keys</h2>
        <dl>${KEYS.map(([key, what]) => html`<div><dt>${key.split(" ").map((one) => html`<kbd>${one}</kbd> `)}</dt><dd>${what}</dd></div>`)}</dl>
        <label class="toggle"><input type="checkbox" .checked=${enabled} @change=${(event: Event) => enable((event.target as HTMLInputElement).checked)}><span>Single-letter keys</span></label>
        <button type="button" class="quiet" @click=${() => help(context, false)}>Close</button>
      </div>
    </div>`;
}

function enable(on: boolean): void {
  enabled = on;
  try { localStorage.setItem(STORED, on ? "on" : "off"); } catch { /* Storage may be denied; the switch then lasts as long as the page. */ }
}

function read(): string | null {
  try { return localStorage.getItem(STORED); } catch { return null; }
}
