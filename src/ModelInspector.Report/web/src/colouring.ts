import { CATEGORIES, GREY, rgb, viridis, type Rgb } from "./colour";
import type { Context } from "./context";
import { figure as three, title } from "./format";

/** How samples are coloured: by category (at most eight hues, then grey) or along a scale. */
export interface Colouring {
  title: string;
  /** Category a sample; -1 for none. */
  codes: Int32Array | undefined;
  categories: { name: string; count: number; colour: string; shape: number; code: number }[];
  colour(sample: number): Rgb;
  shape(sample: number): number;
  scale: { low: number; high: number } | undefined;
  /** How many samples have none, drawn in grey, and how that is said. */
  without: { count: number; name: string };
  text(sample: number): string;
}

export interface ColourChoice { value: string; label: string }

export function colourChoices({ run, state }: Context): ColourChoice[] {
  return [
    ...(run.samples?.labels ? [{ value: "label", label: "class" }] : []),
    ...(run.samples?.predicted ? [{ value: "predicted", label: "prediction" }] : []),
    ...(run.samples?.labels && run.samples.predicted ? [{ value: "error", label: "right or wrong" }] : []),
    ...(run.samples?.confidence ? [{ value: "confidence", label: "confidence" }] : []),
    ...run.clusterMethods.map((method) => ({ value: `groups:${method}`, label: `groups by ${title(method)}${run.clustersOf(state.layer, method) ? "" : ": none at this layer"}` })),
    ...(run.samples?.columns ?? []).map((column, i) => ({ value: `column:${i}`, label: column.name || `column ${i + 1}` })),
  ];
}

export function colouring(context: Context): Colouring | undefined {
  const { run, state, theme } = context;
  const ready = [run.labels, run.predicted, run.confidence].filter(Boolean).length;
  const column = /^column:(\d+)$/.exec(state.colour);
  if (column) {
    const values = run.column(Number(column[1]));
    if (!values) return undefined;
    return run.cached(`colouring ${state.colour} ${theme}`, () => values.numeric ? along(values.name, values.numeric) : byCategory(values.name, values.codes, values.values, theme));
  }
  const method = /^groups:(.*)$/s.exec(state.colour)?.[1], clusters = run.clustersOf(state.layer, method ?? "");
  if (method !== undefined && run.clusterMethods.includes(method) && !clusters)
    return run.cached(`colouring no groups ${theme}`, () => byCategory("no groups at this layer", new Int32Array(run.count).fill(0), ["all samples"], theme));
  if (clusters) {
    const groups = run.block<Int32Array>(clusters.groups);
    return groups && run.cached(`colouring ${state.layer} ${state.colour} ${theme}`, () =>
      byCategory(`groups by ${title(clusters.method)}`, groups, Array.from({ length: clusters.count }, (_, i) => `group ${i + 1}`), theme));
  }
  const { labels, predicted, confidence } = run;
  return run.cached(`colouring ${state.colour} ${theme} ${ready}`, () => {
    if (state.colour === "confidence" && confidence) return along("confidence", Float64Array.from(confidence.values));
    if (state.colour === "predicted" && predicted) return byCategory("prediction", predicted, run.classes, theme);
    if (state.colour === "error" && labels && predicted) return byCategory("right or wrong", labels.map((label, i) => (label < 0 || predicted[i]! < 0 ? -1 : label === predicted[i] ? 0 : 1)), ["right", "wrong"], theme, false);
    return labels ? byCategory("class", labels, run.classes, theme) : byCategory("", new Int32Array(run.count).fill(0), ["all"], theme);
  });
}

function byCategory(name: string, codes: Int32Array, names: string[], theme: "light" | "dark", bySize = true): Colouring {
  const counts = new Map<number, number>();
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  const found = [...counts.keys()].filter((code) => code >= 0);
  const ranked = found.length > 8 && bySize ? found.sort((a, b) => counts.get(b)! - counts.get(a)! || a - b) : found.sort((a, b) => a - b);
  const hue = new Map(ranked.slice(0, 8).map((code, i) => [code, i]));
  const grey = rgb(GREY[theme]);
  const palette = CATEGORIES[theme].map(rgb);
  const shape = (code: number) => (ranked.length <= 5 ? (hue.get(code) ?? 0) : 0);
  return {
    title: name, codes, scale: undefined,
    without: { count: counts.get(-1) ?? 0, name: name.startsWith("groups by") ? "in no group" : name === "right or wrong" ? "not known" : `no ${name}` },
    categories: ranked.map((code) => ({ code, name: names[code] ?? `${code}`, count: counts.get(code)!, colour: CATEGORIES[theme][hue.get(code) ?? -1] ?? GREY[theme], shape: shape(code) })),
    colour: (sample) => palette[hue.get(codes[sample]!) ?? -1] ?? grey,
    shape: (sample) => shape(codes[sample]!),
    text: (sample) => (codes[sample]! < 0 ? "–" : (names[codes[sample]!] ?? "")),
  };
}

function along(name: string, values: Float64Array): Colouring {
  let low = Infinity, high = -Infinity, without = 0;
  for (const value of values) if (Number.isFinite(value)) { low = Math.min(low, value); high = Math.max(high, value); } else without++;
  return {
    title: name, codes: undefined, categories: [], scale: { low, high }, without: { count: without, name: `no ${name}` },
    colour: (sample) => (Number.isFinite(values[sample]!) ? viridis((values[sample]! - low) / (high - low || 1)) : [128, 128, 128]),
    shape: () => 0,
    text: (sample) => three(values[sample]!),
  };
}
