/** Everything that a link to this page says. One layer, method, class, example and selection for the whole page. */
export interface State {
  section: string;
  layer: string;
  method: string;
  cls: number;
  example: number;
  embedding: string;
  colour: string;
  tau: number;
  alpha: number;
  threshold: number;
  shared: boolean;
  contour: boolean;
  view: "overlay" | "map";
  smooth: boolean;
  matrix: "layers" | "methods";
  slice: number;
  /** A picked unit of the layer. */
  unit: number;
  lasso: string;
}

export const START: State = {
  section: "", layer: "", method: "", cls: -1, example: -1, embedding: "", colour: "", tau: 0.2, alpha: 0.9, threshold: 0, shared: false, contour: true,
  view: "overlay", smooth: false, matrix: "layers", slice: -1, unit: -1, lasso: "",
};

/** `#/map?layer=conv1&class=2`: the section as a path, what differs from the start as a query. */
export function toHash(state: State, start: State = START): string {
  const query = new URLSearchParams();
  for (const key of Object.keys(START) as (keyof State)[])
    if (key !== "section" && state[key] !== start[key]) query.set(key, String(state[key]));
  const text = query.toString();
  return `#/${encodeURIComponent(state.section)}${text ? `?${text}` : ""}`;
}

/** What a link says; values of the wrong kind are ignored, so that a broken link still opens the page. */
export function fromHash(hash: string, start: State = START): State {
  const state: State = { ...start, section: "" };
  const match = /^#\/([^?]*)(?:\?(.*))?$/s.exec(hash);
  if (!match) return state;
  state.section = decode(match[1]!);
  for (const [key, text] of new URLSearchParams(match[2] ?? "")) {
    if (!Object.hasOwn(START, key)) continue;
    const value = parse(START[key as keyof State], text);
    if (value !== undefined) Object.assign(state, { [key]: value });
  }
  return state.view === "overlay" || state.view === "map" ? clamp(state) : clamp({ ...state, view: "overlay" });
}

function clamp(state: State): State {
  const within = (value: number) => Math.min(1, Math.max(0, value));
  return { ...state, alpha: within(state.alpha), threshold: within(state.threshold), matrix: state.matrix === "methods" ? "methods" : "layers" };
}

function parse(like: string | number | boolean, text: string): string | number | boolean | undefined {
  if (typeof like === "string") return text;
  if (typeof like === "boolean") return text === "true" ? true : text === "false" ? false : undefined;
  const value = Number(text);
  return text.trim() !== "" && Number.isFinite(value) ? value : undefined;
}

function decode(text: string): string {
  try { return decodeURIComponent(text); } catch { return ""; }
}

/** Holds the state, writes it into the address, and tells when it changed. */
export class Store {
  private listeners: (() => void)[] = [];
  private scheduled = false;
  state: State;

  constructor(private readonly start: State, private readonly place: Pick<Window, "location" | "history" | "addEventListener">) {
    this.state = fromHash(place.location.hash, start);
    place.addEventListener("hashchange", () => {
      const next = fromHash(place.location.hash, this.start);
      if (toHash(next, this.start) === toHash(this.state, this.start)) return;
      this.state = next;
      this.touch();
    });
  }

  /** `step`: a change that Back undoes. Sliders and scrolling replace the address instead. */
  set(change: Partial<State>, step = true): void {
    const next = { ...this.state, ...change };
    // Another layer has other units.
    if (next.layer !== this.state.layer && change.unit === undefined) next.unit = -1;
    const hash = toHash(next, this.start);
    if (hash === toHash(this.state, this.start)) return;
    this.state = next;
    // Not by location.hash: the browser would look for what to scroll to, and work out the page's layout for it.
    if (step) this.place.history.pushState(null, "", hash);
    else this.place.history.replaceState(null, "", hash);
    this.touch();
  }

  listen(listener: () => void): void { this.listeners.push(listener); }

  /** Something that is shown changed: draw once, in the next frame. */
  touch(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(() => { this.scheduled = false; for (const listener of this.listeners) listener(); });
  }
}
