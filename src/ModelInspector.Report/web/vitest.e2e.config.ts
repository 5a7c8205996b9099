import { defineConfig } from "vitest/config";

// One browser for all files: starting Chromium costs more than the tests.
export default defineConfig({
  test: { include: ["e2e/**/*.test.ts"], globalSetup: "e2e/fixtures.ts", testTimeout: 60_000, hookTimeout: 60_000, fileParallelism: false, isolate: false },
});
