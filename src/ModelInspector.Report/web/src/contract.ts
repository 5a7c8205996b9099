// The payload mi/1 as the C# side writes it. Names follow the finding records; arrays that are large are ids of blocks.

export type Id = string;

export interface Provenance { method: string; settings: Record<string, string>; seed: number; source: string }
export interface Finding { kind: string; title: string; from: Provenance }
export interface Interval { estimate: Num; low: Num; high: Num; count: number }
/** JSON has no NaN: the C# side writes it as text. */
export type Num = number | "NaN" | "Infinity" | "-Infinity";

export interface RunRecord {
  version: string; command: string; model: string; modelSha256: string; data: string; dataSha256: string; seed: number; started: string;
  settings: Record<string, string>; environment: Record<string, string>;
}

export type VerdictState = "shortcut-found" | "suspicious" | "none-found" | "cannot-tell";
export interface VerdictTest { name: string; effect: Interval; control: Interval | null; controlName: string; unit: string; pValue: Num; found: boolean }
export interface GroupAccuracy { column: string; value: string; accuracy: Interval }
export interface TrustCheck { name: string; passed: boolean | null; sentence: string }
export interface Verdict extends Finding {
  kind: "verdict"; state: VerdictState; sentences: string[]; tests: VerdictTest[]; harm: GroupAccuracy[]; checks: TrustCheck[];
  smallestEffect: Num | null; meanMap: Id | null; meanInput: Id | null; region: Id | null;
}

export interface Layer { name: string; op: string; output: number[]; inputs: string[]; parameters: number }
export interface Port { name: string; shape: number[]; type: string }
/** A row of the drawn network: layer, lane of its dot, lanes that come in, lanes that go on. */
export type LaneRow = [layer: number, at: number, from: number[], through: number[]];
export interface ModelSummary extends Finding {
  kind: "model-summary"; chosen: string[]; main: LaneRow[]; all: LaneRow[];
  graph: { name: string; format: string; sha256: string; inputs: Port[]; outputs: Port[]; layers: Layer[]; notes: string[]; parameters: number };
}

/** Of a volume, the slices stand one below the other in the picture and in the mask; width and height are those of one. */
export interface Example { sample: number; width: number; height: number; image: Id; mask: Id | null; slices?: number }
export interface SampleTable extends Finding {
  kind: "sample-table"; ids: Id; classes: string[]; labels: Id | null; predicted: Id | null; confidence: Id | null;
  columns: { name: string; values: Id }[]; examples: Example[];
  thumbnails: Sheets | null;
}

export interface DepthRow { layer: string; method: string; metric: string; threshold: number | null; value: Interval; control: boolean }
export interface SpecificityByDepth extends Finding { kind: "specificity-by-depth"; layers: string[]; rows: DepthRow[]; sentences: string[] }
export interface LayerMaps extends Finding { kind: "layer-maps"; layer: string; method: string; target: string; samples: number[]; maps: Id }
export interface LayerEmbedding extends Finding {
  kind: "layer-embedding"; layer: string; method: string; points: Id; figures: Record<string, Num>; warnings: string[]; neighbors: Id | null;
}
export interface UnitCard { unit: number; threshold: Num; samples: number[]; peaks: Num[] }
export interface LayerUnits extends Finding { kind: "layer-units"; layer: string; columns: string[]; figures: Id; cards: UnitCard[]; rule: string; maps: Id | null }
export interface FeatureMaps extends Finding { kind: "feature-maps"; layer: string; units: number[]; samples: number[]; maps: Id }
export interface FirstKernels extends Finding { kind: "first-kernels"; layer: string; weights: Id }
export interface Sheets { size: number; across: number; perSheet: number; sheets: Id[] }
export interface ProbePictures extends Finding { kind: "probe-pictures"; samples: number[]; sheets: Sheets }
export interface SeparabilityByDepth extends Finding { kind: "separability-by-depth"; layers: string[]; rows: DepthRow[]; sentences: string[] }
export interface UnitEmbedding extends Finding {
  kind: "unit-embedding"; layer: string; method: string; response: string; points: Id; classes: Id; selectivity: Id; silent: number[]; groups: Id; figures: Record<string, Num>; warnings: string[]; topSamples: Id | null;
}
export interface LayerClusters extends Finding { kind: "layer-clusters"; layer: string; method: string; groups: Id; count: number; figures: Record<string, Num>; warnings: string[] }
export interface RandomisationRow { stage: string; replaced: number; layer: string; method: string; metric: string; value: Interval }
export interface ParameterRandomisation extends Finding { kind: "parameter-randomisation-by-layer"; stages: string[]; rows: RandomisationRow[]; sentences: string[] }
export interface MapSimilarity extends Finding { kind: "map-similarity"; rows: DepthRow[]; sentences: string[] }
export interface LeagueRow { metric: string; threshold: number | null; rank: number; method: string; control: boolean; layer: string; value: Interval; toFirst: Interval | null }
export interface MethodLeague extends Finding { kind: "method-league"; rows: LeagueRow[]; sentences: string[] }
export interface ImageCodes extends Finding {
  kind: "image-codes"; codes: number; samples: number[]; errors: Num[]; reconstructions: Id; traversal: Id; figures: Record<string, Num>; warnings: string[];
}
export interface DataAndLimits extends Finding {
  kind: "data-and-limits"; samples: number; masks: number; preprocessing: string[]; skipped: string[]; limits: string[];
  stages: { stage: string; seconds: number }[];
}

export type BlockInfo =
  | { type: "json"; bytes: number }
  | { type: "image"; mime: string; bytes: number }
  | { type: "u16"; shape: number[]; low: number[]; step: number; bytes: number }
  | { type: "f32"; shape: number[]; bytes: number }
  | { type: "labels"; shape: number[]; bytes: number }
  | { type: "i8"; shape: number[]; bytes: number };

export interface Manifest {
  schema: string; run: RunRecord; samples: { used: number; shown: number }; findings: Finding[]; blocks: Record<Id, BlockInfo>;
}

export const number = (value: Num | null | undefined): number => (value == null ? NaN : Number(value));
