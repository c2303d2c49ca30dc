// The service's REST doors that the call's page uses: the link and its code, the consultation,
// a ticket, and the network probe.
// Answers are checked before they are believed; errors are problem+json (RFC 9457).

import { isLinkAnswer, isOpened, isProblem, isTicket, type Consultation, type LinkAnswer, type Opened, type Problem, type ProblemCode, type Ticket } from "./gen/protocol";
import { sessionHeader, type Handle } from "./handle";
import { knownState } from "./state/appointment";
import type { Failure, FailureCode, Invitation, Network, OneTimeCode } from "./state/state";

/** What went wrong on the way to the service, or in it. */
export class ApiError extends Error {
  constructor(
    readonly code: ProblemCode | "no-network" | "unreadable",
    readonly problem: Problem | null,
  ) {
    super(code);
  }
}

/** Where a visit begins: a personal link, or a consultation of someone who is signed in. */
export type Entrance = { readonly kind: "link"; readonly token: string } | { readonly kind: "consultation"; readonly id: string };

export interface Api {
  /** Opens a link, or asks for the code that it needs. */
  open(token: string): Promise<LinkAnswer>;
  /** Opens a link that asks for a code. */
  answer(token: string, code: string): Promise<LinkAnswer>;
  /** Has another code sent. */
  again(token: string): Promise<LinkAnswer>;
  /** Opens a consultation in which the signed-in person has a seat. */
  consultation(id: string): Promise<Opened>;
  ticket(consultation: string): Promise<Ticket>;
  /** Measures the way to the service; never rejects. */
  probe(): Promise<Network>;
}

const patience = 10_000; // ms until a request counts as unanswered

/** base: where the service is, "" for the page's own origin. */
export function createApi(fetcher: typeof fetch, now: () => number, handle: Handle, base = ""): Api {
  async function ask<T>(method: "GET" | "POST", path: string, is: (x: unknown) => x is T, json?: object): Promise<T> {
    const send = () => {
      const headers: Record<string, string> = {};
      const session = handle.load();
      if (session !== "") headers[sessionHeader] = session;
      if (json) headers["content-type"] = "application/json";
      return fetcher(base + path, {
        method,
        headers,
        body: json ? JSON.stringify(json) : null,
        cache: "no-store",
        credentials: "same-origin",
        signal: AbortSignal.timeout(patience),
      });
    };
    let response: Response;
    let body: unknown;
    try {
      // A network that changes takes the requests under way with it (Chromium's
      // ERR_NETWORK_CHANGED), and the next one goes through. No harm in asking twice.
      response = await send().catch((err: unknown) => {
        if (err instanceof TypeError) return send(); // Fetch §5.6: a network error, and no timeout
        throw err;
      });
      body = await response.json().catch(() => null);
    } catch {
      throw new ApiError("no-network", null);
    }
    if (response.ok && is(body)) return body;
    if (isProblem(body)) throw new ApiError(body.code, body);
    // A proxy's own page, say: an error without our body. 502–504 mean that the service is not there.
    if (response.status === 429) throw new ApiError("too-many", null);
    throw new ApiError(response.status >= 502 && response.status <= 504 ? "no-network" : "unreadable", null);
  }

  async function link(path: string, json: object): Promise<LinkAnswer> {
    const answer = await ask("POST", path, isLinkAnswer, json);
    if (answer.opened) handle.save(answer.handle);
    return answer;
  }

  async function fetchBytes(bytes: number): Promise<number> {
    const start = now();
    const response = await fetcher(`${base}/api/v1/probe?bytes=${bytes}`, {
      cache: "no-store",
      credentials: "omit",
      signal: AbortSignal.timeout(patience),
    });
    if (!response.ok) throw new ApiError("unreadable", null);
    await response.arrayBuffer();
    return Math.max(now() - start, 0.1);
  }

  return {
    open: (token) => link("/api/v1/link", { token }),
    answer: (token, code) => link("/api/v1/link/code", { token, code }),
    again: (token) => link("/api/v1/link/again", { token }),
    consultation(id) {
      handle.save(""); // the account's session, whatever link was open in this tab before
      return ask("GET", `/api/v1/consultations/${encodeURIComponent(id)}`, isOpened);
    },
    ticket: (consultation) => ask("POST", "/api/v1/tickets", isTicket, { consultation }),
    async probe() {
      let rtt = 0;
      try {
        // The first one pays for the connection; the least of the next three is the round trip.
        await fetchBytes(1);
        rtt = Math.min(await fetchBytes(1), await fetchBytes(1), await fetchBytes(1));
      } catch {
        return { verdict: "none", rtt: 0, down: 0 };
      }
      let down = 0;
      try {
        // Little first, so that a poor network is not held up; a quick one is worth measuring better.
        for (const bytes of probeBytes) {
          const took = await fetchBytes(bytes);
          // What remains after the round trip is the transfer, however fast it was.
          down = (bytes * 8 * 1000) / Math.max(took - rtt, 1);
          if (took > quick) break;
        }
      } catch {
        // It is there, and too slow for even that: poor, not none.
      }
      return verdict(rtt, down);
    },
  };
}

const probeBytes = [32 * 1024, 256 * 1024];
const quick = 400; // ms

/**
 * The network in a word. Good carries every picture (two cameras and a wound, some 2 Mbit/s);
 * ok carries smaller ones; poor may carry sound only. ITU-T G.114: over 400 ms one way talk
 * breaks down; the round trip to the server counts twice between two people.
 */
export function verdict(rtt: number, down: number): Network {
  const word = rtt <= 150 && down >= 2_000_000 ? "good" : rtt <= 400 && down >= 600_000 ? "ok" : "poor";
  return { verdict: word, rtt: Math.round(rtt), down: Math.round(down) };
}

/** What the link opens, in the page's own shape. */
export function invitationOf(o: Opened, consultation: Consultation): Invitation {
  return {
    participant: o.me.id,
    name: o.me.name,
    role: o.me.role ?? "patient",
    title: o.me.title,
    organisation: o.me.organisation,
    state: knownState(o.state),
    consultation,
    opensAt: o.opensAt,
    admitsItself: o.admitsItself,
    patient: o.patient ?? "",
    seesRecord: o.seesRecord ?? false,
    may: o.may,
  };
}

const failureCodes: Record<ApiError["code"], FailureCode> = {
  "link-unknown": "link-unknown",
  "link-expired": "link-expired",
  "link-revoked": "link-revoked",
  "consultation-ended": "ended",
  "not-yet-open": "not-open",
  "no-seat": "refused",
  invalid: "link-unknown", // a token that is none: cut off, or typed by hand
  "code-wrong": "link-unknown", // the page of the code tells these itself
  "code-expired": "link-unknown",
  locked: "too-many",
  "too-many": "too-many",
  "sign-in": "sign-in",
  "sign-in-wrong": "sign-in",
  refused: "refused",
  changed: "server",
  "version-needed": "server",
  exists: "server",
  taken: "server",
  "under-way": "busy",
  busy: "busy",
  "not-found": "server",
  internal: "server",
  "no-network": "no-network",
  unreadable: "server",
};

/** What the code's page says of an error; "link": it is the link that opens nothing any more. */
export function codeProblemOf(err: unknown): Exclude<OneTimeCode["problem"], ""> | "link" {
  switch (err instanceof ApiError ? err.code : "internal") {
    case "code-wrong":
    case "invalid":
      return "wrong";
    case "code-expired":
      return "expired";
    case "locked":
      return "locked";
    case "too-many":
    case "busy":
    case "under-way":
      return "too-many";
    case "no-network":
      return "no-network";
    case "link-unknown":
    case "link-expired":
    case "link-revoked":
    case "consultation-ended":
      return "link";
    default:
      return "server";
  }
}

/** What the page says of an error: which page, whom to ring, and whether to try again. */
export function failureOf(err: unknown): Failure {
  if (!(err instanceof ApiError)) return failure("server");
  return failure(failureCodes[err.code], err.problem?.phone, err.problem?.organisation);
}

const final: readonly FailureCode[] = ["link-missing", "refused", "link-unknown", "link-expired", "link-revoked", "ended", "unsupported"];

/** A failure by its code; the final ones offer no second try. */
export function failure(code: FailureCode, phone = "", organisation = ""): Failure {
  return { code, phone, organisation, retry: !final.includes(code) };
}
