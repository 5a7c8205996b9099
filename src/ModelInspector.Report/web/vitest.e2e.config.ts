import { defineConfig } from "vitest/config";

// One browser for all files: starting Chromium costs more than the tests.
// Limits are generous: they only have to end a test that hangs, on the slowest machine there is.
export default defineConfig({
  test: { include: ["e2e/**/*.test.ts"], globalSetup: "e2e/fixtures.ts", testTimeout: 240_000, hookTimeout: 240_000, expect: { poll: { timeout: 60_000 } }, fileParallelism: false, isolate: false },
});
