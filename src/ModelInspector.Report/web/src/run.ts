import type * as C from "./contract";
import type { Source } from "./source";
import { limit, readF32, readLabels, readMaps, readU16, slice, type Maps, type Points, type Slice } from "./blocks";
import { singular } from "./format";

export interface Column { name: string; values: string[]; codes: Int32Array; numeric: Float64Array | null }

/** The run as the page reads it: findings by kind, blocks loaded when first asked for. */
export class Run {
  readonly manifest: C.Manifest;
  readonly verdict: C.Verdict | undefined;
  readonly model: C.ModelSummary | undefined;
  readonly samples: C.SampleTable | undefined;
  readonly depth: C.SpecificityByDepth | undefined;
  readonly data: C.DataAndLimits | undefined;
  readonly unknown: C.Finding[];
  readonly layers: string[];
  readonly methods: string[];
  readonly embeddings: string[];
  readonly classes: string[];
  readonly count: number;
  private readonly maps = new Map<string, C.LayerMaps>();
  private readonly points = new Map<string, C.LayerEmbedding>();
  readonly separability: C.SeparabilityByDepth | undefined;
  readonly randomisation: C.ParameterRandomisation[];
  readonly similarities: C.MapSimilarity[];
  readonly leagues: C.MethodLeague[];
  /** Every row that belongs on the shared layer axis: specificity and its companions, separability. */
  readonly depthRows: C.DepthRow[];
  private readonly unitPoints = new Map<string, C.UnitEmbedding>();
  private readonly clusters = new Map<string, C.LayerClusters>();
  private readonly unitsByLayer = new Map<string, C.LayerUnits>();
  private readonly featuresByLayer = new Map<string, C.FeatureMaps>();
  readonly kernels: C.FirstKernels | undefined;
  readonly probes: C.ProbePictures | undefined;
  private readonly values = new Map<C.Id, unknown>();
  private readonly asked = new Set<C.Id>();
  readonly failures = new Map<C.Id, string>();

  constructor(private readonly source: Source, private readonly arrived: () => void) {
    this.manifest = source.manifest;
    const findings = this.manifest.findings;
    const first = <T extends C.Finding>(kind: string) => findings.find((finding) => finding.kind === kind) as T | undefined;
    this.verdict = first("verdict");
    this.model = first("model-summary");
    this.samples = first("sample-table");
    this.depth = first("specificity-by-depth");
    this.data = first("data-and-limits");
    this.separability = first("separability-by-depth");
    this.randomisation = findings.filter((finding) => finding.kind === "parameter-randomisation-by-layer") as C.ParameterRandomisation[];
    this.similarities = findings.filter((finding) => finding.kind === "map-similarity") as C.MapSimilarity[];
    this.leagues = findings.filter((finding) => finding.kind === "method-league") as C.MethodLeague[];
    this.depthRows = [...(this.depth?.rows ?? []), ...(this.separability?.rows ?? [])];
    this.kernels = first("first-kernels");
    this.probes = first("probe-pictures");
    for (const finding of findings) {
      if (finding.kind === "layer-maps") this.keep(this.maps, finding as C.LayerMaps);
      if (finding.kind === "layer-embedding") this.keep(this.points, finding as C.LayerEmbedding);
      if (finding.kind === "layer-units") this.unitsByLayer.set((finding as C.LayerUnits).layer, finding as C.LayerUnits);
      if (finding.kind === "unit-embedding") this.keep(this.unitPoints, finding as C.UnitEmbedding);
      if (finding.kind === "layer-clusters") this.keep(this.clusters, finding as C.LayerClusters);
      if (finding.kind === "feature-maps") this.featuresByLayer.set((finding as C.FeatureMaps).layer, finding as C.FeatureMaps);
    }
    const shown = new Set<C.Finding | undefined>([this.verdict, this.model, this.samples, this.depth, this.data, this.kernels, this.probes, this.separability, ...this.randomisation, ...this.similarities, ...this.leagues, ...this.unitPoints.values(), ...this.clusters.values(), ...this.maps.values(), ...this.points.values(), ...this.unitsByLayer.values(), ...this.featuresByLayer.values()]);
    this.unknown = findings.filter((finding) => !shown.has(finding));
    this.layers = this.allLayers();
    this.methods = order([...this.maps.values()].map((finding) => finding.method), ["sam", "grad-cam"]);
    this.embeddings = order([...this.points.values()].map((finding) => finding.method), ["t-sne", "umap", "pca", "autoencoder"]);
    this.classes = this.samples?.classes ?? [];
    this.count = this.manifest.samples.shown;
  }

  private keep<T extends C.Finding & { layer: string; method: string }>(into: Map<string, T>, finding: T): void {
    const key = pair(finding.layer, finding.method);
    if (!into.has(key)) into.set(key, finding);
  }

  private allLayers(): string[] {
    const used = new Set([...(this.model?.chosen ?? []), ...(this.depth?.layers ?? []), ...(this.separability?.layers ?? []), ...[...this.maps.values(), ...this.points.values(), ...this.unitsByLayer.values()].map((f) => f.layer)]);
    const place = new Map(this.model?.graph.layers.map((layer, index) => [layer.name, index]));
    return [...used].map((name, i) => [name, place.get(name) ?? place.size + i] as const).sort((a, b) => a[1] - b[1]).map(([name]) => name);
  }

  /** A layer's name without the path that all of them share. */
  shortLayer(layer: string): string { return this.cached("short layers", () => new Map(distinct(this.layers).map((short, i) => [this.layers[i]!, short]))).get(layer) ?? layer; }

  mapsOf(layer: string, method: string): C.LayerMaps | undefined { return this.maps.get(pair(layer, method)); }
  embeddingOf(layer: string, method: string): C.LayerEmbedding | undefined { return this.points.get(pair(layer, method)); }

  unitPointsOf(layer: string, method: string): C.UnitEmbedding | undefined { return this.unitPoints.get(pair(layer, method)) ?? [...this.unitPoints.values()].find((one) => one.layer === layer); }
  clustersOf(layer: string, method: string): C.LayerClusters | undefined { return this.clusters.get(pair(layer, method)); }
  get clusterMethods(): string[] { return this.cached("cluster methods", () => [...new Set([...this.clusters.values()].map((one) => one.method))]); }
  unitsOf(layer: string): C.LayerUnits | undefined { return this.unitsByLayer.get(layer); }
  featuresOf(layer: string): C.FeatureMaps | undefined { return this.featuresByLayer.get(layer); }
  /** Layers whose units were probed, in execution order. */
  get unitLayers(): string[] { return this.cached("unit layers", () => [...this.unitsByLayer.keys()]); }

  /** What intervals count, as the findings call it: images, patients, studies; in the singular and the plural. */
  get unit(): [one: string, many: string] {
    const many = this.verdict?.from.settings.units ?? this.depth?.from.settings.units ?? "images";
    return [singular(many), many];
  }

  /** Whether the units of any layer are laid out as points. */
  get mapsUnits(): boolean { return this.unitPoints.size > 0; }

  /** The column of a network that gives one number a sample. */
  get output(): number { return this.samples && !this.samples.predicted ? this.samples.columns.findIndex((column) => column.name === "output") : -1; }

  /** Samples that have a map, in the order of the maps. */
  get mapped(): number[] {
    return this.cached("mapped", () => [...new Set([...this.maps.values()].flatMap((finding) => finding.samples))].filter((sample) => this.example(sample)).sort((a, b) => a - b));
  }

  /** Slices that a volume's pictures have; 1 of pictures. */
  get slices(): number { return Math.max(1, ...(this.samples?.examples ?? []).map((example) => example.slices ?? 1)); }

  example(sample: number): C.Example | undefined {
    return this.cached("examples", () => new Map(this.samples?.examples.map((example) => [example.sample, example]))).get(sample);
  }

  /** A block's value; undefined while it is on its way (the page is drawn again when it is there). */
  block<T>(id: C.Id | null | undefined): T | undefined {
    if (id == null) return undefined;
    if (this.values.has(id)) return this.values.get(id) as T;
    if (!this.asked.has(id)) {
      this.asked.add(id);
      this.load(id).then((value) => this.values.set(id, value), (error: unknown) => this.failures.set(id, String(error))).then(this.arrived);
    }
    return undefined;
  }

  /** Whether everything that was asked for has arrived or failed. */
  get settled(): boolean { return this.asked.size === this.values.size + this.failures.size; }

  private async load(id: C.Id): Promise<unknown> {
    const info = this.manifest.blocks[id];
    if (!info) throw new Error(`Block ${id} is not in the manifest.`);
    const bytes = await this.source.block(id);
    switch (info.type) {
      case "json": return JSON.parse(new TextDecoder().decode(bytes));
      case "image": return createImageBitmap(new Blob([bytes], { type: info.mime }));
      case "u16": return readU16(info, bytes);
      case "f32": return readF32(info, bytes);
      case "labels": return readLabels(bytes);
      case "i8": return readMaps(info, bytes);
    }
  }

  get ids(): string[] | undefined { return this.block(this.samples?.ids); }
  get labels(): Int32Array | undefined { return this.block(this.samples?.labels); }
  get predicted(): Int32Array | undefined { return this.block(this.samples?.predicted); }
  get confidence(): Points | undefined { return this.block(this.samples?.confidence); }

  column(index: number): Column | undefined {
    const column = this.samples?.columns[index];
    const plain = this.block<{ values: string[]; codes: number[] }>(column?.values);
    return column && plain && this.cached(`column ${index}`, () => {
      const numbers = plain.values.map((value) => (value.trim() === "" ? NaN : Number(value)));
      const numeric = plain.values.length > 8 && numbers.filter(Number.isFinite).length >= 0.9 * numbers.length;
      return {
        name: column.name, values: plain.values, codes: new Int32Array(plain.codes),
        numeric: numeric ? new Float64Array(plain.codes.map((code) => numbers[code]!)) : null,
      };
    });
  }

  pointsOf(layer: string, method: string): Points | undefined { return this.block(this.embeddingOf(layer, method)?.points); }

  /** The map of a sample, if it was made and has arrived; of a volume, the slice that lies at that share of its depth. */
  map(layer: string, method: string, sample: number, share = 0.5) {
    const finding = this.mapsOf(layer, method);
    const maps = this.block<Maps>(finding?.maps);
    const index = finding ? finding.samples.indexOf(sample) : -1;
    return maps && index >= 0 ? slice(maps, index, Math.min(maps.depth - 1, Math.floor(share * maps.depth))) : undefined;
  }

  /** The limit of a map's colours; of a volume one for all its slices, so that they can be compared. Zero until the map is there. */
  limitOf(layer: string, method: string, sample: number): number {
    const finding = this.mapsOf(layer, method);
    const maps = this.block<Maps>(finding?.maps), index = finding ? finding.samples.indexOf(sample) : -1;
    if (!maps || index < 0) return 0;
    return this.cached(`limit ${pair(layer, method)} ${sample}`, () => limit(volume(maps, index)));
  }

  /** One colour limit for all layers of a method, for one sample. */
  sharedLimit(method: string, sample: number): number {
    return Math.max(0, ...this.layers.map((layer) => this.limitOf(layer, method, sample)));
  }

  private readonly memory = new Map<string, unknown>();
  /** Remembers what is costly to work out. */
  cached<T>(key: string, make: () => T): T {
    if (!this.memory.has(key)) this.memory.set(key, make());
    return this.memory.get(key) as T;
  }

  private readonly slots = new Map<string, { key: string; value: unknown }>();
  /** Remembers the last of its kind only: selections are large, and there is no end to them. */
  latest<T>(slot: string, key: string, make: () => T): T {
    if (this.slots.get(slot)?.key !== key) this.slots.set(slot, { key, value: make() });
    return this.slots.get(slot)!.value as T;
  }
}

/** All slices of one map, one below the other. */
export function volume(maps: Maps, index: number): Slice {
  const size = maps.width * maps.height * maps.depth;
  return { width: maps.width, height: maps.height * maps.depth, codes: maps.codes.subarray(index * size, (index + 1) * size), scale: maps.scales[index] ?? 0 };
}

const pair = (layer: string, method: string) => JSON.stringify([layer, method]);

/** Names without the leading and trailing path parts that all share: stage1.block0.conv, stage1.block1.conv → block0, block1. */
export function distinct(names: readonly string[]): string[] {
  const parts = names.map((name) => name.split(/(?<=[./])/));
  if (names.length < 2) return [...names];
  const shared = (at: (path: string[], i: number) => string | undefined) => {
    let count = 0;
    while (parts.every((path) => path.length > count + 1 && at(path, count) === at(parts[0]!, count))) count++;
    return count;
  };
  const head = shared((path, i) => path[i]);
  const rest = parts.map((path) => path.slice(head));
  let tail = 0;
  while (rest.every((path) => path.length > tail + 1 && path.at(-1 - tail) === rest[0]!.at(-1 - tail))) tail++;
  const short = rest.map((path) => path.slice(0, path.length - tail).join("").replace(/[./]$/, ""));
  // A bare number says less than the name it came from.
  return new Set(short).size === names.length && short.every((name) => !/^\d+$/.test(name)) ? short : [...names];
}

function order(names: string[], preferred: string[]): string[] {
  const found = [...new Set(names)];
  return [...preferred.filter((name) => found.includes(name)), ...found.filter((name) => !preferred.includes(name))];
}
