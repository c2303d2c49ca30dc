// What must not outlive a test: servers, browsers, network namespaces.

const stacks = new WeakMap();

/** Runs undo when the test ends, the last taken first; the test fails when one of them does. */
export function defer(t, undo) {
  let stack = stacks.get(t);
  if (!stack) {
    stack = [];
    stacks.set(t, stack);
    t.after(async () => {
      const errors = [];
      while (stack.length > 0) {
        try {
          await stack.pop()();
        } catch (error) {
          errors.push(error);
        }
      }
      if (errors.length > 0) throw errors.length === 1 ? errors[0] : new AggregateError(errors, errors.map(String).join("\n"));
    });
  }
  stack.push(undo);
}

const atExit = new Set();

/**
 * For the ways out that run no test code: undo, which must be synchronous, runs when the
 * process ends, unless the returned function is called first.
 */
export function onExit(undo) {
  atExit.add(undo);
  return () => atExit.delete(undo);
}

process.on("exit", () => {
  for (const undo of [...atExit].reverse()) {
    try {
      undo();
    } catch {
      // the others still have to be given back
    }
  }
});
for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]]) process.on(signal, () => process.exit(code));
