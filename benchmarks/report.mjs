// Measures the report: how long C# takes to write pages of 2,000, 20,000 and 100,000 samples and in how much memory, and how fast a browser
// without a graphics card shows them. Writes benchmarks/report.md. Needs a built program and Chromium; run on an idle machine:
//   node benchmarks/report.mjs prepare     makes the runs (once)
//   node benchmarks/report.mjs             measures
import { execFileSync, spawn } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = `${root}artifacts/report-bench/`;
const sizes = [2_000, 20_000, 100_000];

if (process.argv[2] === "prepare") {
  execFileSync("dotnet", ["run", "-c", "Release", "--project", `${root}benchmarks/ModelInspector.Report.Benchmarks`, "--", folder], { stdio: "inherit" });
  process.exit();
}

/** Runs the program, and reads its memory's high-water mark while it lives. */
function written(samples) {
  return new Promise((done, fail) => {
    const start = performance.now();
    const program = spawn("dotnet", [`${root}artifacts/bin/ModelInspector.Cli/release/modelinspector.dll`, "report", `${folder}${samples}`, "--most-samples", "100000", "-o", `${folder}${samples}.html`], { stdio: ["ignore", "ignore", "inherit"] });
    let peak = 0;
    const look = setInterval(() => {
      try { peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${program.pid}/status`, "utf8"))?.[1] ?? 0)); } catch { /* It has just ended. */ }
    }, 10);
    program.on("exit", (code) => {
      clearInterval(look);
      if (code) fail(new Error(`report ended with ${code}`));
      else done({ seconds: (performance.now() - start) / 1000, megabytes: peak / 1024 });
    });
  });
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** Bytes that the pictures, masks and maps of the examples take in a page, as they are stored there. */
function exampleBytes(samples) {
  const html = readFileSync(`${folder}${samples}.html`, "utf8");
  const manifest = JSON.parse(/id="mi:manifest"[^>]*>(.*?)<\/script/s.exec(html)[1]);
  const of = (kind) => manifest.findings.filter((finding) => finding.kind === kind);
  const ids = new Set([...of("sample-table").flatMap((table) => table.examples.flatMap((example) => [example.image, example.mask])), ...of("layer-maps").map((maps) => maps.maps)]);
  return [...html.matchAll(/id="mi:(\w+)"[^>]*>([^<]*)</g)].reduce((sum, [, id, stored]) => sum + (ids.has(id) ? stored.length : 0), 0);
}

const rows = [];
for (const samples of sizes) {
  const runs = [];
  for (let i = 0; i < 3; i++) runs.push(await written(samples));
  rows.push({ samples, seconds: median(runs.map((run) => run.seconds)), megabytes: median(runs.map((run) => run.megabytes)), bytes: statSync(`${folder}${samples}.html`).size });
}
execFileSync("npm", ["--prefix", `${root}src/ModelInspector.Report/web`, "run", "bench"], { stdio: "inherit" });
const page = JSON.parse(readFileSync(`${folder}page.json`, "utf8"));

const number = (value, digits = 0) => (value === undefined ? "" : value.toFixed(digits));
const large = page["100000"];
writeFileSync(`${root}benchmarks/report.md`, `# The report

Made by \`node benchmarks/report.mjs\` on ${cpus().length} cores (${cpus()[0].model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, no graphics card; headless Chromium, pages opened from a file. The runs are
synthetic: 6 layers with two maps each, 64 examples, thumbnails of all samples, unit cards; the largest is 2 layers of points alone. Medians of three.

| samples | page | written in | peak memory | first paint | usable | map drawn |
|---:|---:|---:|---:|---:|---:|---:|
${rows.map((row) => { const one = page[row.samples] ?? {}; return `| ${row.samples.toLocaleString("en")} | ${(row.bytes / 1e6).toFixed(1)} MB | ${number(row.seconds, 1)} s | ${number(row.megabytes)} MB | ${number(one.first)} ms | ${number(one.usable)} ms | ${number(one.map)} ms |`; }).join("\n")}

*Usable*: the page's script has run and the first screen stands. *Map drawn*: from scrolling to the map to its first pixels. Writing includes the start of the program. Pictures and maps of the 64 examples are ${sizes.slice(0, 2).map((samples) => (exampleBytes(samples) / 1e6).toFixed(1)).join(" and ")} MB of the first two pages.

| 100,000 points on the map | |
|---|---:|
| a frame while it is moved, median (worst of ${large.panFrames}) | ${number(large.pan, 1)} ms (${number(large.panWorst, 1)} ms) |
| a frame while it is zoomed, median | ${number(large.zoom, 1)} ms |
| the script's work from the end of drawing around samples until the panel that describes them stands, median of ${large.lassoRounds} (the first time, when columns are read) | ${number(large.lasso)} ms (${number(large.lassoFirst)} ms) |
| the same with what the browser puts before the script in that frame | ${number(large.lassoFrame)} ms |
| the same until the panel is painted, waiting for frames included | ${number(large.lassoPainted)} ms |
| all script that follows, with the map drawn anew in the next frame and the sections off the screen after it | ${number(large.lassoAll)} ms |
| the longest piece of it, during which the page answers to nothing else | ${number(large.lassoLongest)} ms |

Wanted: 2,000 samples usable within 1 s and 2 MB beside the examples, 20,000 within 2 s and 15 MB, written within 20 s and 1 GB; frames within 16 ms; the panel within 30 ms${large.lasso > 30 ? ", which is missed" : ""}.
`);
