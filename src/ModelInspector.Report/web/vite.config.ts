import { defineConfig } from "vite";

// Whoever builds it, a test too, gets the viewer that is shipped.
process.env.NODE_ENV = "production";

// One classic script and one style sheet: the C# build embeds both, and a report opened from file:// can run nothing else.
export default defineConfig({
  build: {
    outDir: "dist",
    target: "es2022",
    cssCodeSplit: false,
    lib: { entry: "src/main.ts", formats: ["iife"], name: "ModelInspector", fileName: () => "viewer.js", cssFileName: "viewer" },
  },
});
