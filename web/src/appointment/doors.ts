// The service's doors for the appointment behind a personal link. What checks their answers is
// as large as half the page, and the greeting does not wait for it: it is loaded when the first
// of them is asked for.

import type { AnswerBooking, Booking, Invitation, TellReadiness } from "../gen/api";
import { sessionHeader, type Handle } from "../handle";
import type { Client, ClientDeps, Pictures } from "../house/client";

export interface Doors {
  /** The service's API as a whole, loaded when it is first asked for. */
  service(): Promise<Client>;
  /** Fetches a photo under this session. */
  readonly pictures: Pictures;
  read(): Promise<Invitation>;
  answer(booking: string, body: AnswerBooking): Promise<Booking>;
  tell(consultation: string, body: TellReadiness): Promise<Booking>;
  /** The consultation as a calendar's file (RFC 5545). */
  calendar(consultation: string): Promise<Blob>;
}

export interface DoorsConfig {
  fetch: typeof fetch;
  handle: Handle;
  /** 128 random bits as text. */
  key: () => string;
  /** Loads createClient of the house. */
  load: () => Promise<(deps: ClientDeps) => Client>;
  /** Loads createPictures of the house, which comes with it. */
  loadPictures: () => Promise<(deps: Pick<ClientDeps, "fetch" | "handle" | "onSignedOut">) => Pictures>;
}

/** Why a door did not open; code is the problem's, or that no answer came. */
export class DoorError extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

const patience = 10_000; // ms until a file counts as unanswered

export function createDoors(cfg: DoorsConfig): Doors {
  let loading: Promise<Client> | undefined;
  const client = (): Promise<Client> => {
    const nothing = () => undefined; // whether the link's session is over shows where one joins
    loading ??= cfg.load().then(
      (create) => create({ fetch: cfg.fetch, key: cfg.key, handle: () => cfg.handle.load(), onSignedOut: nothing, onAnswer: nothing }),
      (err: unknown) => {
        loading = undefined; // the next one tries again
        throw err instanceof TypeError ? new DoorError("no-network") : err; // HTML §8.1.3.10: what can't be loaded rejects with a TypeError
      },
    );
    return loading;
  };
  return {
    service: client,
    async pictures(path) {
      const create = await cfg.loadPictures();
      return create({ fetch: cfg.fetch, handle: () => cfg.handle.load(), onSignedOut: () => undefined })(path);
    },
    read: async () => (await client())("GET /invitation"),
    answer: async (id, body) => (await client())("POST /bookings/{id}/answers", { path: { id }, body }),
    tell: async (id, body) => (await client())("POST /consultations/{id}/readiness", { path: { id }, body }),
    async calendar(consultation) {
      const session = cfg.handle.load();
      const response = await cfg
        .fetch(`/api/v1/consultations/${encodeURIComponent(consultation)}/calendar.ics`, {
          headers: session === "" ? {} : { [sessionHeader]: session },
          cache: "no-store",
          credentials: "same-origin",
          signal: AbortSignal.timeout(patience),
        })
        .catch(() => null);
      if (!response) throw new DoorError("no-network");
      // A proxy's own page is no calendar.
      if (!response.ok || !(response.headers.get("content-type") ?? "").startsWith("text/calendar")) throw new DoorError("internal");
      return response.blob();
    },
  };
}
