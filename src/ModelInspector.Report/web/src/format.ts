import type { Interval, Num } from "./contract";
import { number } from "./contract";

const THIN = "\u202f";

/** A minus as long as a plus: figures in sentences have it, too. */
const minus = (text: string): string => text.replace(/^-/, "−");

/** 0.995, −12.3, 1,200, 3.4e-5: three figures, no more. */
export const figure = (value: number): string => minus(threeFigures(value));

function threeFigures(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 1000) return count(value);
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  if (size >= 1) return value.toFixed(2);
  if (size >= 0.001) return value.toFixed(3);
  return value.toExponential(1);
}

export const percent = (share: number): string => {
  if (!Number.isFinite(share)) return "–";
  const value = 100 * share, size = Math.abs(value), nearly = size >= 99.5 && size < 100 - 1e-9;
  // Nothing that is neither none nor all reads as 0 % or 100 %.
  if (size > 1e-9 && size < 0.05) return `${value < 0 ? "> −" : "< "}0.1${THIN}%`;
  if (size >= 99.95 && nearly) return `${value < 0 ? "< −" : "> "}99.9${THIN}%`;
  const digits = nearly || (size < 9.95 && Math.round(10 * size) % 10 !== 0) ? 1 : 0;
  return `${minus(value.toFixed(digits))}${THIN}%`;
};

const grouped = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
export const count = (value: number): string => grouped.format(Math.round(value));

/** Whether a quantity reads as a share: its unit says so, or it is a fraction by its name. */
export const isShare = (unit: string): boolean => /share|accuracy|fraction|rate/i.test(unit);

export const inUnit = (unit: string) => (isShare(unit) ? percent : figure);

export function interval(value: Interval, show: (value: number) => string = figure): string {
  return `${show(number(value.estimate))}${range(value, show)}`;
}

/** Whether an interval was made: of a single unit there is none. One without width was made where all units have the same value. */
export const made = ({ low, high, count = 2 }: { low: Num; high: Num; count?: number }): boolean =>
  number(low) < number(high) || (number(low) === number(high) && count >= 2);

/** " [low, high]"; nothing where no interval was made. */
export const range = (value: { low: Num; high: Num; count?: number }, show: (value: number) => string = figure): string =>
  made(value) ? ` [${show(number(value.low))},\u00a0${show(number(value.high))}]` : "";

/** Written as in the verdict's sentences. */
export const pValue = (p: number): string => (!Number.isFinite(p) ? "p unknown" : p < 0.0001 ? "p < 0.0001" : `p = ${Number(p.toFixed(p < 0.1 ? 4 : 2))}`);

export const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`;

/** One of what is counted in the plural: studies → study. */
export function singular(many: string): string {
  if (many === "series") return many;
  if (/ies$/.test(many)) return many.replace(/ies$/, "y");
  return many.replace(/(x|ch|sh|ss)es$|s$/, "$1");
}

export const seconds = (value: number): string => (value >= 90 ? `${(value / 60).toFixed(1)} min` : value >= 1 ? `${value.toFixed(1)} s` : `${Math.round(1000 * value)} ms`);

export const bytes = (value: number): string => (value >= 1e6 ? `${(value / 1e6).toFixed(1)} MB` : `${Math.round(value / 1e3)} kB`);

/** A build is known by seven figures of its commit. */
export const version = (text: string): string => text.replace(/(\+[0-9a-f]{7})[0-9a-f]+$/, "$1");

/** Keeps the two ends of a long name: the start says where, the end says which. */
export function shorten(text: string, most: number): string {
  const characters = [...text];
  if (characters.length <= most) return text;
  const tail = Math.floor((most - 1) * 0.6);
  // What divides a name's parts does not stand beside the mark of the cut: "fire3…1x1", not "fire3.…1x1".
  return `${characters.slice(0, most - 1 - tail).join("").replace(/(?<=.)[._/ -]+$/, "")}…${characters.slice(-tail).join("").replace(/^[._/ -]+(?=.)/, "")}`;
}

/** A layer's name: words are cut, numbers and what divides them stay, because they tell one block from the next. */
export function shortenLayer(name: string, most: number): string {
  if ([...name].length <= most) return name;
  // Short words stay whole as long as cutting the long ones is enough.
  for (const spared of [5, 0])
    for (let letters = 14; letters >= 4; letters--) {
      const cut = name.replace(/\p{L}+/gu, (word) => ([...word].length > Math.max(letters, spared) ? `${[...word].slice(0, letters - 1).join("")}…` : word));
      if ([...cut].length <= most) return cut;
    }
  return shorten(name, most);
}

/** Keeps the beginning: names of classes and values differ there. */
export function brief(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("").trimEnd()}…`;
}

/** Wilson's 95 % interval of a share. */
export function wilson(hits: number, total: number): Interval {
  if (total === 0) return { estimate: "NaN", low: "NaN", high: "NaN", count: 0 };
  const z = 1.959964, p = hits / total, d = 1 + (z * z) / total;
  const centre = (p + (z * z) / (2 * total)) / d;
  const half = (z / d) * Math.sqrt((p * (1 - p)) / total + (z * z) / (4 * total * total));
  return { estimate: p, low: Math.max(0, centre - half), high: Math.min(1, centre + half), count: total };
}

const NAMES: Record<string, string> = {
  "sam": "SAM", "grad-cam": "Grad-CAM", "layer-cam": "LayerCAM", "pca": "PCA", "t-sne": "t-SNE", "umap": "UMAP",
  "autoencoder": "Autoencoder", "auroc": "AUROC", "average-precision": "Average precision", "energy-inside": "Energy inside the mask",
  "energy-concentration": "Concentration inside the mask", "x-grad-cam": "XGrad-CAM", "grad-cam-plus-plus": "Grad-CAM++", "hi-res-cam": "HiResCAM", "random-smooth": "smooth random", "specificity": "Specificity", "sensitivity": "Sensitivity", "pointing-game": "Pointing game",
  "random": "random map", "chance": "chance", "intensity": "input intensity", "edges": "edge filter", "mean-activation": "Mean activation",
  "labels": "by class", "predictions": "by prediction", "shuffled-labels": "shuffled labels", "k-means": "k-means", "hdbscan": "HDBSCAN", "neighbour-accuracy": "Class among nearest neighbours",
  "gradient-x-input": "Gradient × input",
};

/** A catalog name as a reader writes it. */
export const title = (name: string): string => {
  const known = NAMES[name];
  if (known) return known;
  // Written out already: "SAM and Grad-CAM".
  if (/\s/.test(name)) return name;
  const words = name.replace(/[-_]+/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};
