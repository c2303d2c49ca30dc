// The way to the service's API: one function over its operations.
//
// A request that creates carries a key, the same one until it is answered, so that trying
// again after a broken connection creates nothing twice. A change carries the version that
// it was made on.

import { creating, isAnswer, isProblem, type OperationName, type Operations, type Problem, type ProblemCode } from "../gen/api";
import { sessionHeader } from "../handle";

/** What went wrong on the way to the service, or in it. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  constructor(
    readonly code: ProblemCode | "no-network" | "unreadable",
    readonly problem: Problem | null,
  ) {
    super(code);
  }
}

type PathParams<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | PathParams<Rest> : never;

/** What an operation is asked with: the parts of its path, its query and body, and the version that it changes. */
export type Asked<Name extends OperationName> = {
  readonly query?: { readonly [K in Operations[Name]["query"]]?: string };
  /** The version that was read; PUT and DELETE of things that have one need it. */
  readonly version?: number;
} & ([PathParams<Name>] extends [never] ? { readonly path?: never } : { readonly path: { readonly [K in PathParams<Name>]: string } }) &
  (Operations[Name]["body"] extends null ? { readonly body?: never } : { readonly body: Operations[Name]["body"] });

/** Without anything to say, nothing needs to be said. */
type Rest<Name extends OperationName> = {} extends Asked<Name> ? [asked?: Asked<Name>] : [asked: Asked<Name>];

export type Client = <Name extends OperationName>(name: Name, ...rest: Rest<Name>) => Promise<Operations[Name]["answer"]>;

export interface ClientDeps {
  readonly fetch: typeof fetch;
  /** A key that nobody else has: 128 random bits or more. */
  readonly key: () => string;
  /** Which session to speak for; empty: the account's. */
  readonly handle: () => string;
  /** Told when the answer to anything but signing in is that nobody is signed in. */
  readonly onSignedOut: () => void;
  /** Told when the service has answered someone who is signed in. */
  readonly onAnswer: () => void;
}

const patience = 25_000; // ms until a request counts as unanswered; a password's hash may wait 20 s for its turn
/** A photo of 20 MB over a slow network takes its time; the server gives up after as long. */
const uploadPatience = 3 * 60_000; // ms

/** The address of an operation. */
function address(template: string, path: Readonly<Record<string, string>>, query: Readonly<Record<string, string | undefined>>): string {
  const filled = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ""));
  const asked = new URLSearchParams(Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== ""));
  return `/api/v1${filled}${asked.size > 0 ? `?${asked}` : ""}`;
}

/** Answers after which the same request may still be carried out, or has been: the key is kept for the next try. */
function undecided(err: unknown): boolean {
  return err instanceof ApiError && (err.code === "no-network" || err.code === "under-way" || err.code === "busy" || err.code === "internal" || err.code === "unreadable");
}

export function createClient(deps: ClientDeps): Client {
  // By what is asked for: whoever presses twice, or again after a failure, means the same thing.
  const keys = new Map<string, string>();

  async function send<Name extends OperationName>(name: Name, method: string, url: string, headers: Record<string, string>, body: string | Blob | null): Promise<Operations[Name]["answer"]> {
    let response: Response;
    let answer: unknown;
    try {
      response = await deps.fetch(url, { method, headers, body, cache: "no-store", credentials: "same-origin", signal: AbortSignal.timeout(body instanceof Blob ? uploadPatience : patience) });
      answer = response.status === 204 ? null : await response.json().catch(() => undefined);
    } catch {
      throw new ApiError("no-network", null);
    }
    if (response.ok && isAnswer(name, answer)) return answer;
    if (isProblem(answer)) throw new ApiError(answer.code, answer);
    if (response.status === 429) throw new ApiError("too-many", null);
    // A proxy's own page: 502–504 mean that the service is not there.
    throw new ApiError(response.status >= 502 && response.status <= 504 ? "no-network" : "unreadable", null);
  }

  return async <Name extends OperationName>(name: Name, ...[asked]: Rest<Name>): Promise<Operations[Name]["answer"]> => {
    const [method = "", template = ""] = name.split(" ");
    const { path = {}, query = {}, body, version }: { path?: object; query?: object; body?: unknown; version?: number } = asked ?? {};
    const url = address(template, path as Record<string, string>, query as Record<string, string>);
    const sent = body === undefined ? null : body instanceof Blob ? body : JSON.stringify(body);
    const headers: Record<string, string> = { accept: "application/json, application/problem+json" };
    if (sent !== null) headers["content-type"] = sent instanceof Blob ? sent.type : "application/json";
    if (version !== undefined) headers["if-match"] = `"${version}"`; // RFC 9110 §8.8.3: the version is the entity tag
    const handle = deps.handle();
    if (handle !== "") headers[sessionHeader] = handle;
    const same = `${method} ${url} ${typeof sent === "string" ? sent : ""}`; // a photo is named by the key in its query
    if (creating.has(name)) {
      const key = keys.get(same) ?? deps.key();
      keys.set(same, key);
      headers["idempotency-key"] = `"${key}"`; // draft-ietf-httpapi-idempotency-key-header §2.1: a string item
    }
    const repeatable = method === "GET" || creating.has(name);
    try {
      const answer = await send(name, method, url, headers, sent).catch((err: unknown) => {
        // A network that changes takes the requests under way with it, and the next one goes through.
        if (repeatable && err instanceof ApiError && err.code === "no-network") return send(name, method, url, headers, sent);
        throw err;
      });
      keys.delete(same);
      deps.onAnswer();
      return answer;
    } catch (err) {
      if (!undecided(err)) keys.delete(same);
      if (err instanceof ApiError && err.code === "sign-in" && !template.startsWith("/enrolment")) deps.onSignedOut();
      throw err;
    }
  };
}

/** Fetches what is no JSON: a photo, by its address under /api/v1. Its bytes stay in the page, and no secret is in an address. */
export type Pictures = (path: string) => Promise<Blob>;

export function createPictures(deps: Pick<ClientDeps, "fetch" | "handle" | "onSignedOut">): Pictures {
  return async (path) => {
    const handle = deps.handle();
    const response = await deps
      .fetch(`/api/v1${path}`, { headers: handle === "" ? {} : { [sessionHeader]: handle }, cache: "no-store", credentials: "same-origin", signal: AbortSignal.timeout(uploadPatience) })
      .catch(() => null);
    if (!response) throw new ApiError("no-network", null);
    // A proxy's own page is no picture.
    if (response.ok && (response.headers.get("content-type") ?? "").startsWith("image/")) {
      return response.blob().catch(() => {
        throw new ApiError("no-network", null); // broken off on its way
      });
    }
    const answer: unknown = await response.json().catch(() => undefined);
    if (isProblem(answer)) {
      if (answer.code === "sign-in") deps.onSignedOut();
      throw new ApiError(answer.code, answer);
    }
    throw new ApiError(response.status >= 502 && response.status <= 504 ? "no-network" : "unreadable", null);
  };
}
