export type Rgb = readonly [number, number, number];
export type Theme = "light" | "dark";

/** Eight hues that keep 3:1 against the page in their theme; after them comes grey. */
export const CATEGORIES: Record<Theme, readonly string[]> = {
  light: ["#1f6fb2", "#c8501e", "#0f8567", "#a8447f", "#8b6a00", "#5d54c9", "#4f7f1f", "#7a5c50"],
  dark: ["#6db1ea", "#f08a5a", "#45c7a2", "#e28bbd", "#d6b13c", "#a49cf5", "#9ccc5a", "#c7a79a"],
};
export const GREY: Record<Theme, string> = { light: "#85837c", dark: "#8b8982" };
export const PAGE: Record<Theme, string> = { light: "#fcfbf8", dark: "#15171a" };

export function rgb(hex: string): Rgb {
  const value = parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

export function contrast(a: string, b: string): number {
  const [lighter, darker] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(hex: string): number {
  const [r, g, b] = rgb(hex).map((value) => {
    const channel = value / 255;
    return channel <= 0.03928 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

// Nine samples of viridis; between them a straight line is within 2/255.
const VIRIDIS: readonly Rgb[] = ["#440154", "#472d7b", "#3b528b", "#2c728e", "#21918c", "#28ae80", "#5ec962", "#addc30", "#fde725"].map(rgb);

/** viridis at t in 0…1. */
export function viridis(t: number): Rgb {
  return ramp(VIRIDIS, t);
}

// Blue – white – red with white fixed at zero; dark ends so that small and large differ in lightness, too.
const SIGNED: readonly Rgb[] = ["#15479e", "#5b8fd6", "#b9d2ef", "#f7f6f3", "#f6c0ae", "#e0694a", "#a41c14"].map(rgb);

/** Signed values at t in -1…1. */
export function signed(t: number): Rgb {
  return ramp(SIGNED, (t + 1) / 2);
}

function ramp(stops: readonly Rgb[], t: number): Rgb {
  const place = Math.min(1, Math.max(0, t)) * (stops.length - 1);
  const low = Math.min(stops.length - 2, Math.floor(place));
  const [a, b, part] = [stops[low]!, stops[low + 1]!, place - low];
  return [a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1]), a[2] + part * (b[2] - a[2])];
}

/** Overlay hues: what speaks for the score, and what speaks against it. */
export const FOR: Rgb = [255, 64, 24];
export const AGAINST: Rgb = [38, 132, 255];

/** Series colours are style-sheet variables, so that a theme change needs no redraw. Controls are grey. */
export function series(method: string, methods: readonly string[]): string {
  const index = methods.indexOf(method);
  return index < 0 ? "var(--muted)" : `var(--series-${(index % 8) + 1})`;
}
