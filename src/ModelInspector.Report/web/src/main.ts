import { html, noChange, nothing, render } from "lit-html";
import type { Context, Section } from "./context";
import { beginComparison, type ComparisonManifest } from "./compare";
import { help, helpView, listen } from "./keys";
import { openSource } from "./source";
import { Run } from "./run";
import { START, Store, type State } from "./state";
import { theme, themeButton, watch } from "./theme";
import { calm, drawEverything } from "./dom";
import { shorten, version } from "./format";
import { first, STATES, telling } from "./sections/first";
import { findings } from "./sections/findings";
import { depth } from "./sections/depth";
import { drawMapNow, map } from "./sections/map";
import { attributions } from "./sections/attributions";
import { units } from "./sections/units";
import { model } from "./sections/model";
import { data } from "./sections/data";
import "./style/tokens.css";
import "./style/page.css";
import "./style/parts.css";
import "./style/sections.css";
import "./style/units.css";
import "./style/compare.css";
import "./style/print.css";

const SECTIONS: Section[] = [findings, depth, map, attributions, units, model, data];

function begin(): void {
  const root = document.getElementById("app")!;
  let store: Store;
  let run: Run;
  try {
    const source = openSource(document), manifest: unknown = source.manifest;
    if ((manifest as ComparisonManifest).runs) { beginComparison(source, manifest as ComparisonManifest, root); return; }
    run = new Run(source, () => store.touch());
  } catch (error) {
    render(html`<main class="broken"><h1>This report cannot be shown</h1><p>${error instanceof Error ? error.message : String(error)}</p></main>`, root);
    return;
  }
  store = new Store(startOf(run), window);
  const context = (): Context => ({ run, store, state: withExample(run, store), theme: theme() });
  let section = "";
  let late: ReturnType<typeof setTimeout> | undefined;
  const draw = (due: (id: string) => boolean = () => true) => {
    const now = context();
    render(page(now, due), root);
    if (now.state.section !== section) { section = now.state.section; scrollTo(section); }
    showInNav(now.state.section);
    // For whoever drives the page: all sections stand, and nothing that they asked for is on its way.
    root.toggleAttribute("data-settled", whole && late === undefined && run.settled);
  };
  // What is on the screen answers in the next frame; the other sections follow in a task of their own. What answered is remembered:
  // until then the page may have scrolled, and what came into sight meanwhile still shows the state before.
  let shown = new Set<string>();
  const others = () => { late = undefined; draw((id) => !shown.has(id)); };
  store.listen(() => {
    if (inSight.size === 0) return draw();
    shown = new Set(inSight);
    late ??= setTimeout(others);
    draw((id) => shown.has(id));
  });
  watch(() => store.touch());
  listen(document, context);
  section = "verdict";
  whole = store.state.section !== "" && store.state.section !== "verdict";
  draw();
  // The first screen is on the screen, with its pictures, before the rest is made.
  const rest = () => requestAnimationFrame(() => setTimeout(() => { whole = true; draw(); lookout(); spy(store, (id) => { section = id; }); }));
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", rest, { once: true });
  else rest();
  addEventListener("beforeprint", () => { whole = true; draw(); drawEverything(); drawMapNow(); });
}

let whole = false;

/** Sections that are on the screen or just beside it, as the browser last told; none before it did. */
const inSight = new Set<string>();
function lookout(): void {
  const watcher = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) if (isIntersecting) inSight.add(target.id); else inSight.delete(target.id);
  }, { rootMargin: "200px" });
  document.querySelectorAll("main > section").forEach((section) => watcher.observe(section));
}

/** Where the page opens: the deepest layer, the first method, the class as colour. */
function startOf(run: Run): State {
  return { ...START, layer: run.layers.at(-1) ?? "", method: run.methods[0] ?? "", embedding: run.embeddings[0] ?? "", colour: run.samples?.labels ? "label" : run.samples?.predicted ? "predicted" : "", section: "verdict" };
}

/** A link may name what this run lacks; the page then shows what it has. */
function withExample(run: Run, store: Store): State {
  const { state } = store, start = startOf(run);
  const known = <T extends string>(value: T, among: readonly T[], otherwise: T) => (among.includes(value) ? value : otherwise);
  const checked: State = {
    ...state, section: state.section || "verdict",
    layer: known(state.layer, run.layers, start.layer), method: known(state.method, run.methods, start.method), embedding: known(state.embedding, run.embeddings, start.embedding),
    cls: Number.isInteger(state.cls) && state.cls >= 0 && state.cls < run.classes.length ? state.cls : -1,
    unit: Number.isInteger(state.unit) && state.unit >= 0 ? state.unit : -1,
  };
  if (run.example(checked.example)) return checked;
  return { ...checked, example: telling({ run, store, state: checked, theme: theme() })[0] ?? -1 };
}

function page(context: Context, due: (id: string) => boolean) {
  const { run, state, store } = context;
  const present = SECTIONS.filter((section) => section.present(run));
  const verdict = run.verdict ? STATES[run.verdict.state] : undefined;
  const go = (event: Event, id: string) => { event.preventDefault(); store.set({ section: id }); scrollTo(id); };
  const failed = [...run.failures.values()];
  return html`
    <a class="skip" href="#/findings" @click=${(event: Event) => go(event, present[0]?.id ?? "verdict")}>Skip to the findings</a>
    <header class="top">
      <a class=${`brand ${run.verdict?.state ?? ""}`} href="#/verdict" @click=${(event: Event) => go(event, "verdict")}>${verdict ? html`<span class="sign" aria-hidden="true">${verdict.sign}</span>` : nothing}<bdi title=${run.manifest.run.model}>${shorten(base(run.manifest.run.model), 32)}</bdi></a>
      <nav aria-label="Sections">${present.map((section) => html`<a href=${`#/${section.id}`} aria-current=${state.section === section.id ? "true" : nothing} @click=${(event: Event) => go(event, section.id)}>${section.title}</a>`)}</nav>
      <div class="top-tools">
        ${state.cls >= 0 ? html`<button type="button" class="chip" title="Show all classes" @click=${() => store.set({ cls: -1 })}><bdi>${shorten(run.classes[state.cls] ?? "", 20)}</bdi> ×</button>` : nothing}
        ${themeButton(store)}
        <button type="button" class="round" title="Keys" aria-label="Keys" @click=${() => help(context, true)}>?</button>
      </div>
    </header>
    <main>
      ${failed.length ? html`<p class="alarm" role="alert">${failed[0]}</p>` : nothing}
      ${due("verdict") ? first(context) : noChange}
      ${present.map((section) => !whole ? nothing : html`
        <section id=${section.id} aria-labelledby=${`${section.id}-title`}>
          <header class="section-head"><h2 id=${`${section.id}-title`}>${section.title}</h2><p>${section.question}</p></header>
          ${due(section.id) ? section.body(context) : noChange}
        </section>`)}
    </main>
    <footer>Written by ModelInspector ${version(run.manifest.run.version)} with seed ${run.manifest.run.seed}. This page calls nobody: all it shows is inside it.</footer>
    ${helpView(context)}`;
}

const base = (path: string): string => path.split(/[\\/]/).at(-1) || path;

function scrollTo(id: string): void {
  const target = document.getElementById(id);
  if (target) target.scrollIntoView({ behavior: calm() ? "auto" : "smooth", block: "start" });
}

let inNav = "";
/** On a narrow screen the navigation scrolls sideways; the current section stays in sight. */
function showInNav(id: string): void {
  if (id === inNav) return;
  inNav = id;
  const nav = document.querySelector<HTMLElement>(".top nav"), link = nav?.querySelector<HTMLElement>("[aria-current]");
  if (nav) nav.scrollLeft = link ? link.offsetLeft - nav.offsetLeft - nav.clientWidth / 3 : 0;
}

/** Keeps the address on the section that is being read, so that a copied link opens there. */
function spy(store: Store, seen: (id: string) => void): void {
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) { seen(entry.target.id); store.set({ section: entry.target.id }, false); }
  }, { rootMargin: "-45% 0px -50% 0px" });
  // A link's own section first; only then does scrolling decide.
  const linked = store.state.section;
  if (linked && linked !== "verdict") document.getElementById(linked)?.scrollIntoView();
  setTimeout(() => document.querySelectorAll("main > section").forEach((section) => watcher.observe(section)), 400);
}

begin();
