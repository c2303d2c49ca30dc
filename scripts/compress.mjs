// Writes .br and .gz beside every file of a folder that gets smaller by it. The program
// serves them as they are, so that nothing is compressed while people wait.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const folder = process.argv[2];
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  const name = join(entry.parentPath ?? entry.path, entry.name);
  if (!entry.isFile() || entry.name.startsWith(".") || /\.(br|gz)$/.test(name)) continue;
  const plain = readFileSync(name);
  const brotli = brotliCompressSync(plain, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length },
  });
  for (const [ending, small] of [[".br", brotli], [".gz", gzipSync(plain, { level: 9 })]]) {
    if (small.length < plain.length * 0.9) writeFileSync(name + ending, small);
    else rmSync(name + ending, { force: true });
  }
}
