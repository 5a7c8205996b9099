import { noChange, type ElementPart } from "lit-html";
import { Directive, directive, PartType, type PartInfo } from "lit-html/directive.js";

/** Sets style properties one by one: a style attribute would need a hole in the page's security policy. */
class Place extends Directive {
  private set: Record<string, string> = {};
  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error("place() belongs on an element.");
  }
  render(_style: Record<string, string>): unknown { return noChange; }
  override update(part: ElementPart, [style]: [Record<string, string>]): unknown {
    const target = (part.element as HTMLElement).style;
    for (const [name, value] of Object.entries(style)) if (this.set[name] !== value) target.setProperty(name, value);
    this.set = style;
    return noChange;
  }
}
export const place = directive(Place);

type Draw = (canvas: HTMLCanvasElement) => void;

/** What is drawn only when it is on the screen or near it: element → how, given the element's width. */
const drawings = new Map<Element, (width: number) => void>();
const inSight = new WeakSet<Element>();
const stale = new Set<Element>();
const due = new Set<Element>();

/** Sizes as the browser last told them: asking an element itself would lay the page out in the middle of a change. */
const sizes = new WeakMap<Element, readonly [width: number, height: number]>();
const resized = typeof ResizeObserver === "undefined" ? undefined : new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) { sizes.set(target, [Math.round(contentRect.width), Math.round(contentRect.height)]); refresh(target); }
  drawDue();
});
export const sizeOf = (element: Element): readonly [width: number, height: number] => sizes.get(element) ?? [element.clientWidth, element.clientHeight];
const near = typeof IntersectionObserver === "undefined" ? undefined : new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (!target.isConnected) forget(target);
    else if (!isIntersecting) inSight.delete(target);
    else {
      inSight.add(target);
      if (stale.delete(target)) due.add(target);
    }
  }
  drawDue();
}, { rootMargin: "500px" });

function watch(element: Element): void {
  resized?.observe(element);
  near?.observe(element);
}

function forget(element: Element): void {
  drawings.delete(element);
  stale.delete(element);
  due.delete(element);
  resized?.unobserve(element);
  near?.unobserve(element);
}

function refresh(element: Element): void {
  if (!inSight.has(element)) { stale.add(element); return; }
  if (due.size === 0) queueMicrotask(drawDue);
  due.add(element);
}

/** Widths are read before anything is drawn, and canvases are drawn before what changes the page. */
function drawDue(): void {
  const now = [...due].map((element) => ({ element, width: sizeOf(element)[0] })).filter(({ width }) => width > 0);
  due.clear();
  const rank = ({ element }: { element: Element }) => (element instanceof HTMLCanvasElement ? 0 : 1);
  for (const { element, width } of now.sort((a, b) => rank(a) - rank(b))) drawings.get(element)?.(width);
}

/** Draws also what is far from the screen: for printing. */
export function drawEverything(): void {
  for (const element of stale) due.add(element);
  stale.clear();
  drawDue();
}

const same = (before: readonly unknown[], now: readonly unknown[]) => before.length === now.length && now.every((value, i) => value === before[i]);

/** Draws on a canvas again when one of the things it depends on, or its size on screen, changed. */
class Paint extends Directive {
  private before: unknown[] = [];
  render(_draw: Draw, ..._on: unknown[]): unknown { return noChange; }
  override update(part: ElementPart, [draw, ...on]: [Draw, ...unknown[]]): unknown {
    const canvas = part.element as HTMLCanvasElement;
    const first = !drawings.has(canvas);
    if (!first && same(this.before, on)) return noChange;
    this.before = on;
    drawings.set(canvas, () => draw(canvas));
    if (first) watch(canvas);
    else refresh(canvas);
    return noChange;
  }
}
export const paint = directive(Paint);

/** Calls back with the element once it stands in the page. */
class Once extends Directive {
  private done = false;
  render(_callback: (element: HTMLElement) => void): unknown { return noChange; }
  override update(part: ElementPart, [callback]: [(element: HTMLElement) => void]): unknown {
    if (!this.done) { this.done = true; queueMicrotask(() => callback(part.element as HTMLElement)); }
    return noChange;
  }
}
export const once = directive(Once);

/** Gives the canvas as many pixels as the screen has under it, and returns its context in CSS pixels. */
export function fit(canvas: HTMLCanvasElement): { context: CanvasRenderingContext2D; width: number; height: number; ratio: number } {
  const ratio = Math.min(3, globalThis.devicePixelRatio || 1);
  const [width, height] = sizeOf(canvas);
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio))
    [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
  const context = canvas.getContext("2d")!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height, ratio };
}

/** Colours from left to right; without seams at any size. */
export function shade(canvas: HTMLCanvasElement, colour: (share: number) => string): void {
  const { context, width, height } = fit(canvas), across = context.createLinearGradient(0, 0, width, 0);
  for (let i = 0; i <= 64; i++) across.addColorStop(i / 64, colour(i / 64));
  context.fillStyle = across;
  context.fillRect(0, 0, width, height);
}

/** Hands text to the user as a file. */
export function download(name: string, content: Blob | string, type = "text/csv"): void {
  const blob = typeof content === "string" ? new Blob([content], { type: `${type};charset=utf-8` }) : content;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export const slug = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60) || "table";

export const calm = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Fills an element with a drawing made for its width, again when one of the things it depends on, or the width, changed. */
class Fill extends Directive {
  private before: unknown[] = [];
  private drawn = "";
  private version = 0;
  render(_make: (width: number) => Element, ..._on: unknown[]): unknown { return noChange; }
  override update(part: ElementPart, [make, ...on]: [(width: number) => Element, ...unknown[]]): unknown {
    const element = part.element;
    const first = !drawings.has(element);
    if (!first && same(this.before, on)) return noChange;
    this.before = on;
    const version = ++this.version;
    drawings.set(element, (width) => {
      const now = `${version} ${width}`;
      if (now === this.drawn) return;
      this.drawn = now;
      element.replaceChildren(make(width));
    });
    if (first) watch(element);
    else refresh(element);
    return noChange;
  }
}
export const fill = directive(Fill);

/** Keeps an element's size known; says when it changed. */
export function measure(element: Element, changed: () => void): void {
  new ResizeObserver(([entry]) => {
    sizes.set(element, [Math.round(entry!.contentRect.width), Math.round(entry!.contentRect.height)]);
    changed();
  }).observe(element);
}
