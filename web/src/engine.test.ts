import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError, type Api, type Entrance } from "./api";
import type { Findings } from "./devices/ear";
import type { Memory, PageEvent } from "./deps";
import { Engine } from "./engine";
import type { Booking, Invitation } from "./gen/api";
import type { LinkAnswer, Opened } from "./gen/protocol";
import { latecomers, viewOf } from "./state/appointment";
import type { Browser, Network } from "./state/state";
import { booking, consultation, FakeMedia, FakePath, FakeSeats, FakeSocket, FakeStream, invited, linesOf, person, welcome, type FakeTrack } from "./testing/fakes";

beforeEach(() => void vi.useFakeTimers({ now: consultation.starts }));
afterEach(() => void vi.useRealTimers());
const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms);

const opened = (change: Partial<Opened> = {}): Opened => ({
  me: { id: "olav", name: "Olav Eik", role: "patient", title: "Pasient", organisation: "", language: "nn" },
  state: "booked",
  consultation,
  opensAt: consultation.starts - 900_000,
  admitsItself: false,
  may: ["chat"],
  now: consultation.starts,
  ...change,
});

class FakeElement {
  muted = false;
  autoplay = false;
  playsInline = false;
  srcObject: FakeStream | null = null;
  played = 0;
  blocked = false;
  play(): Promise<void> {
    this.played++;
    return this.blocked ? Promise.reject(Object.assign(new Error(), { name: "NotAllowedError" })) : Promise.resolve();
  }
  get shows(): string | undefined {
    return (this.srcObject?.tracks[0] as FakeTrack | undefined)?.id;
  }
  get video(): HTMLVideoElement {
    return this as unknown as HTMLVideoElement;
  }
  get audio(): HTMLAudioElement {
    return this as unknown as HTMLAudioElement;
  }
}

const linkAnswer = (o: Opened): LinkAnswer => ({ handle: "h", opened: o, code: null, signedIn: false });
const codeAsked = (triesLeft = 5): LinkAnswer => ({
  handle: "", opened: null, signedIn: false,
  code: { channel: "sms", hint: "••• •• 412", expiresAt: 0, triesLeft, organisation: "Fjord sjukehus", phone: "12 34 56 78" },
});

function start(seats = new FakeSeats(), open: () => Promise<Opened> = () => Promise.resolve(opened()), browser: Browser = "chrome", link?: Partial<Pick<Api, "open" | "answer" | "again" | "ticket">>) {
  const sockets: FakeSocket[] = [];
  const paths: FakePath[] = [];
  const listeners = new Map<PageEvent, () => void>();
  const media = new FakeMedia();
  const network: { now: Network } = { now: { verdict: "good", rtt: 20, down: 9e6 } };
  let memory: Memory = { language: null, devices: { microphone: "", camera: "", speaker: "" } };
  let ear: ((level: number, f: Findings) => void) | null = null;
  let chance = 1;
  const calls = { tickets: 0, reloads: 0, tones: 0, consultations: [] as string[], gone: [] as string[], read: 0, said: [] as object[], offered: [] as string[] };
  const served: { read: () => Promise<Invitation>; answer: () => Promise<Booking> } = {
    read: () => Promise.reject(new ApiError("internal", null)), // as long as no test says otherwise: joining does not depend on it
    answer: () => Promise.reject(new ApiError("no-network", null)),
  };
  const page = { entrance: { kind: "link", token: "TOKEN" } as Entrance, online: true };
  const engine = new Engine({
    api: {
      open: () => open().then(linkAnswer),
      answer: () => Promise.reject(new ApiError("code-wrong", null)),
      again: () => Promise.resolve(codeAsked()),
      consultation: (id) => (calls.consultations.push(id), open()),
      ticket: () => Promise.resolve({ ticket: `ticket ${++calls.tickets}`, expiresAt: 0 }),
      ...link,
      probe: () => Promise.resolve(network.now),
    },
    doors: {
      service: () => Promise.reject(new Error("nothing is asked of the API")),
      pictures: () => Promise.reject(new Error("no photo is asked for")),
      read: () => (calls.read++, served.read()),
      answer: (_id, body) => (calls.said.push(body), served.answer()),
      tell: (_id, body) => (calls.said.push(body), served.answer()),
      calendar: () => Promise.resolve(new Blob(["BEGIN:VCALENDAR"])),
    },
    offer: (_file, name) => void calls.offered.push(name),
    connect: () => {
      const s = new FakeSocket();
      sockets.push(s);
      return s;
    },
    newPath: (onState) => {
      const p = new FakePath(`path ${paths.length + 1}`, onState);
      paths.push(p);
      return p;
    },
    seats,
    media: media.real,
    sound: {
      wake: () => {},
      watch: (_track, _on, _strict, tell) => (ear = tell),
      stopWatching: () => (ear = null),
      tone: () => Promise.resolve(void calls.tones++),
      close: () => {},
    },
    watch: (_el, tell) => {
      tell({ visible: true, width: 320, height: 192 });
      return () => {};
    },
    streamOf: (t) => new FakeStream([t as unknown as FakeTrack]) as unknown as MediaStream,
    memory: { load: () => memory, save: (m) => (memory = m) },
    entrance: () => page.entrance,
    go: (path) => void calls.gone.push(path),
    reload: () => void calls.reloads++,
    on: (event, tell) => {
      listeners.set(event, tell);
      return () => listeners.delete(event);
    },
    online: () => page.online,
    browser,
    language: "nb",
    supported: true,
    small: false,
    random: () => (chance = (chance * 16_807) % 2_147_483_647) / 2_147_483_647,
  });
  const hear = (f: Partial<Findings>) => ear?.(0.5, { heard: false, silent: false, talkingOff: false, ...f });
  return {
    engine, sockets, paths, media, network, seats, calls, page, hear, served,
    memory: () => memory,
    fire: (event: PageEvent) => listeners.get(event)?.(),
    state: () => engine.state.value,
    socket: () => sockets.at(-1)!,
    path: () => paths.at(-1)!,
  };
}

type Page = ReturnType<typeof start>;

/** One press on join, and everything good. */
async function press(p: Page): Promise<void> {
  p.engine.open();
  await wait(0);
  p.engine.join();
  await wait(0);
  p.hear({ heard: true });
}

async function inCall(who = "olav", people = [person("olav"), person("tuva")], p = start()): Promise<Page> {
  await press(p);
  await wait(3_000);
  p.socket().open().say(welcome(who, people));
  await wait(0);
  p.path().connect();
  await wait(1_000);
  return p;
}

describe("one press on join", () => {
  it("leads through the device check into the waiting room, and by one message into the call", async () => {
    const p = start();
    p.engine.open();
    expect(p.state().page).toBe("opening");
    await wait(0);
    expect(p.state().page).toBe("welcome");
    expect(p.state().language).toBe("nn"); // the person's own, before the browser's
    p.engine.join();
    await wait(0);
    expect(p.state().page).toBe("check");
    expect(p.media.asked).toHaveLength(1); // one question for both
    expect(p.state().check.countdown).toBeNull();
    p.hear({ heard: true });
    expect(p.state().check).toMatchObject({ good: true, countdown: 3 });
    await wait(1_000);
    expect(p.state().check.countdown).toBe(2);
    // Warmed meanwhile: socket, offer and ticket.
    expect(p.sockets).toHaveLength(1);
    expect(p.calls.tickets).toBe(1);
    p.socket().open();
    await wait(2_000);
    expect(p.state().joining).toBe(true);
    expect(p.socket().hello).toMatchObject({ ticket: "ticket 1", offer: "offer of path 1", media: { microphone: true, camera: true } });
    p.socket().say(welcome("olav", [person("olav", { presence: "waiting" }), person("tuva")], { presence: "waiting" }));
    expect(p.state().page).toBe("waiting");
    p.socket().say({ type: "admitted", by: "Tuva Ask", room: welcome("olav", [person("olav"), person("tuva")]).room });
    expect(p.state().page).toBe("call");
    expect([...p.path().sends.keys()].sort()).toEqual(["camera", "microphone", "second"]);
    expect(p.path().sends.get("camera")).toBe(p.media.given[1]);
  });

  it("goes on at once by continueFromCheck, and not at all by itself after stayInCheck", async () => {
    const hasty = start();
    await press(hasty);
    hasty.engine.continueFromCheck();
    hasty.engine.continueFromCheck(); // a double press is one
    await wait(0);
    hasty.socket().open();
    await wait(2_000);
    expect(hasty.sockets).toHaveLength(1);
    expect(hasty.socket().hello).toBeDefined();
    expect(hasty.state().check.countdown).toBeNull();

    const careful = start();
    await press(careful);
    await wait(1_500);
    careful.engine.stayInCheck();
    await wait(30_000);
    expect(careful.state()).toMatchObject({ page: "check", joining: false, check: { stayed: true, countdown: null } });
  });

  it("stays while the microphone is silent and goes on when it is heard", async () => {
    const p = start();
    p.engine.open();
    await wait(0);
    p.engine.join();
    await wait(0);
    p.hear({ silent: true });
    expect(p.state().check).toMatchObject({ silent: true, good: false });
    await wait(10_000);
    expect(p.state().page).toBe("check");
    p.hear({ heard: true });
    expect(p.state().check).toMatchObject({ silent: false, good: true, countdown: 3 });
  });

  it("without a camera joins with sound only, when the person says so", async () => {
    const p = start();
    p.media.devices = p.media.devices.filter((d) => d.kind !== "videoinput");
    await press(p);
    expect(p.state().camera).toMatchObject({ state: "failed", failure: "missing" });
    expect(p.state().microphone.state).toBe("on");
    await wait(10_000);
    expect(p.state().page).toBe("check");
    p.engine.continueFromCheck();
    await wait(0);
    p.socket().open();
    expect(p.socket().hello?.media).toEqual({ microphone: true, camera: false, second: "" });
  });

  it("uses each ticket once", async () => {
    const p = start();
    await press(p);
    p.socket().open();
    await wait(3_000);
    p.socket().say({ type: "error", code: "ticket", rule: "", re: "hello", fatal: true }).shut(4403);
    await wait(1_000);
    p.socket().open();
    expect(p.sockets.map((s) => s.hello?.ticket)).toEqual(["ticket 1", "ticket 2"]);
  });

  it("fetches a fresh ticket when the first has grown old in the check", async () => {
    const p = start();
    await press(p);
    p.engine.stayInCheck();
    await wait(50_000);
    p.engine.continueFromCheck();
    await wait(0);
    p.socket().open();
    expect(p.socket().hello?.ticket).toBe("ticket 2");
  });

  it("before the waiting room opens says when it does", async () => {
    const p = start(undefined, () => Promise.resolve(opened({ opensAt: consultation.starts + 60_000 })));
    p.engine.open();
    await wait(0);
    p.engine.join();
    expect(p.state()).toMatchObject({ page: "failed", failure: { code: "not-open", phone: consultation.phone, retry: true } });
    expect(p.media.asked).toEqual([]);
  });
});

describe("a link that can't be used", () => {
  it.each([
    ["link-unknown", "link-unknown", false],
    ["link-expired", "link-expired", false],
    ["link-revoked", "link-revoked", false],
    ["consultation-ended", "ended", false],
    ["no-network", "no-network", true],
    ["internal", "server", true],
  ] as const)("%s has its own page", async (code, shown, retry) => {
    const p = start(undefined, () => Promise.reject(new ApiError(code, null)));
    p.engine.open();
    await wait(0);
    expect(p.state()).toMatchObject({ page: "failed", failure: { code: shown, retry } });
  });

  it("without a token asks for the whole link", () => {
    const p = start();
    p.page.entrance = { kind: "link", token: "" };
    p.engine.open();
    expect(p.state().failure?.code).toBe("link-missing");
  });

  it("of an account leads to the account's pages", async () => {
    const p = start(undefined, undefined, undefined, { open: () => Promise.resolve({ handle: "", opened: null, code: null, signedIn: true }) });
    p.engine.open();
    await wait(0);
    expect(p.calls.gone).toEqual(["/sign-in"]);
  });

  it("is read anew when the address changes, and an answer to the old one is thrown away", async () => {
    const answers: ((o: Opened) => void)[] = [];
    const p = start(undefined, () => new Promise((done) => answers.push(done)));
    p.engine.open();
    p.page.entrance = { kind: "link", token: "OTHER" };
    p.fire("link");
    answers[1]!(opened({ admitsItself: true }));
    answers[0]!(opened({ admitsItself: false }));
    await wait(0);
    expect(p.state().invitation?.admitsItself).toBe(true);
  });
});

describe("a link that asks for a code", () => {
  const asked = (link: Partial<Pick<Api, "answer" | "again">> = {}) => start(undefined, undefined, undefined, { open: () => Promise.resolve(codeAsked()), ...link });

  it("tells where it was sent, and nothing of the person", async () => {
    const p = asked();
    p.engine.open();
    await wait(0);
    expect(p.state()).toMatchObject({ page: "code", invitation: null, code: { needed: { hint: "••• •• 412" }, problem: "" } });
  });
  it("opens with the right one", async () => {
    const digits: string[] = [];
    const p = asked({ answer: (_token, code) => (digits.push(code), Promise.resolve(linkAnswer(opened()))) });
    p.engine.open();
    await wait(0);
    p.engine.answerCode("123456");
    p.engine.answerCode("123456"); // a second press while the first is under way
    await wait(0);
    expect(p.state().page).toBe("welcome");
    expect(digits).toEqual(["123456"]);
  });
  it.each([
    ["code-wrong", "wrong"],
    ["code-expired", "expired"],
    ["locked", "locked"],
    ["no-network", "no-network"],
  ] as const)("stays there on %s", async (code, problem) => {
    const p = asked({ answer: () => Promise.reject(new ApiError(code, { type: "", title: "", status: 403, code: "code-wrong", triesLeft: 3 })) });
    p.engine.open();
    await wait(0);
    p.engine.answerCode("123456");
    await wait(0);
    expect(p.state()).toMatchObject({ page: "code", code: { problem, busy: false, needed: { triesLeft: 3 } } });
  });
  it("has another one sent", async () => {
    const p = asked();
    p.engine.open();
    await wait(0);
    p.engine.sendCodeAgain();
    await wait(0);
    expect(p.state().code).toMatchObject({ again: true, problem: "" });
  });
  it("that was withdrawn meanwhile says so", async () => {
    const p = asked({ answer: () => Promise.reject(new ApiError("link-revoked", null)) });
    p.engine.open();
    await wait(0);
    p.engine.answerCode("123456");
    await wait(0);
    expect(p.state()).toMatchObject({ page: "failed", failure: { code: "link-revoked" } });
  });
});

describe("a session that is over when one joins", () => {
  const over = { ticket: () => Promise.reject(new ApiError("sign-in", null)) };
  const joins = async (p: ReturnType<typeof start>) => {
    p.engine.join();
    p.engine.continueFromCheck();
    await wait(0);
  };
  it("opens the link anew, which knows that another was sent", async () => {
    const answers = [Promise.resolve(linkAnswer(opened())), Promise.reject(new ApiError("link-revoked", null))];
    answers[1]?.catch(() => {});
    const p = start(undefined, undefined, undefined, { ...over, open: () => answers.shift() ?? Promise.reject(new Error("opened too often")) });
    p.engine.open();
    await wait(0);
    await joins(p);
    expect(p.state()).toMatchObject({ page: "failed", failure: { code: "link-revoked" } });
  });
  it("says so the second time, where the browser keeps no cookies", async () => {
    const p = start(undefined, undefined, undefined, over);
    p.engine.open();
    await wait(0);
    await joins(p);
    expect(p.state().page).toBe("welcome");
    await joins(p);
    expect(p.state()).toMatchObject({ page: "failed", failure: { code: "sign-in" } });
  });
});

describe("the appointment behind a link", () => {
  const early = consultation.starts - 24 * 3_600_000;
  const link = (change: Partial<Opened> = {}) => start(undefined, () => Promise.resolve(opened({ now: early, ...change })));
  /** A page whose link was opened the day before, with what the service has. */
  async function at(now: number, read: () => Promise<Invitation>, p = link()): Promise<Page> {
    vi.setSystemTime(now);
    p.served.read = read;
    p.engine.open();
    await wait(0);
    return p;
  }
  const as = (change: Partial<Booking>) => () => Promise.resolve({ booking: booking(change), others: [] });
  const comes = { people: [invited("olav", { answer: "accepted" })] };
  const view = (p: Page) => viewOf(p.state());

  it("is read when it is opened, and each half minute while somebody looks at it", async () => {
    const p = await at(early, as({}));
    expect(view(p)).toBe("confirm");
    await wait(29_000);
    expect(p.calls.read).toBe(1);
    p.served.read = as({ people: [invited("olav"), invited("tuva", { role: "specialist", readiness: { state: "late", at: 0, minutes: 10, test: "" } })] });
    await wait(1_000);
    expect(latecomers(p.state().appointment.booking, early)).toMatchObject([{ minutes: 10 }]);
    p.fire("hidden");
    await wait(600_000);
    expect(p.calls.read).toBe(2);
    p.fire("shown");
    await wait(0);
    expect(p.calls.read).toBe(3);
    await wait(30_000);
    expect(p.calls.read).toBe(4);
  });

  it("is not read for nobody after an answer that came while the page was hidden", async () => {
    const p = await at(early, as({}));
    let answered: (b: Booking) => void = () => {};
    p.served.answer = () => new Promise((resolve) => (answered = resolve));
    p.engine.answer({ answers: [{ option: "", answer: "accepted" }] });
    p.fire("hidden");
    answered(booking(comes));
    await wait(120_000);
    expect(p.calls.read).toBe(1);
  });

  it("is not read while an answer is under way, also when the page comes back meanwhile", async () => {
    const p = await at(early, as({}));
    p.served.answer = () => new Promise(() => {});
    p.engine.answer({ answers: [{ option: "", answer: "accepted" }] });
    p.fire("hidden");
    p.fire("shown");
    await wait(120_000);
    expect(p.calls.read).toBe(1);
  });

  it("is not asked for by staff, whether by their link or from the house", async () => {
    const nurse = start(undefined, () => Promise.resolve(opened({ me: { ...opened().me, role: "nurse" } })));
    nurse.engine.open();
    const account = start();
    account.page.entrance = { kind: "consultation", id: "c1" };
    account.engine.open();
    await wait(60_000);
    for (const p of [nurse, account]) {
      expect(p.calls.read).toBe(0);
      expect(view(p)).toBe("plain");
    }
  });

  it("is never in the way of joining", async () => {
    const p = start(); // whose service has no appointment to read
    await press(p);
    expect(p.calls.read).toBe(1);
    expect(p.state()).toMatchObject({ page: "check", appointment: { reading: "failed" } });
    await wait(3_000);
    p.socket().open().say(welcome("olav", [person("olav"), person("tuva")]));
    expect(p.state().page).toBe("call");
    await wait(120_000);
    expect(p.calls.read).toBe(1); // in the call everybody sees who is there
  });

  it("takes an answer once, and shows what became of it", async () => {
    const p = await at(early, as({}));
    let answered: (b: Booking) => void = () => {};
    p.served.answer = () => new Promise((resolve) => (answered = resolve));
    p.engine.answer({ answers: [{ option: "", answer: "accepted" }] });
    p.engine.answer({ answers: [{ option: "", answer: "accepted" }] }); // a double press is one
    await wait(60_000);
    expect(p.calls.said).toEqual([{ participant: "", answers: [{ option: "", answer: "accepted" }], comment: "", starts: 0 }]);
    expect(p.state().appointment.saying).toMatchObject({ what: "answer", busy: true });
    expect(p.calls.read).toBe(1); // what is read meanwhile would be older than the answer
    answered(booking(comes));
    await wait(0);
    expect(view(p)).toBe("coming");
    await wait(30_000);
    expect(p.calls.read).toBe(2);
  });

  it("says that an answer did not get through, and what is different now", async () => {
    const p = await at(early, as({}));
    p.engine.step("suggest");
    p.engine.answer({ answers: [{ option: "", answer: "declined" }] });
    await wait(0);
    expect(p.state().appointment.saying).toMatchObject({ busy: false, problem: "no-network" });
    expect(view(p)).toBe("suggest"); // with what was typed
    expect(p.calls.read).toBe(1);
    p.served.answer = () => Promise.reject(new ApiError("taken", null));
    p.engine.answer({ answers: [{ option: "", answer: "declined" }] });
    await wait(0);
    expect(p.state().appointment.saying.problem).toBe("taken");
    expect(p.calls.read).toBe(2);
  });

  it("shows no answer to another link", async () => {
    const p = await at(early, as({}));
    let answered: (b: Booking) => void = () => {};
    p.served.answer = () => new Promise((resolve) => (answered = resolve));
    p.engine.answer({ answers: [{ option: "", answer: "accepted" }] });
    p.engine.retry();
    await wait(0);
    answered(booking(comes));
    await wait(0);
    expect(view(p)).toBe("confirm");
    expect(p.state().appointment.saying.busy).toBe(false);
  });

  it("takes the device check beforehand, which joins nothing and tells what it found", async () => {
    const p = await at(early, as(comes));
    p.engine.testDevices();
    await wait(0);
    p.hear({ heard: true });
    expect(p.state()).toMatchObject({ page: "check", testing: true, check: { good: true, countdown: null } });
    await wait(10_000);
    p.engine.continueFromCheck();
    expect(p.state()).toMatchObject({ page: "check", joining: false });
    expect(p.sockets).toHaveLength(0);
    p.engine.back();
    expect(p.state()).toMatchObject({ page: "welcome", testing: false });
    expect(p.calls.said).toEqual([{ state: "tested", minutes: 0, test: "good" }]);
    expect(p.media.given.filter((t) => t.readyState === "live")).toEqual([]);
  });

  it("tells nothing of a check that was left before it found anything, nor of the way in", async () => {
    const p = await at(early, as(comes));
    p.engine.testDevices();
    p.engine.back();
    await wait(0);
    expect(p.calls.said).toEqual([]);
    const q = await at(consultation.starts, as(comes), start());
    q.engine.join();
    await wait(0);
    q.hear({ heard: true });
    q.engine.stayInCheck();
    q.engine.back();
    await wait(0);
    expect(q.calls.said).toEqual([]);
  });

  it("can be late, and ready after all", async () => {
    const p = await at(consultation.starts, as(comes), start());
    p.served.answer = () => Promise.resolve(booking({ people: [invited("olav", { answer: "accepted", readiness: { state: "late", at: 0, minutes: 10, test: "" } })] }));
    p.engine.step("late");
    expect(view(p)).toBe("late");
    p.engine.tell({ state: "late", minutes: 10 });
    await wait(0);
    expect(view(p)).toBe("open");
    p.engine.tell({ state: "ready" });
    expect(p.calls.said).toEqual([{ state: "late", minutes: 10, test: "" }, { state: "ready", minutes: 0, test: "" }]);
  });

  it("goes into the person's calendar as a file that tells nothing by its name", async () => {
    const p = await at(early, as(comes));
    p.engine.addToCalendar();
    p.engine.addToCalendar();
    await wait(0);
    expect(p.calls.offered).toEqual(["samtale.ics"]);
    expect(p.state().appointment.saying).toMatchObject({ busy: false, problem: "" });
  });

  it("can't be joined before its time is decided, nor once it is cancelled", async () => {
    for (const state of ["proposed", "pending", "cancelled"] as const) {
      const p = link({ state, now: consultation.starts });
      p.engine.open();
      await wait(0);
      p.engine.join();
      expect(p.state().page).toBe("welcome");
      expect(p.media.asked).toHaveLength(0);
    }
  });

  it("leaves nobody waiting for a visit that is cancelled, or moved to much later", async () => {
    for (const [change, shown] of [
      [{ ...comes, state: "cancelled" }, "cancelled"],
      [{ starts: consultation.starts + 86_400_000 }, "confirm"],
    ] as const) {
      const p = await at(consultation.starts, as(comes), start());
      await press(p);
      await wait(3_000);
      p.socket().open().say(welcome("olav", [person("olav", { presence: "waiting" })], { presence: "waiting" }));
      expect(p.state().page).toBe("waiting");
      p.served.read = as(change as Partial<Booking>);
      await wait(30_000);
      expect(p.state()).toMatchObject({ page: "welcome", call: null });
      expect(view(p)).toBe(shown);
      expect(p.socket().closed).toBe(true);
      expect(p.media.given.filter((t) => t.readyState === "live")).toEqual([]);
      p.engine.close();
    }
  });

  it("keeps who waits when it begins some minutes later, and says so", async () => {
    const p = await at(consultation.starts, as(comes), start());
    await press(p);
    await wait(3_000);
    p.socket().open().say(welcome("olav", [person("olav", { presence: "waiting" })], { presence: "waiting" }));
    p.served.read = as({ ...comes, starts: consultation.starts + 600_000 });
    await wait(30_000);
    expect(p.state()).toMatchObject({ page: "waiting", appointment: { movedFrom: consultation.starts } });
  });
});

describe("someone who is signed in", () => {
  it("opens a consultation by its address", async () => {
    const p = start();
    p.page.entrance = { kind: "consultation", id: "c-1" };
    p.engine.open();
    await wait(0);
    expect(p.calls.consultations).toEqual(["c-1"]);
    expect(p.state()).toMatchObject({ page: "welcome", account: true });
  });
  it("and is not any more, is led to the sign-in", async () => {
    const p = start(undefined, () => Promise.reject(new ApiError("sign-in", null)));
    p.page.entrance = { kind: "consultation", id: "c-1" };
    p.engine.open();
    await wait(0);
    expect(p.calls.gone).toEqual(["/sign-in"]);
  });
});

describe("a reload", () => {
  it("goes straight back, with what was off still off", async () => {
    const seats = new FakeSeats();
    seats.save({ consultation: "c-1", token: "t", epoch: 4, window: 60_000, at: Date.now() - 3_000, media: { microphone: false, camera: true, second: "" } });
    const p = start(seats);
    p.engine.open();
    await wait(0);
    p.socket().open();
    await wait(0);
    expect(p.socket().hello).toMatchObject({ resume: { token: "t", epoch: 4 }, offer: "offer of path 1" });
    expect(p.media.asked.every((c) => !c.audio)).toBe(true);
    p.socket().say(welcome("olav", [person("olav"), person("tuva")], { epoch: 5 }));
    expect(p.state().page).toBe("call");
    expect(p.state().microphone.wanted).toBe(false);
  });

  it("finds what was switched off the moment before, also without a websocket", async () => {
    const p = await inCall();
    const stored = () => p.seats.load("c-1")?.media;
    expect(stored()).toMatchObject({ microphone: true, camera: true });
    p.engine.setMicrophone(false);
    expect(stored()).toMatchObject({ microphone: false, camera: true });
    p.socket().shut();
    p.engine.setMicrophone(true);
    p.engine.setCamera(false);
    expect(stored()).toMatchObject({ microphone: true, camera: false });
  });

  it("after the place has gone greets as the first time", async () => {
    const seats = new FakeSeats();
    seats.save({ consultation: "c-1", token: "t", epoch: 4, window: 60_000, at: Date.now() - 61_000, media: { microphone: true, camera: true, second: "" } });
    const p = start(seats);
    p.engine.open();
    await wait(0);
    expect(p.state().page).toBe("welcome");
    expect(p.sockets).toEqual([]);
  });
});

describe("in the call", () => {
  it("shows each picture under its own person, over newcomers, rewritten lines and a new path", async () => {
    const p = await inCall("olav", [person("olav"), person("tuva"), person("mari")]);
    const tuva = new FakeElement();
    const own = new FakeElement();
    const voice = new FakeElement();
    const off = p.engine.attachVideo(tuva.video, "tuva", "camera");
    p.engine.attachVideo(own.video, "olav", "camera");
    p.engine.attachAudio(voice.audio, "tuva");
    const echo = new FakeElement();
    p.engine.attachAudio(echo.audio, "olav");
    expect(echo.srcObject).toBeNull(); // nobody hears themselves
    expect(tuva.shows).toBe("path 1 10");
    expect(tuva.muted).toBe(true);
    expect(own.shows).toBe("cam-1 #1");
    expect(voice.shows).toBe("path 1 3");
    p.socket().say({ type: "lines", lines: [{ mid: "12", participant: "tuva", source: "camera" }, { mid: "3", participant: "tuva", source: "microphone" }] });
    expect(tuva.shows).toBe("path 1 12");
    p.path().fallSilent();
    await wait(5_000);
    p.socket().open().say(welcome("olav", [person("olav"), person("tuva")], { epoch: 2 }));
    await wait(0);
    p.path().connect();
    await wait(1_000);
    expect(tuva.shows).toBe("path 2 10");
    expect(voice.shows).toBe("path 2 3");
    p.socket().say({ type: "left", participant: "tuva", reason: "left" });
    expect(tuva.srcObject).toBeNull();
    off();
    expect(tuva.srcObject).toBeNull();
  });

  it("tells the server what is seen, once, and what is large", async () => {
    const p = await inCall("olav", [person("olav"), person("tuva"), person("mari")]);
    p.engine.attachVideo(new FakeElement().video, "tuva", "camera");
    await wait(5_000); // nobody shows mari
    const wishes = p.socket().of("want").flatMap((w) => w.lines);
    expect(wishes.filter((w) => w.mid === "10").at(-1)).toEqual({ mid: "10", visible: true, width: 320, height: 192, chosen: true });
    expect(wishes.filter((w) => w.mid === "11")).toEqual([{ mid: "11", visible: false, width: 0, height: 0, chosen: false }]);
    p.engine.choose({ participant: "mari", source: "camera" });
    expect(p.socket().of("watch").map((w) => w.picture?.participant)).toEqual(["tuva", "mari"]);
  });

  it("tells of devices switched off and on, and does not repeat itself", async () => {
    const p = await inCall();
    const before = p.socket().of("media").length;
    p.engine.setMicrophone(false);
    p.engine.setMicrophone(false);
    p.engine.setCamera(false);
    await wait(0);
    expect(p.socket().of("media").slice(before).map((m) => m.media)).toEqual([
      { microphone: false, camera: true, second: "" },
      { microphone: false, camera: false, second: "" },
    ]);
    expect(p.media.given[1]!.readyState).toBe("ended"); // the lamp is out
    expect(p.path().sends.get("camera")).toBeNull();
    p.engine.setCamera(true);
    await wait(0);
    expect(p.socket().of("media").at(-1)?.media.camera).toBe(true);
    expect(p.path().sends.get("camera")).toBe(p.media.given.at(-1));
  });

  it("obeys being muted by another, and lets the person speak again", async () => {
    const p = await inCall();
    p.socket().say({ type: "muted", by: "Tuva Ask" });
    await wait(0);
    expect(p.media.given[0]!.enabled).toBe(false);
    expect(p.state().notices).toMatchObject([{ kind: "muted-by", by: "Tuva Ask" }]);
    p.engine.setMicrophone(true);
    expect(p.media.given[0]!.enabled).toBe(true);
    expect(p.state().notices).toEqual([]);
  });

  it("says who talks with the sound off, and takes it back after a while", async () => {
    const p = await inCall();
    p.engine.setMicrophone(false);
    p.hear({ talkingOff: true });
    const once = p.state().notices;
    p.hear({ talkingOff: true });
    expect(p.state().notices).toBe(once); // said once, not at each word
    expect(once.map((n) => n.kind)).toEqual(["talking-while-muted"]);
    await wait(8_000);
    expect(p.state().notices).toEqual([]);
  });

  it("sends the second picture beside the camera, and stops it when the browser does", async () => {
    const p = await inCall("mari", [person("mari"), person("tuva")]);
    p.engine.startSecond("screen");
    await wait(0);
    expect(p.path().sends.get("second")).toBe(p.media.screen);
    expect(p.socket().of("media").at(-1)?.media.second).toBe("screen");
    (p.media.screen as FakeTrack).vanish();
    await wait(0);
    expect(p.state().second.state).toBe("off");
    expect(p.path().sends.get("second")).toBeNull();
    expect(p.socket().of("media").at(-1)?.media.second).toBe("");
  });

  it("says why a second picture did not come, and nothing when the picker was left", async () => {
    const p = await inCall("mari", [person("mari"), person("tuva")]);
    p.media.refusal.video = "NotReadableError";
    p.engine.startSecond("camera");
    await wait(0);
    expect(p.state().second).toMatchObject({ state: "failed", failure: "in-use" });
    expect(p.state().notices).toMatchObject([{ kind: "second-failed", failure: "in-use" }]);
    p.media.screen = "NotAllowedError";
    p.engine.startSecond("screen");
    await wait(0);
    expect(p.state().second.state).toBe("off");
    expect(p.state().notices).toEqual([]);
  });

  it("asks for a press when the browser holds the sound back", async () => {
    const p = await inCall();
    const voice = new FakeElement();
    voice.blocked = true;
    p.engine.attachAudio(voice.audio, "tuva");
    await wait(0);
    expect(p.state().soundBlocked).toBe(true);
    voice.blocked = false;
    p.fire("press");
    await wait(0);
    expect(p.state()).toMatchObject({ soundBlocked: false, notices: [] });
  });

  it("gives only the orders that the seat has a right to", async () => {
    const patient = await inCall();
    patient.engine.mute("tuva"); // this one's welcome gave the right
    expect(patient.socket().of("mute")).toHaveLength(1);
    patient.socket().shut();
    await wait(300);
    patient.socket().open().say(welcome("olav", [person("olav"), person("tuva")], { may: ["chat"], epoch: 2, answer: "" }));
    patient.engine.mute("tuva");
    patient.engine.endForAll();
    patient.engine.startSecond("camera");
    await wait(0);
    expect(patient.socket().sent.map((m) => m.type)).not.toContain("mute");
    expect(patient.socket().sent.map((m) => m.type)).not.toContain("end");
    expect(patient.state().second.state).toBe("off");
  });

  it("does not call a working call offline", async () => {
    const p = await inCall();
    p.page.online = false;
    p.fire("offline");
    expect(p.state().connection.online).toBe(true);
    p.path().fallSilent();
    await wait(2_500);
    expect(p.state().connection).toMatchObject({ online: false, status: "reconnecting" });
  });
});

describe("parts of the call page that keep their own state", () => {
  it("hear every message until they are gone, and say what the seat may, while there is a wire", async () => {
    const p = start();
    await press(p);
    await wait(3_000);
    p.socket().open().say(welcome("tuva", [person("tuva"), person("mari")], { may: ["see"] }));
    await wait(0);
    const heard: string[] = [];
    const off = p.engine.hear((m) => heard.push(m.type));
    p.socket().say({ type: "limited", version: 5 });
    off();
    p.socket().say({ type: "limited", version: 6 });
    expect(heard).toEqual(["limited"]);
    expect(p.engine.say({ type: "point", target: null })).toBe(true);
    expect(p.engine.say({ type: "ask", what: "measurement", kind: "weight" })).toBe(false); // has no right to
    p.socket().shut();
    expect(p.engine.say({ type: "point", target: null })).toBe(false);
    expect(p.sockets.flatMap((socket) => [...socket.of("point"), ...socket.of("ask")])).toEqual([{ type: "point", target: null }]);
  });
});

describe("while the websocket is away", () => {
  it("chat waits, is sent again with the same id, and is never doubled", async () => {
    const p = await inCall();
    p.engine.sendChat("  Hei\u0007  ");
    const [first] = p.socket().of("chat");
    expect(first?.text).toBe("Hei");
    p.socket().shut(); // before the acknowledgement
    p.engine.sendChat("Er du der?");
    expect(p.state().call?.chat.map((m) => [m.text, m.pending])).toEqual([["Hei", true], ["Er du der?", true]]);
    await wait(300);
    const { room } = welcome("olav", [person("olav"), person("tuva")]);
    const kept = { id: first!.id, from: "olav", name: "Olav Eik", text: "Hei", at: 1 };
    p.socket().open().say(welcome("olav", [], { epoch: 2, answer: "", room: { ...room, chat: [kept] } }));
    // The journal has the first: only the second is sent again.
    expect(p.socket().of("chat").map((m) => m.text)).toEqual(["Er du der?"]);
    expect(p.state().call?.chat.map((m) => m.pending)).toEqual([false, true]);
  });

  it("orders wait for 10 s and no longer, and the hand is as it was last", async () => {
    const p = await inCall("tuva", [person("tuva"), person("olav")]);
    p.socket().shut();
    p.engine.mute("olav");
    await wait(11_000);
    p.engine.admit("ragna");
    p.engine.raiseHand(true);
    p.socket().open().say(welcome("tuva", [person("tuva"), person("olav")], { epoch: 2, answer: "" }));
    expect(p.socket().of("mute")).toHaveLength(0);
    expect(p.socket().of("admit")).toEqual([{ type: "admit", participant: "ragna" }]);
    expect(p.socket().of("hand")).toEqual([{ type: "hand", raised: true }]);
  });

  it("only who may says that they recognise someone", async () => {
    const nurse = await inCall("mari", [person("mari"), person("olav", { unconfirmed: true })]);
    nurse.engine.confirm("olav");
    expect(nurse.socket().of("confirm")).toEqual([{ type: "confirm", participant: "olav" }]);
    const relative = start();
    await press(relative);
    await wait(3_000);
    relative.socket().open().say(welcome("ragna", [person("ragna"), person("olav")], { may: ["chat"] }));
    relative.engine.confirm("olav");
    expect(relative.socket().of("confirm")).toEqual([]);
  });

  it("chat that was too much at a time is sent again, and what is never taken goes", async () => {
    const p = await inCall();
    p.engine.sendChat("Hei");
    p.socket().say({ type: "error", code: "rate", rule: "", re: "chat", fatal: false });
    await wait(1_000);
    expect(p.socket().of("chat")).toHaveLength(2);
    expect(new Set(p.socket().of("chat").map((m) => m.id)).size).toBe(1);
    p.socket().say({ type: "error", code: "forbidden", rule: "", re: "chat", fatal: false });
    expect(p.state().call?.chat).toEqual([]);
  });
});

describe("the device check without a network", () => {
  it("goes on by itself when the network is back", async () => {
    const p = start();
    const good = p.network.now;
    p.network.now = { verdict: "none", rtt: 0, down: 0 };
    await press(p);
    await wait(10_000);
    expect(p.state()).toMatchObject({ page: "check", check: { good: false, countdown: null, network: { verdict: "none" } } });
    p.network.now = good;
    await wait(2_000);
    expect(p.state().check).toMatchObject({ good: true, countdown: 3 });
    p.engine.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("a picture", () => {
  it("that stands still because the network is gone is not called live", async () => {
    const p = await inCall();
    p.path().frames["10"] = 30;
    await wait(1_000);
    p.path().frames["10"] = 60;
    await wait(1_000);
    expect(p.state().call?.health).toEqual({ "10": "live" });
    p.path().fallSilent();
    await wait(3_000);
    expect(p.state().call?.health).toEqual({ "10": "stalled" });
  });
});

describe("the end", () => {
  it("lets go of everything, and leads back by retry", async () => {
    const p = await inCall();
    p.engine.leave();
    expect(p.state()).toMatchObject({ page: "over", call: null, over: { reason: "left", retry: true } });
    expect(p.media.given.every((t) => t.readyState === "ended")).toBe(true);
    await wait(0);
    expect(p.paths.every((x) => x.state === "closed")).toBe(true);
    p.engine.retry();
    await wait(0);
    expect(p.state().page).toBe("welcome");
    p.engine.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is not the end of the page: the next visit is as good as the first", async () => {
    const p = await inCall();
    const shown = new FakeElement();
    p.engine.attachVideo(shown.video, "tuva", "camera");
    p.engine.choose({ participant: "tuva", source: "camera" }); // with a wish under way
    p.engine.leave();
    p.engine.retry();
    await wait(0);
    await inCall("olav", [person("olav"), person("tuva")], p);
    expect(p.socket().of("want").at(-1)?.lines).toMatchObject([{ mid: "10", visible: true }]);
    expect(shown.shows).toBe("path 2 10");
  });

  it("lets no lamp come on again, also when a telephone had put its first camera aside", async () => {
    const p = await inCall("mari", [person("mari"), person("tuva")], start(undefined, undefined, "safari-ios"));
    p.engine.startSecond("camera");
    await wait(0);
    expect(p.path().sends.get("camera")).toBeNull();
    p.engine.leave();
    await wait(5_000);
    p.fire("shown");
    p.media.plug("videoinput", "cam-9");
    await wait(5_000);
    expect(p.media.given.filter((t) => t.readyState === "live")).toEqual([]);
  });

  it("of a page that is too old is a reload", async () => {
    const p = start();
    await press(p);
    await wait(3_000);
    p.socket().open().say({ type: "error", code: "version", rule: "", re: "hello", fatal: true }).shut(4400);
    expect(p.state().failure?.code).toBe("version");
    p.engine.retry();
    expect(p.calls.reloads).toBe(1);
  });

  it("by refusal names whom to ring", async () => {
    const p = start();
    await press(p);
    await wait(3_000);
    p.socket().open().say({ type: "error", code: "full", rule: "", re: "hello", fatal: true }).shut(4403);
    expect(p.state().failure).toMatchObject({ code: "full", phone: consultation.phone });
  });
});

it("remembers the language and the devices, and nothing else", async () => {
  const p = await inCall();
  p.engine.setLanguage("en");
  p.media.plug("audioinput", "mic-2");
  p.engine.switchDevice("microphone", "mic-2");
  await wait(0);
  expect(p.memory()).toEqual({ language: "en", devices: { microphone: "mic-2", camera: "", speaker: "" } });
  expect(p.state().microphone).toMatchObject({ state: "on", selected: "mic-2" });
});

it("knows lines of everyone by the server's word alone", async () => {
  const p = await inCall();
  expect(p.state().call?.lines).toEqual(linesOf("olav", [person("olav"), person("tuva")]));
});
