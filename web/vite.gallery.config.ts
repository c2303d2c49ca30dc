import { defineConfig } from "vite";

// The gallery: every page and state out of fixtures, for looking at and for axe. It has an
// entry of its own and is never in the production build.
export default defineConfig({
  root: "gallery",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: { outDir: "../test-results/gallery", emptyOutDir: true, target: "es2022", assetsInlineLimit: 0 },
  server: { port: 5174 },
});
