/** Codes by which samples are counted, one more than each: zero is of samples without one. */
export type Counted = Uint16Array;

export const counted = (codes: Int32Array): Counted => Uint16Array.from(codes, (code) => Math.max(0, code + 1));

/** How often each of `names` codes occurs among some samples; the first count is of those without one. */
export function tally(codes: Counted, names: number, members: Int32Array): Int32Array {
  const counts = new Int32Array(names + 1);
  for (let k = 0; k < members.length; k++) counts[codes[members[k]!]!]!++;
  return counts;
}

/** Whether each sample was recognised: 2 yes, 1 no, 0 where its label is not known. */
export function recognised(labels: Int32Array, predicted: Int32Array): Counted {
  const right = new Uint16Array(labels.length);
  for (let i = 0; i < labels.length; i++) right[i] = labels[i]! < 0 ? 0 : labels[i] === predicted[i] ? 2 : 1;
  return right;
}

/** A value that a selection has more often than the rest: how many samples within and without. */
export interface Mark { column: string; value: string; inside: number; outside: number; gap: number }
export interface Coded { name: string; codes: Counted; names: readonly string[]; all: Int32Array }

/** What tells the selection from the rest best: the largest difference of shares, one a column and above a tenth; most telling first. */
export function distinctive(columns: readonly Coded[], members: Int32Array): Mark[] {
  return columns.map((column) => telling(column, members)).filter((mark) => mark !== undefined).sort((a, b) => b.gap - a.gap);
}

function telling({ name, codes, names, all }: Coded, members: Int32Array): Mark | undefined {
  const within = tally(codes, names.length, members), size = members.length, rest = Math.max(1, codes.length - size);
  let best: Mark | undefined;
  for (let code = 0; code < names.length; code++) {
    const inside = within[code + 1]!, outside = all[code + 1]! - inside, gap = inside / size - outside / rest;
    if (gap > (best?.gap ?? 0.1)) best = { column: name, value: names[code]!, inside, outside, gap };
  }
  return best;
}
