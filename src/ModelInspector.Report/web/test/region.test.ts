import { describe, expect, test } from "vitest";
import { gridOver, inside as chosen, simplify } from "../src/canvas/region";
import type { Point } from "../src/canvas/scatter";
import { counted, distinctive, recognised, tally } from "../src/tally";

const inside = (x: Float32Array, y: Float32Array, region: readonly Point[]) => chosen(x, y, gridOver(x, y), region);

function dice(seed: number): () => number {
  let now = seed;
  return () => (now = (now * 16807) % 2147483647) / 2147483647;
}

/** The even-odd rule as it stands in books: every side, for every point. */
function slow(x: Float32Array, y: Float32Array, region: readonly Point[]): number[] {
  return [...x.keys()].filter((i) => region.reduce((odd, [bx, by], k) => {
    const [ax, ay] = region.at(k - 1)!;
    return ay > y[i]! !== by > y[i]! && x[i]! < ((bx - ax) * (y[i]! - ay)) / (by - ay) + ax ? !odd : odd;
  }, false));
}

/** Points everywhere, on the corners, on the sides, and beside them by less than a float can tell. */
function points(region: readonly Point[], random: () => number, reach: number): { x: Float32Array; y: Float32Array } {
  const found: Point[] = [...region];
  region.forEach(([bx, by], k) => {
    const [ax, ay] = region.at(k - 1)!;
    for (const share of [0.25, 0.5, random()]) found.push([ax + share * (bx - ax), ay + share * (by - ay)]);
    found.push([bx + 1e-7 * (random() - 0.5), by], [bx, by + 1e-7 * (random() - 0.5)], [random() * reach, by], [bx, random() * reach]);
  });
  for (let i = 0; i < 1500; i++) found.push([reach * (2.2 * random() - 1.1), reach * (2.2 * random() - 1.1)]);
  found.push([NaN, 0], [0, NaN], [NaN, NaN], [Infinity, 0], [0, -Infinity]);
  return { x: Float32Array.from(found, (p) => p[0]), y: Float32Array.from(found, (p) => p[1]) };
}

const REGIONS: [string, (random: () => number) => Point[]][] = [
  ["a winding region that crosses itself", (random) => Array.from({ length: 3 + Math.floor(40 * random()) }, () => [2 * random() - 1, 2 * random() - 1])],
  ["a circle by hand", (random) => Array.from({ length: 90 }, (_, i) => [0.3 + 0.5 * Math.cos(i / 14.3) + 0.02 * random(), 0.5 * Math.sin(i / 14.3)])],
  ["corners in thousandths, as a link has them", (random) => Array.from({ length: 24 }, () => [Math.round(2000 * random() - 1000) / 1000, Math.round(2000 * random() - 1000) / 1000])],
  ["sides along the axes", (random) => { let [x, y] = [0, 0]; return Array.from({ length: 30 }, (_, i) => { if (i % 2) x = Math.round(8 * random()) / 8; else y = Math.round(8 * random()) / 8; return [x, y]; }); }],
  ["corners of a coarse grid, so that sides run through points", (random) => Array.from({ length: 12 }, () => [Math.round(8 * random()) / 8, Math.round(8 * random()) / 8])],
  ["a sliver", (random) => [[-1, 0], [1, 1e-6 * random()], [1, 2e-6], [-1, 1e-6]]],
  ["all but level sides", (random) => [[-1, 0.5], [1, 0.5 + 1e-15 * random()], [1, 1], [-1, 1]]],
  ["twice around", (random) => [...Array(2).keys()].flatMap(() => [[0, 0], [1, 0.1 * random()], [1, 1], [0.1, 1]] as Point[])],
  ["three corners on a line", (random) => { const t = random(); return [[-1, -t], [0, 0], [1, t]]; }],
  ["a line upright", () => [[0.5, -1], [0.5, 1], [0.5, 0]]],
  ["a line across", () => [[-1, 0.25], [1, 0.25], [0, 0.25]]],
  ["a single place", () => [[0.5, 0.5], [0.5, 0.5], [0.5, 0.5]]],
  ["a region half beside the points", (random) => [[0.2, -9], [9, 9 * random()], [0.1 * random(), 9], [0.5, 0]]],
  ["a region far away and large", (random) => [[1e6 * random(), 1e6], [3e6, 2e6], [-1e6, 2.5e6], [0, -1e6 * random()]]],
];

describe("a drawn region", () => {
  test.each(REGIONS)("of the kind '%s' holds exactly the points that the even-odd rule says, point by point", (_, made) => {
    for (let seed = 1; seed <= 25; seed++) {
      const random = dice(seed), region = made(random), reach = Math.max(...region.flat().map(Math.abs)), { x, y } = points(region, random, reach);
      expect([...inside(x, y, region).members], `seed ${seed}`).toEqual(slow(x, y, region));
    }
  });
  test("holds what lies in a concave one", () => {
    const region: Point[] = [[0, 0], [4, 0], [4, 4], [2, 1], [0, 4]];
    expect(inside(Float32Array.of(1, 2, 3, 2, -1), Float32Array.of(1, 3, 1, 0.5, 0), region).members).toEqual(Int32Array.of(0, 2, 3));
  });
  test("leaves a hole where it crosses itself an even number of times", () => {
    const around = (r: number): Point[] => [[-r, -r], [r, -r], [r, r], [-r, r], [-r, -r]];
    expect(inside(Float32Array.of(0, 1.5), Float32Array.of(0, 0), [...around(2), ...around(1)]).members).toEqual(Int32Array.of(1));
  });
  test("says the same by name and by byte", () => {
    const random = dice(3), region = REGIONS[0]![1](random), { x, y } = points(region, random, 1), { members, has } = inside(x, y, region);
    expect([...has.keys()].filter((i) => has[i] === 1)).toEqual([...members]);
    expect(members.length).toBeGreaterThan(50);
  });
  test("that is without an area, or without corners, holds nothing", () => {
    expect(inside(Float32Array.of(0, 1), Float32Array.of(0, 1), [[2, 2], [3, 2], [4, 2]]).members.length).toBe(0);
    expect(inside(Float32Array.of(0, 1), Float32Array.of(0, 1), []).members.length).toBe(0);
  });
  test("drawn by a hand keeps the corners that matter and drops the rest", () => {
    const line = [...Array.from({ length: 50 }, (_, i) => [i / 49, 0] as Point), ...Array.from({ length: 50 }, (_, i) => [1, i / 49] as Point)];
    expect(simplify(line, 0.01)).toEqual([[0, 0], [1, 0], [1, 1]]);
  });
});

describe("what a selection has in common", () => {
  const everyone = Int32Array.from({ length: 8 }, (_, i) => i), codes = counted(Int32Array.of(0, 0, 1, 1, 2, -1, 0, 2)), members = Int32Array.of(2, 3, 4, 5);
  test("is counted by value, with those that have none first", () => {
    expect([...tally(codes, 3, everyone)]).toEqual([1, 3, 2, 2]);
    expect([...tally(codes, 3, members)]).toEqual([1, 0, 2, 1]);
  });
  test("is the value whose share differs most from the rest, one a column, the most telling column first", () => {
    const column = (name: string, of: Uint16Array, names: string[]) => ({ name, codes: of, names, all: tally(of, names.length, everyone) });
    const marks = distinctive([column("letter", codes, ["a", "b", "c"]), column("even", counted(Int32Array.of(0, 0, 1, 1, 1, 1, 0, 0)), ["no", "yes"]), column("same", counted(new Int32Array(8)), ["one"])], members);
    expect(marks.map(({ column, value, inside, outside }) => [column, value, inside, outside])).toEqual([["even", "yes", 4, 0], ["letter", "b", 2, 0]]);
  });
  test("knows of each sample whether it was recognised, and of those without a label nothing", () =>
    expect([...recognised(Int32Array.of(0, 1, -1, 2), Int32Array.of(0, 2, 1, -1))]).toEqual([2, 1, 0, 1]));
});
