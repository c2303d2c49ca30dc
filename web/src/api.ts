// The service's REST doors that the page uses: the link, a ticket, and the network probe.
// Answers are checked before they are believed; errors are problem+json (RFC 9457).

import { isOpened, isProblem, isTicket, type Opened, type Problem, type ProblemCode, type Ticket } from "./gen/protocol";
import type { Failure, FailureCode, Invitation, Network } from "./state/state";

/** What went wrong on the way to the service, or in it. */
export class ApiError extends Error {
  constructor(
    readonly code: ProblemCode | "no-network" | "unreadable",
    readonly problem: Problem | null,
  ) {
    super(code);
  }
}

export interface Api {
  open(token: string): Promise<Opened>;
  ticket(token: string): Promise<Ticket>;
  /** Measures the way to the service; never rejects. */
  probe(): Promise<Network>;
}

const patience = 10_000; // ms until a request counts as unanswered

/** base: where the service is, "" for the page's own origin. */
export function createApi(fetcher: typeof fetch, now: () => number, base = ""): Api {
  async function post<T>(path: string, token: string, is: (x: unknown) => x is T): Promise<T> {
    const ask = () =>
      fetcher(base + path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ token }),
        cache: "no-store",
        credentials: "omit",
        signal: AbortSignal.timeout(patience),
      });
    let response: Response;
    let body: unknown;
    try {
      // A network that changes takes the requests under way with it (Chromium's
      // ERR_NETWORK_CHANGED), and the next one goes through. No harm in asking twice.
      response = await ask().catch((err: unknown) => {
        if (err instanceof TypeError) return ask(); // Fetch §5.6: a network error, and no timeout
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
    open: (token) => post("/api/v1/link", token, isOpened),
    ticket: (token) => post("/api/v1/tickets", token, isTicket),
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
export function invitationOf(o: Opened): Invitation {
  return {
    kind: o.me.kind,
    participant: o.me.kind === "participant" ? o.me.id : "",
    name: o.me.name,
    role: o.me.kind === "participant" ? (o.me.role ?? "patient") : o.me.kind,
    title: o.me.title,
    organisation: o.me.organisation,
    consultation: o.consultation,
    opensAt: o.opensAt,
    admitsItself: o.admitsItself,
    may: o.may,
    today: o.today,
  };
}

const failureCodes: Record<ApiError["code"], FailureCode> = {
  "link-unknown": "link-unknown",
  "link-expired": "link-expired",
  "link-revoked": "link-revoked",
  "consultation-ended": "ended",
  "not-yet-open": "not-open",
  "no-seat": "link-unknown",
  invalid: "link-unknown", // a token that is none: cut off, or typed by hand
  "too-many": "too-many",
  "not-found": "server",
  internal: "server",
  "no-network": "no-network",
  unreadable: "server",
};

/** What the page says of an error: which page, whom to ring, and whether to try again. */
export function failureOf(err: unknown): Failure {
  if (!(err instanceof ApiError)) return failure("server");
  return failure(failureCodes[err.code], err.problem?.phone, err.problem?.organisation);
}

const final: readonly FailureCode[] = ["link-missing", "link-unknown", "link-expired", "link-revoked", "ended", "unsupported"];

/** A failure by its code; the final ones offer no second try. */
export function failure(code: FailureCode, phone = "", organisation = ""): Failure {
  return { code, phone, organisation, retry: !final.includes(code) };
}
