import { calm, fit, measure, sizeOf } from "../dom";
import { simplify } from "./region";
import { DENSITY_ABOVE, density, nearest, radiusFor, splat, type Cloud, type Frame, type Point, type View } from "./scatter";

export interface MapEvents {
  /** The pointer has come to the map: something may be chosen soon. */
  near(): void;
  hover(index: number, x: number, y: number): void;
  click(index: number): void;
  lasso(polygon: Point[]): void;
}

const MORPH = 450;

/** The scatter on its canvas: draws, morphs between layers, zooms, and lets a region be drawn around points. */
export class MapCanvas {
  tool: "select" | "pan" = "select";
  private cloud: Cloud | undefined;
  private view: View = { scale: 1, x: 0, y: 0 };
  private outline: readonly Point[] = [];
  private drawn: Point[] | undefined;
  private drag: { x: number; y: number; view: View } | undefined;
  private morph: { fromX: Float32Array; fromY: Float32Array; start: number } | undefined;
  private hovered = -1;
  private theme = "";
  /** Asked for once a theme: the browser works out the whole page's style to answer. */
  private readonly inks: Record<string, string> = {};
  private frame = 0;
  private image: ImageData | undefined;
  private reached: { of: Float32Array | undefined; by: [number, number] } | undefined;

  constructor(readonly canvas: HTMLCanvasElement, private readonly events: MapEvents) {
    canvas.addEventListener("pointerenter", () => this.events.near());
    canvas.addEventListener("pointerdown", (event) => this.down(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    canvas.addEventListener("pointerup", (event) => this.up(event));
    canvas.addEventListener("pointercancel", () => { this.drag = this.drawn = undefined; this.draw(); });
    canvas.addEventListener("pointerleave", () => this.point(-1, 0, 0));
    canvas.addEventListener("dblclick", () => this.reset());
    canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    canvas.addEventListener("keydown", (event) => this.key(event));
    measure(canvas, () => this.draw());
  }

  /** Shows other points, or the same ones elsewhere: then they travel there. */
  show(cloud: Cloud, outline: readonly Point[], theme: string): void {
    const before = this.cloud;
    this.outline = outline;
    this.theme = theme;
    if (before && before.count === cloud.count && before.x !== cloud.x && !calm() && cloud.count <= 50_000 && document.visibilityState === "visible") {
      const part = this.progress();
      const from = (old: Float32Array, now: Float32Array) => (part < 1 ? between(old, now, part) : now);
      this.morph = { fromX: from(this.morph?.fromX ?? before.x, before.x), fromY: from(this.morph?.fromY ?? before.y, before.y), start: performance.now() };
    }
    this.cloud = cloud;
    this.draw();
  }

  reset(): void { this.view = { scale: 1, x: 0, y: 0 }; this.draw(); }

  zoom(by: number): void { this.view = { ...this.view, scale: Math.min(60, Math.max(0.5, this.view.scale * by)) }; this.draw(); }

  draw(): void {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => { this.frame = 0; this.render(); });
  }

  private progress(): number {
    if (!this.morph) return 1;
    const t = Math.min(1, (performance.now() - this.morph.start) / MORPH);
    return t * t * (3 - 2 * t);
  }

  render(): void {
    const { cloud, canvas } = this;
    if (!cloud || sizeOf(canvas)[0] === 0) return;
    const { context, ratio } = fit(canvas);
    const image = this.blank();
    const frame = this.frameOf(ratio);
    const part = this.progress(), morph = part < 1 ? this.morph : undefined;
    const now = morph ? { ...cloud, x: between(morph.fromX, cloud.x, part), y: between(morph.fromY, cloud.y, part) } : cloud;
    if (cloud.count > DENSITY_ABOVE) density(image.data, canvas.width, canvas.height, now, frame);
    else splat(image.data, canvas.width, canvas.height, now, frame, radiusFor(cloud.count, ratio) * Math.min(2, Math.max(1, Math.sqrt(this.view.scale))));
    context.putImageData(image, 0, 0);
    this.strokes(context, ratio);
    if (morph) this.draw();
    else this.morph = undefined;
  }

  private blank(): ImageData {
    const { width, height } = this.canvas;
    if (this.image?.width !== width || this.image.height !== height) this.image = new ImageData(width, height);
    else this.image.data.fill(0);
    return this.image;
  }

  private strokes(context: CanvasRenderingContext2D, ratio: number): void {
    const ink = this.inks[this.theme] ??= getComputedStyle(this.canvas).color;
    const line = (points: readonly Point[], close: boolean) => {
      if (points.length < 2) return;
      context.beginPath();
      for (const point of points) context.lineTo(...this.toScreen(point));
      if (close) context.closePath();
      context.setLineDash([4, 3]);
      context.strokeStyle = ink;
      context.lineWidth = 1.2;
      context.stroke();
      context.setLineDash([]);
    };
    if (this.drawn) line(this.drawn, false);
    else if (!this.morph) line(this.outline, true);
    if (this.hovered >= 0 && this.cloud && this.cloud.count > this.hovered) {
      const [x, y] = this.toScreen([this.cloud.x[this.hovered]!, this.cloud.y[this.hovered]!]);
      context.beginPath();
      context.arc(x, y, radiusFor(this.cloud.count, ratio) / ratio + 5, 0, 7);
      context.strokeStyle = ink;
      context.lineWidth = 1.6;
      context.stroke();
    }
  }

  private frameOf(ratio: number): Frame {
    const [width, height] = sizeOf(this.canvas).map((size) => size * ratio) as [number, number];
    const [wide, high] = this.reach();
    const unit = Math.min(width / wide, height / high) * 0.46 * this.view.scale;
    return { unit, left: width / 2 - this.view.x * unit, top: height / 2 + this.view.y * unit };
  }

  /** Half the cloud's width and height: the larger is 1. */
  private reach(): [number, number] {
    if (!this.reached || this.reached.of !== this.cloud?.x) {
      const largest = (values: ArrayLike<number>) => { let most = 0.2; for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]!) || 0); return most; };
      this.reached = { of: this.cloud?.x, by: [largest(this.cloud?.x ?? []), largest(this.cloud?.y ?? [])] };
    }
    return this.reached.by;
  }

  private toScreen([x, y]: Point): Point {
    const { unit, left, top } = this.frameOf(1);
    return [left + unit * x, top - unit * y];
  }

  private toData(x: number, y: number): Point {
    const { unit, left, top } = this.frameOf(1);
    return [(x - left) / unit, (top - y) / unit];
  }

  private down(event: PointerEvent): void {
    if (event.button !== 0 && event.button !== 1) return;
    this.events.near();
    this.canvas.setPointerCapture(event.pointerId);
    this.canvas.focus({ preventScroll: true });
    const panning = this.tool === "pan" || event.shiftKey || event.button === 1;
    this.drag = { x: event.offsetX, y: event.offsetY, view: this.view };
    this.drawn = panning ? undefined : [this.toData(event.offsetX, event.offsetY)];
  }

  private move(event: PointerEvent): void {
    if (!this.drag) return this.point(this.at(event.offsetX, event.offsetY), event.offsetX, event.offsetY);
    if (this.drawn) this.drawn.push(this.toData(event.offsetX, event.offsetY));
    else {
      const { unit } = this.frameOf(1);
      this.view = { ...this.drag.view, x: this.drag.view.x - (event.offsetX - this.drag.x) / unit, y: this.drag.view.y + (event.offsetY - this.drag.y) / unit };
    }
    this.draw();
  }

  private up(event: PointerEvent): void {
    const { drag, drawn } = this;
    this.drag = this.drawn = undefined;
    if (!drag) return;
    if (Math.hypot(event.offsetX - drag.x, event.offsetY - drag.y) < 4 && (drawn?.length ?? 0) < 6) this.events.click(this.at(event.offsetX, event.offsetY));
    else if (drawn && drawn.length > 4) this.events.lasso(simplify(drawn, 0.006 / this.view.scale));
    this.drawNext();
  }

  /** The page answers in the coming frame, the map in the one after: each is short. */
  private drawNext(): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => { this.frame = 0; this.draw(); });
  }

  private at(x: number, y: number): number {
    if (!this.cloud) return -1;
    const [dataX, dataY] = this.toData(x, y);
    return nearest(this.cloud, dataX, dataY, 14 / this.frameOf(1).unit);
  }

  private point(index: number, x: number, y: number): void {
    if (index === this.hovered && index < 0) return;
    this.hovered = index;
    this.events.hover(index, x, y);
    this.draw();
  }

  private wheel(event: WheelEvent): void {
    // A plain wheel scrolls the page; with Ctrl, as on maps, it zooms.
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const before = this.toData(event.offsetX, event.offsetY);
    this.view = { ...this.view, scale: Math.min(60, Math.max(0.5, this.view.scale * Math.exp(-event.deltaY * 0.0025))) };
    const after = this.toData(event.offsetX, event.offsetY);
    this.view = { ...this.view, x: this.view.x + before[0] - after[0], y: this.view.y + before[1] - after[1] };
    this.draw();
  }

  private key(event: KeyboardEvent): void {
    const step = 0.15 / this.view.scale;
    const moves: Record<string, [number, number]> = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
    const move = moves[event.key];
    if (move) this.view = { ...this.view, x: this.view.x + move[0], y: this.view.y + move[1] };
    else if (event.key === "+" || event.key === "=") this.view = { ...this.view, scale: Math.min(60, this.view.scale * 1.25) };
    else if (event.key === "-") this.view = { ...this.view, scale: Math.max(0.5, this.view.scale / 1.25) };
    else if (event.key === "0") this.view = { scale: 1, x: 0, y: 0 };
    else return;
    event.preventDefault();
    event.stopPropagation();
    this.draw();
  }
}

const between = (from: Float32Array, to: Float32Array, part: number): Float32Array => from.map((value, i) => value + (to[i]! - value) * part);
