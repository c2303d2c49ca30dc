import { defineConfig } from "vitest/config";

// Unit tests run in Node: what needs a browser is driven in one by e2e/.
export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  test: { include: ["src/**/*.test.{ts,tsx}"], environment: "node" },
});
