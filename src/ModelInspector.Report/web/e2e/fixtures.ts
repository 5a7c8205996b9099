import { execFileSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../../../", import.meta.url));
export const fixtures = `${root}artifacts/report-fixtures/`;

const built = (path: string) => (existsSync(path) ? statSync(path).mtimeMs : 0);

/** The reports are written by the C# tests; write them when they are missing or older than the viewer. */
export default function setup(): void {
  if (built(`${fixtures}folder.html`) > built(fileURLToPath(new URL("../dist/viewer.js", import.meta.url)))) return;
  console.log("Writing the reports to open …");
  execFileSync("dotnet", ["test", `${root}tests/ModelInspector.Report.Tests`, "-c", "Release", "--filter", "FullyQualifiedName~BrowserFixtures"], { stdio: ["ignore", "ignore", "inherit"] });
}
