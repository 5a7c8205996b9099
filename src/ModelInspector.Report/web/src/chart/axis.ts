import type { Interval } from "../contract";
import { number } from "../contract";
import { figure } from "../format";

/** What tells series apart besides their colour. */
export const SYMBOLS = ["circle", "square", "triangle", "diamond", "star", "wye", "cross", "times"] as const;

/** Everything of an interval that must lie on the axis. */
export const ends = (value: Interval | null | undefined): number[] => (value ? [value.low, value.high, value.estimate].map(number) : []);

/** An axis on which zero lies; shares have it from 0 to 1. */
export function withZero(values: readonly number[]): [number, number] {
  const finite = values.filter(Number.isFinite), low = Math.min(0, ...finite), high = Math.max(0, ...finite);
  return low >= 0 && high <= 1 ? [0, 1] : [low, high];
}

/** An axis around values, a part of their range wider at both ends. */
export function padded(values: readonly number[], part: number): [number, number] {
  const finite = values.filter(Number.isFinite), low = Math.min(...finite), high = Math.max(...finite);
  const margin = (high - low || Math.abs(high) || 1) * part;
  return finite.length === 0 ? [0, 1] : [low - margin, high + margin];
}

/** The same; shares have it from 0 to 1. */
export function around(values: readonly number[]): [number, number] {
  return values.filter(Number.isFinite).every((value) => value >= 0 && value <= 1) ? [0, 1] : padded(values, 0.06);
}

/** A number at a tick: no zeros behind the last figure that says something. */
export const tick = (value: number, show: (value: number) => string = figure): string => show(value).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
