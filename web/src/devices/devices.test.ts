import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Action } from "../state/state";
import { FakeMedia, type FakeTrack } from "../testing/fakes";
import { browserOf, oneCameraAtATime } from "./browser";
import { classify } from "./classify";
import { barOf, Ear } from "./ear";
import { Inputs, type InputKind } from "./inputs";
import { Second } from "./second";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const wait = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

function start(change: { oneCamera?: boolean; preferred?: Partial<Record<InputKind, string>>; media?: FakeMedia } = {}) {
  const media = change.media ?? new FakeMedia();
  const actions: Action[] = [];
  const tracks: Record<InputKind, FakeTrack | null> = { microphone: null, camera: null };
  const preferred: Record<string, string> = { microphone: "", camera: "", ...change.preferred };
  const inputs = new Inputs({
    media: media.real,
    dispatch: (a) => actions.push(a),
    onTrack: (kind, track) => (tracks[kind] = track as unknown as FakeTrack | null),
    preferred: { microphone: preferred["microphone"]!, camera: preferred["camera"]! },
    onPreferred: (kind, id) => (preferred[kind] = id),
    oneCamera: change.oneCamera ?? false,
    small: false,
  });
  const of = (device: InputKind) => actions.filter((a) => "device" in a && a.device === device);
  return {
    inputs, media, actions, tracks, preferred, of,
    last: (device: InputKind) => of(device).filter((a) => a.type !== "wanted" && a.type !== "asking").at(-1),
    notices: () => actions.flatMap((a) => (a.type === "notice" ? [a.notice] : [])),
  };
}

describe("asking for camera and microphone", () => {
  it("is one question, with echo, noise and level seen to", async () => {
    const d = start();
    await d.inputs.start();
    expect(d.media.asked).toHaveLength(1);
    expect(d.media.asked[0]).toMatchObject({
      audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
      video: { width: { ideal: 1280 }, height: { ideal: 720 }, facingMode: "user" },
    });
    expect(d.tracks.microphone?.kind).toBe("audio");
    expect(d.tracks.camera?.contentHint).toBe("motion");
  });

  it.each([
    ["no camera", { both: "NotFoundError", video: "NotFoundError" }, "missing"],
    ["a camera that another program has", { both: "NotReadableError", video: "NotReadableError" }, "in-use"],
    ["a denied camera", { both: "NotAllowedError", video: "NotAllowedError" }, "denied"],
  ])("falls back to sound with %s, and says why", async (_, refusal, failure) => {
    const d = start();
    d.media.refusal = refusal;
    await d.inputs.start();
    expect(d.last("microphone")).toMatchObject({ type: "running" });
    expect(d.last("camera")).toEqual({ type: "device-failed", device: "camera", failure });
    expect(d.tracks.camera).toBeNull();
  });

  it("does not ask again and again when the question was closed", async () => {
    const media = new FakeMedia();
    const d = start({ media });
    media.getUserMedia = (c) => {
      media.asked.push(c);
      return Promise.reject(Object.assign(new Error("Permission dismissed"), { name: "NotAllowedError" }));
    };
    await d.inputs.start();
    expect(media.asked).toHaveLength(1);
    expect(d.last("camera")).toMatchObject({ failure: "dismissed" });
  });

  it("in an insecure page says so", async () => {
    const actions: Action[] = [];
    const inputs = new Inputs({ media: undefined, dispatch: (a) => actions.push(a), onTrack: () => {}, preferred: { microphone: "", camera: "" }, onPreferred: () => {}, oneCamera: false, small: false });
    await inputs.start();
    expect(actions.filter((a) => a.type === "device-failed")).toMatchObject([{ failure: "insecure" }, { failure: "insecure" }]);
  });

  it("takes the device of last time, and another when that one is not here today", async () => {
    const here = start({ preferred: { microphone: "mic-2" } });
    here.media.devices.push({ kind: "audioinput", deviceId: "mic-2", label: "Hodesett" });
    await here.inputs.start();
    expect(here.tracks.microphone?.deviceId).toBe("mic-2");
    const gone = start({ preferred: { microphone: "mic-2" } });
    await gone.inputs.start();
    expect(gone.tracks.microphone?.deviceId).toBe("mic-1");
    expect(gone.tracks.camera?.deviceId).toBe("cam-1");
  });
});

describe("switching off", () => {
  it("keeps the microphone for an instant return, and lets the camera's lamp go out", async () => {
    const d = start();
    await d.inputs.start();
    const { microphone, camera } = d.tracks;
    await d.inputs.setMicrophone(false);
    await d.inputs.setCamera(false);
    expect([microphone?.enabled, microphone?.readyState]).toEqual([false, "live"]);
    expect(camera?.readyState).toBe("ended");
    await d.inputs.setMicrophone(true);
    await d.inputs.setCamera(true);
    expect(d.tracks.microphone).toBe(microphone);
    expect(microphone?.enabled).toBe(true);
    expect(d.tracks.camera?.readyState).toBe("live");
  });

  it("and on in quick turns ends as the last press said", async () => {
    const d = start();
    await d.inputs.start();
    void d.inputs.setCamera(false);
    void d.inputs.setCamera(true);
    await d.inputs.setCamera(false);
    await wait();
    expect(d.tracks.camera).toBeNull();
    expect(d.media.given.filter((t) => t.kind === "video").every((t) => t.readyState === "ended")).toBe(true);
  });

  it("before the camera has come gives it back", async () => {
    const d = start();
    const asking = d.inputs.start();
    await d.inputs.setCamera(false);
    await asking;
    expect(d.tracks.camera).toBeNull();
    expect(d.media.given.filter((t) => t.kind === "video").every((t) => t.readyState === "ended")).toBe(true);
  });
});

describe("another device", () => {
  it("is taken before the old one is let go, and remembered", async () => {
    const d = start();
    await d.inputs.start();
    d.media.plug("videoinput", "cam-2");
    const old = d.tracks.camera;
    await d.inputs.select("camera", "cam-2");
    expect(d.tracks.camera?.deviceId).toBe("cam-2");
    expect(old?.readyState).toBe("ended");
    expect(d.preferred["camera"]).toBe("cam-2");
  });

  it("is silent when the sound is off", async () => {
    const d = start();
    await d.inputs.start();
    d.media.plug("audioinput", "mic-2");
    await d.inputs.setMicrophone(false);
    await d.inputs.select("microphone", "mic-2");
    expect(d.tracks.microphone).toMatchObject({ deviceId: "mic-2", enabled: false });
    d.tracks.microphone?.vanish();
    await wait();
    expect(d.tracks.microphone?.enabled ?? false).toBe(false);
  });

  it("that can't be had leaves the old one running, with a notice", async () => {
    const d = start();
    await d.inputs.start();
    const old = d.tracks.camera;
    await d.inputs.select("camera", "cam-9");
    expect(d.tracks.camera).toBe(old);
    expect(old?.readyState).toBe("live");
    expect(d.notices()).toEqual([{ kind: "device-failed", device: "camera", failure: "unsuitable" }]);
    expect(d.preferred["camera"]).toBe("");
    expect(d.last("camera")).toMatchObject({ type: "running", id: "cam-1" });
  });

  it("on a telephone is asked for when the old one has been let go", async () => {
    const d = start({ oneCamera: true });
    await d.inputs.start();
    d.media.plug("videoinput", "cam-2");
    const states: (string | undefined)[] = [];
    const old = d.tracks.camera;
    const ask = d.media.getUserMedia.bind(d.media);
    d.media.getUserMedia = (c) => {
      states.push(old?.readyState);
      return ask(c);
    };
    await d.inputs.flip();
    expect(states).toEqual(["ended"]);
    expect(d.tracks.camera?.deviceId).toBe("cam-2");
    await d.inputs.flip();
    expect(d.tracks.camera?.deviceId).toBe("cam-1");
  });
});

describe("a device that goes away under way", () => {
  it("is replaced by another, and the person is told which", async () => {
    const d = start({ preferred: { microphone: "mic-2" } });
    d.media.devices.push({ kind: "audioinput", deviceId: "mic-2", label: "Hodesett" });
    await d.inputs.start();
    d.media.unplug("mic-2");
    d.tracks.microphone?.vanish();
    await wait();
    expect(d.tracks.microphone?.deviceId).toBe("mic-1");
    expect(d.notices()).toEqual([{ kind: "device-lost", device: "microphone", to: "Innebygd mikrofon" }]);
  });

  it("and has no successor is taken up again when it is plugged in", async () => {
    const d = start();
    await d.inputs.start();
    d.media.unplug("cam-1");
    d.tracks.camera?.vanish();
    await wait();
    expect(d.last("camera")).toMatchObject({ type: "device-failed", failure: "missing" });
    expect(d.notices()).toEqual([{ kind: "device-lost", device: "camera", to: "" }]);
    d.media.plug("videoinput", "cam-1");
    await wait();
    expect(d.tracks.camera?.readyState).toBe("live");
  });

  it("by an interruption is said after a while, and taken up again when the page is looked at", async () => {
    const d = start();
    await d.inputs.start();
    const interrupted = () => d.of("camera").filter((a) => a.type === "interrupted").map((a) => a.type === "interrupted" && a.on);
    d.tracks.camera?.interrupt(true);
    await wait(1_000);
    d.tracks.camera?.interrupt(false);
    await wait(5_000);
    expect(interrupted()).toEqual([false]); // a stumble is nobody's business
    const old = d.tracks.camera;
    old?.interrupt(true);
    await wait(1_500);
    expect(interrupted().at(-1)).toBe(true);
    await d.inputs.resume();
    expect(d.tracks.camera).not.toBe(old);
    expect(d.last("camera")).toMatchObject({ type: "running" });
  });

  it("for another camera's sake comes back only when that one has gone", async () => {
    const d = start({ oneCamera: true });
    await d.inputs.start();
    await d.inputs.pauseCamera();
    await d.inputs.resume(); // the screen was locked and is looked at again
    await d.inputs.setCamera(true);
    d.media.plug("videoinput", "cam-2");
    await d.inputs.select("camera", "cam-2");
    expect(d.tracks.camera).toBeNull();
    expect(d.notices()).toEqual([]);
    await d.inputs.unpauseCamera();
    expect(d.tracks.camera).toMatchObject({ readyState: "live", deviceId: "cam-2" });
    await d.inputs.pauseCamera();
    await d.inputs.setCamera(false);
    await d.inputs.unpauseCamera();
    expect(d.tracks.camera).toBeNull();
  });

  it("is not asked for out of the blue after a no", async () => {
    const d = start();
    d.media.refusal = { both: "NotAllowedError", video: "NotAllowedError" };
    await d.inputs.start();
    const asked = d.media.asked.length;
    await d.inputs.resume();
    d.media.plug("videoinput", "cam-2");
    await wait();
    expect(d.media.asked).toHaveLength(asked);
  });
});

it("leaves no device running after close", async () => {
  const d = start();
  const asking = d.inputs.start();
  d.inputs.close();
  await asking;
  expect(d.media.given.every((t) => t.readyState === "ended")).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

describe("the second picture", () => {
  const make = (oneCamera: boolean) => {
    const media = new FakeMedia();
    const log: string[] = [];
    let track: FakeTrack | null = null;
    const second = new Second({
      media: media.real,
      onState: (s) => log.push(`${s.state} ${s.kind}${s.failure ? ` ${s.failure}` : ""}`),
      onTrack: (t) => (track = t as unknown as FakeTrack | null),
      oneCamera,
      pauseCamera: () => Promise.resolve(void log.push("pause")),
      resumeCamera: () => Promise.resolve(void log.push("resume")),
      firstCamera: () => "cam-1",
    });
    return { media, log, second, track: () => track };
  };

  it("on a PC is the loose camera, beside the first", async () => {
    const s = make(false);
    s.media.plug("videoinput", "cam-2");
    await s.second.start("camera");
    expect(s.track()).toMatchObject({ deviceId: "cam-2", contentHint: "detail" });
    expect(s.log).toEqual(["starting camera", "on camera"]);
  });

  it("on a telephone is the rear camera, with the first one paused as long as it lasts", async () => {
    const s = make(true);
    await s.second.start("camera");
    expect(s.media.asked.at(-1)?.video).toMatchObject({ facingMode: { ideal: "environment" } });
    await s.second.stop();
    expect(s.log).toEqual(["starting camera", "pause", "on camera", "off ", "resume"]);
  });

  it("on a telephone gives the first camera back when the rear one can't be had", async () => {
    const s = make(true);
    s.media.refusal.video = "NotReadableError";
    await s.second.start("camera");
    await wait();
    expect(s.log).toEqual(["starting camera", "pause", "failed camera in-use", "resume"]);
  });

  it("stopped before it came does not start", async () => {
    const s = make(false);
    const starting = s.second.start("screen");
    await s.second.stop();
    await starting;
    expect(s.track()).toBeNull();
    expect((s.media.screen as FakeTrack).readyState).toBe("ended");
    expect(s.log.at(-1)).toBe("off ");
  });

  it("changes from camera to screen without a gap", async () => {
    const s = make(false);
    await s.second.start("camera");
    const camera = s.track();
    await s.second.start("screen");
    expect(camera?.readyState).toBe("ended");
    expect(s.track()).toBe(s.media.screen);
  });
});

describe("errors of devices", () => {
  const named = (name: string, message = "") => Object.assign(new Error(message), { name });
  it.each([
    ["NotAllowedError", "denied"], ["SecurityError", "denied"], ["NotFoundError", "missing"], ["NotReadableError", "in-use"],
    ["AbortError", "in-use"], ["OverconstrainedError", "unsuitable"], ["NotSupportedError", "unsupported"], ["TypeError", "unsupported"], ["Boo", "unknown"],
  ])("%s is %s", (name, kind) => expect(classify(named(name))).toBe(kind));
  it("tell a closed question from a no", () => {
    expect(classify(named("NotAllowedError", "Permission dismissed"))).toBe("dismissed");
    expect(classify(named("NotAllowedError"), true)).toBe("dismissed");
  });
  it("may be anything", () => {
    for (const x of [null, undefined, 1, "x", {}]) expect(classify(x)).toBe("unknown");
  });
});

describe("the ear", () => {
  /** Levels of each 50 ms. */
  const run = (ear: Ear, ms: number, rms: number, peak = rms, on = true, from = 0) => {
    let f = ear.hear({ at: from, rms, peak, on });
    for (let t = 50; t <= ms; t += 50) f = ear.hear({ at: from + t, rms, peak, on });
    return f;
  };
  it("in the check wants to hear someone, and says after 5 s that it has not", () => {
    const still = 0.0005; // a quiet room
    expect(run(new Ear(true), 4_900, still)).toMatchObject({ heard: false, silent: false });
    expect(run(new Ear(true), 5_000, still)).toMatchObject({ heard: false, silent: true });
    expect(run(new Ear(true), 50, 0.02)).toMatchObject({ heard: true, silent: false });
  });
  it("in the call does not mistake a quiet room for a dead microphone", () => {
    expect(run(new Ear(false), 60_000, 0.0005).silent).toBe(false);
    expect(run(new Ear(false), 5_000, 0).silent).toBe(true);
    expect(run(new Ear(false), 60_000, 0, 0, false).silent).toBe(false); // switched off
  });
  it("does not count the time that the page slept", () => {
    const ear = new Ear(false);
    run(ear, 1_000, 0);
    expect(ear.hear({ at: 60_000, rms: 0, peak: 0, on: true }).silent).toBe(false);
  });
  it("hears talk while the sound is off, but not a chair, and not while it is on", () => {
    expect(run(new Ear(false), 600, 0.1, 0.3, false).talkingOff).toBe(true);
    expect(run(new Ear(false), 150, 0.1, 0.3, false).talkingOff).toBe(false);
    expect(run(new Ear(false), 5_000, 0.004, 0.01, false).talkingOff).toBe(false);
    expect(run(new Ear(false), 600, 0.1, 0.3, true).talkingOff).toBe(false);
  });
  it("draws a bar from −60 to −10 dBFS", () => {
    expect(barOf(0)).toBe(0);
    expect(barOf(10 ** (-35 / 20))).toBeCloseTo(0.5);
    expect(barOf(1)).toBe(1);
  });
});

describe("browsers by name", () => {
  it.each([
    ["Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36", false, "chrome"],
    ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0", false, "edge"],
    ["Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0", false, "firefox"],
    ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15", false, "safari"],
    ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15", true, "safari-ios"],
    ["Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1", true, "safari-ios"],
    ["Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/156.0 Mobile/15E148 Safari/604.1", true, "chrome-ios"],
    ["Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148", true, "in-app"],
    ["Mozilla/5.0 (Linux; Android 16; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36", true, "chrome-android"],
    ["Mozilla/5.0 (Linux; Android 16; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/29.0 Chrome/150.0.0.0 Mobile Safari/537.36", true, "samsung"],
    ["Mozilla/5.0 (Linux; Android 16; Pixel 9; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/156.0.0.0 Mobile Safari/537.36", true, "in-app"],
    ["Mozilla/5.0 (Android 16; Mobile; rv:153.0) Gecko/153.0 Firefox/153.0", true, "firefox-android"],
  ] as const)("%s", (agent, touch, name) => expect(browserOf(agent, touch)).toBe(name));
  it("telephones have one camera at a time", () => {
    expect(oneCameraAtATime("safari-ios")).toBe(true);
    expect(oneCameraAtATime("edge")).toBe(false);
  });
});
