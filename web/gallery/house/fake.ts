// A service that answers as a state of the gallery says, behind the real client.

import type { ProblemCode } from "../../src/gen/protocol";
import type { Bar } from "../../src/house/router";
import type { OperationName, Operations, Problem, Session } from "../../src/house/wire";

/** An error answer. */
export class Refusal {
  constructor(
    readonly code: ProblemCode,
    readonly more: Partial<Problem> = {},
  ) {}
}
export const problem = (code: ProblemCode, more: Partial<Problem> = {}): Refusal => new Refusal(code, more);

/** An answer that never comes. */
export const never = Symbol("never");

/** What the service answers to an operation, at first, second … and then always the last. */
export type Answers = { readonly [K in OperationName]?: Operations[K]["answer"] | Refusal | typeof never | readonly Turn<K>[] };
interface Turn<K extends OperationName> {
  readonly turn: Operations[K]["answer"] | Refusal | typeof never;
}
/** Answers in turn. */
export const inTurn = <K extends OperationName>(...answers: readonly Turn<K>["turn"][]): readonly Turn<K>[] => answers.map((turn) => ({ turn }));

/** A state of the house: who has which address open, and what the service answers. */
export interface HouseState {
  readonly path: string;
  /** null: nobody is signed in. */
  readonly session: Session | null;
  readonly answers?: Answers;
  readonly language?: "nn" | "nb" | "en";
  /** What the reader's clock says. */
  readonly now?: number;
  /** A photo by its address; without it there are none. */
  readonly pictures?: (path: string) => Promise<Blob>;
  /** What is typed before anything is pressed, by data-testid or name. */
  readonly typed?: Readonly<Record<string, string>>;
}

const json = (status: number, body: unknown): Response =>
  new Response(body === null ? null : JSON.stringify(body), { status, headers: { "content-type": "application/json" } });

function asResponse(answer: unknown): Response | Promise<Response> {
  if (answer === never) return new Promise(() => undefined);
  if (answer instanceof Refusal) return json(answer.code === "sign-in" ? 401 : 400, { type: "about:blank", title: answer.code, status: 400, code: answer.code, ...answer.more });
  return answer === null ? json(204, null) : json(200, answer);
}

/** Where operations are found again: "/patients/x1" is "/patients/{id}". */
function nameOf(method: string, path: string, answers: Answers): OperationName | undefined {
  return (Object.keys(answers) as OperationName[])
    .sort((a, b) => a.split("{").length - b.split("{").length) // the plain before the patterned
    .find((name) => {
      const [verb, template = ""] = name.split(" ");
      return verb === method && new RegExp(`^${template.replace(/\{\w+\}/g, "[^/]+")}$`).test(path);
    });
}

/** A fetch that answers as the state says, and tells what was asked. */
export function fakeFetch(state: HouseState, asked: (name: string, body: unknown) => void): { readonly fetch: typeof fetch; readonly pending: () => number } {
  let pending = 0;
  const turns = new Map<string, number>();
  const answers: Answers = { "GET /session": state.session ?? problem("sign-in"), ...state.answers };
  const answer = async (url: string, init: RequestInit): Promise<Response> => {
    const path = url.replace("/api/v1", "").replace(/\?.*$/, "");
    const picture = /\/photos\/[^/]+\/(image|thumbnail)$/.test(path) && state.pictures;
    if (picture) return picture(path).then((blob) => new Response(blob, { headers: { "content-type": blob.type } }), () => asResponse(problem("internal")));
    const name = nameOf(init.method ?? "GET", path, answers);
    asked(name ?? `${init.method} ${path}`, init.body instanceof Blob ? init.body.type : init.body ? JSON.parse(String(init.body)) : null);
    if (!name) return asResponse(problem("not-found"));
    const given = answers[name] as unknown;
    if (!Array.isArray(given)) return asResponse(given);
    const turn = turns.get(name) ?? 0;
    turns.set(name, turn + 1);
    return asResponse((given as readonly { turn: unknown }[])[Math.min(turn, given.length - 1)]?.turn);
  };
  return {
    pending: () => pending,
    async fetch(input, init = {}) {
      pending++;
      const given = answer(String(input), init);
      // Whoever never answers is not waited for.
      const first = await Promise.race([given, new Promise<null>((resolve) => setTimeout(() => resolve(null), 50))]);
      pending--;
      return first ?? given;
    },
  };
}

/** An address bar of its own, so that the gallery's is left alone. */
export function fakeBar(path: string): Bar {
  const entries: { path: string; index: number }[] = [{ path, index: 0 }];
  let at = 0;
  const listeners = new Set<() => void>();
  return {
    here: () => entries[at]?.path ?? "/",
    index: () => entries[at]?.index ?? 0,
    push(to, index) {
      entries.splice(at + 1, Infinity, { path: to, index });
      at++;
    },
    replace(to, index) {
      entries[at] = { path: to, index };
    },
    go(by) {
      at = Math.min(Math.max(at + by, 0), entries.length - 1);
      queueMicrotask(() => listeners.forEach((tell) => tell()));
    },
    onWalk(tell) {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
  };
}
