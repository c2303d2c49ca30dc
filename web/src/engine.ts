// What stands behind the controller: it joins the devices, the session, the stage and the
// reducer. Each of them is tested alone; here is only what must be known of several at once.

import { signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { Answering } from "./appointment/answering";
import { ApiError, codeProblemOf, failure, failureOf, invitationOf, type Entrance } from "./api";
import type { Seat } from "./call/seat";
import { Visit, type Spoken } from "./call/visit";
import type { Controller } from "./controller";
import type { Deps, Memory, PageEvent } from "./deps";
import { oneCameraAtATime } from "./devices/browser";
import { Inputs } from "./devices/inputs";
import { Second } from "./devices/second";
import { Voice } from "./devices/voice";
import type { Companion, Language, LinkAnswer, Opened, Picture, ServerMessage } from "./gen/protocol";
import type { Client } from "./house/client";
import { testResult, undecided, type Said, type Step, type Telling } from "./state/appointment";
import { overBy } from "./state/message";
import { reducer } from "./state/reducer";
import { initialState, type Action, type AppState, type DeviceKind, type FailureCode, type Over } from "./state/state";

const countdownFrom = 3; // s
const probeAgain = 2_000; // ms
const signIn = "/sign-in"; // who is in already is led on to where their role begins

export class Engine implements Controller {
  readonly #deps: Deps;
  readonly #state: Signal<AppState>;
  readonly #inputs: Inputs;
  readonly #second: Second;
  readonly #visit: Visit;
  readonly #voice: Voice;
  readonly #answering: Answering;
  readonly #ears = new Set<(m: ServerMessage) => void>(); // parts of the call page that keep their own state
  readonly #off: (() => void)[] = [];
  #memory: Memory;
  #entrance: Entrance = { kind: "link", token: "" };
  #countdown: ReturnType<typeof setInterval> | undefined;
  #probing: ReturnType<typeof setTimeout> | undefined;
  #clock: ReturnType<typeof setInterval> | undefined;
  #opening = 0; // grows with each opening: an answer to an older one is thrown away
  #openedAnew = false; // because the session was over: once, for where no cookie is kept it is over at once again

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#memory = deps.memory.load();
    this.#state = signal(initialState(this.#memory.language ?? deps.language, deps.browser));
    const oneCamera = oneCameraAtATime(deps.browser);
    const dispatch = (a: Action) => this.#dispatch(a);
    this.#inputs = new Inputs({
      media: deps.media,
      dispatch,
      onTrack: (kind, track) => this.#onTrack(kind, track),
      preferred: this.#memory.devices,
      onPreferred: (kind, id) => this.#remember({ devices: { ...this.#memory.devices, [kind]: id } }),
      oneCamera,
      small: deps.small,
    });
    this.#second = new Second({
      media: deps.media,
      onState: (second) => {
        dispatch({ type: "second", second: { ...second, screenPossible: false } });
        if (second.failure) dispatch({ type: "notice", notice: { kind: "second-failed", failure: second.failure } });
        else dispatch({ type: "dismiss-kind", kind: "second-failed" });
      },
      onTrack: (track) => this.#visit.setTrack("second", track),
      oneCamera,
      pauseCamera: () => this.#inputs.pauseCamera(),
      resumeCamera: () => this.#inputs.unpauseCamera(),
      firstCamera: () => this.#inputs.track("camera")?.getSettings().deviceId ?? "",
    });
    this.#visit = new Visit({
      deps,
      state: () => this.#now,
      dispatch,
      track: (source) => (source === "second" ? this.#second.track : this.#inputs.track(source)),
      told: (m) => this.#onTold(m),
      over: (over) => this.#over(over),
      failed: (why) => this.#failed(why),
    });
    this.#answering = new Answering({ doors: deps.doors, state: () => this.#now, dispatch, offer: deps.offer });
    this.#voice = new Voice({ sound: deps.sound, track: () => this.#inputs.track("microphone"), state: () => this.#now, dispatch });
  }

  get state(): ReadonlySignal<AppState> {
    return this.#state;
  }

  get level(): ReadonlySignal<number> {
    return this.#voice.level;
  }

  get #now(): AppState {
    return this.#state.peek();
  }

  // ------------------------------------------------------------ the way in

  open(): void {
    if (this.#off.length === 0) this.#listen();
    const entrance = this.#deps.entrance();
    this.#entrance = entrance;
    const turn = ++this.#opening;
    this.#answering.close();
    this.#end();
    if (!this.#deps.supported) return this.#dispatch({ type: "failed", failure: failure("unsupported") });
    if (entrance.kind === "link" && entrance.token === "") return this.#dispatch({ type: "failed", failure: failure("link-missing") });
    this.#dispatch({ type: "opening", account: entrance.kind === "consultation" });
    const { api } = this.#deps;
    const opening = entrance.kind === "link" ? api.open(entrance.token).then((answer) => this.#answered(answer, turn)) : api.consultation(entrance.id).then((opened) => this.#opened(opened, turn));
    opening.catch((err: unknown) => {
      if (turn !== this.#opening) return;
      const failed = failureOf(err);
      if (failed.code === "sign-in") this.#deps.go(signIn);
      else this.#dispatch({ type: "failed", failure: failed });
    });
  }

  /** A link leads to its consultation, to the code that it asks for, or to an account's pages. */
  #answered(answer: LinkAnswer, turn: number): void {
    if (turn !== this.#opening) return;
    if (answer.opened) this.#opened(answer.opened, turn);
    else if (answer.code) this.#dispatch({ type: "code", code: { needed: answer.code, problem: "", busy: false, again: false } });
    else this.#deps.go(signIn);
  }

  #opened(opened: Opened, turn: number): void {
    if (turn !== this.#opening) return;
    const { consultation, me, now } = opened;
    if (this.#memory.language === null) this.#dispatch({ type: "language", language: me.language });
    this.#dispatch({ type: "opened", invitation: invitationOf(opened, consultation), now, skew: now - Date.now() });
    if (this.#entrance.kind === "link") this.#answering.open();
    const seat = this.#deps.seats.load(consultation.id);
    if (seat && this.#now.invitation?.state !== "cancelled" && Date.now() - seat.at <= seat.window) this.#takeUp(seat);
  }

  answerCode(digits: string): void {
    this.#tryCode((token) => this.#deps.api.answer(token, digits), false);
  }

  sendCodeAgain(): void {
    this.#tryCode((token) => this.#deps.api.again(token), true);
  }

  #tryCode(ask: (token: string) => Promise<LinkAnswer>, again: boolean): void {
    const entrance = this.#entrance;
    const code = this.#now.code;
    if (this.#now.page !== "code" || !code || code.busy || entrance.kind !== "link") return;
    const turn = this.#opening;
    this.#dispatch({ type: "code", code: { ...code, busy: true } });
    ask(entrance.token).then(
      (answer) => {
        if (turn !== this.#opening) return;
        if (answer.code) this.#dispatch({ type: "code", code: { needed: answer.code, problem: "", busy: false, again } });
        else this.#answered(answer, turn);
      },
      (err: unknown) => {
        if (turn !== this.#opening) return;
        const problem = codeProblemOf(err);
        const triesLeft = (err instanceof ApiError ? err.problem?.triesLeft : undefined) ?? 0;
        if (problem === "link") this.#dispatch({ type: "failed", failure: failureOf(err) });
        else this.#dispatch({ type: "code", code: { needed: { ...code.needed, triesLeft }, problem, busy: false, again: false } });
      },
    );
  }

  /** After a reload: straight back, with what was switched on. */
  #takeUp(seat: Seat): void {
    this.#dispatch({ type: "joining" });
    // Switched off stays off: a reload must never open a microphone.
    if (!seat.media.microphone) void this.#inputs.setMicrophone(false);
    if (!seat.media.camera) void this.#inputs.setCamera(false);
    void this.#inputs.start();
    this.#visit.resume(seat);
  }

  join(): void {
    const { page, invitation, now } = this.#now;
    if (page !== "welcome" || !invitation || invitation.state === "cancelled" || undecided(invitation.state)) return;
    this.#deps.sound.wake();
    if (now < invitation.opensAt) {
      const { phone, organisation } = invitation.consultation;
      return this.#dispatch({ type: "failed", failure: failure("not-open", phone, organisation) });
    }
    this.#check(false);
  }

  #check(testing: boolean): void {
    this.#dispatch({ type: "check", testing });
    void this.#inputs.start();
    this.#probe();
  }

  /** Tries the network; while there is none again and again, as not every browser tells when it is back. */
  #probe(): void {
    const turn = this.#opening;
    const still = () => turn === this.#opening && this.#now.page === "check";
    void this.#deps.api.probe().then((network) => {
      if (!still()) return;
      this.#dispatch({ type: "network", network });
      clearTimeout(this.#probing);
      if (network.verdict === "none") this.#probing = setTimeout(() => still() && this.#probe(), probeAgain);
    });
  }

  continueFromCheck(): void {
    if (this.#now.page !== "check" || this.#now.joining || this.#now.testing) return;
    this.#deps.sound.wake();
    this.#stopCountdown();
    this.#dispatch({ type: "joining" });
    this.#visit.join();
  }

  stayInCheck(): void {
    if (this.#now.page !== "check" || this.#now.joining) return;
    this.#stopCountdown();
    this.#dispatch({ type: "stay" });
  }

  retryDevices(): void {
    this.#deps.sound.wake();
    void this.#inputs.start();
  }

  back(): void {
    if (this.#now.page !== "check" || this.#now.joining) return;
    const test = this.#now.testing ? testResult(this.#now) : "";
    this.#end();
    this.#dispatch({ type: "welcome" });
    if (test !== "") this.#answering.tell({ state: "tested", test });
  }

  retry(): void {
    this.#openedAnew = false;
    if (this.#now.failure?.code === "version") this.#deps.reload();
    else this.open();
  }

  // ------------------------------------------------------------ the appointment

  readAgain(): void {
    this.#answering.again();
  }

  step(step: Step): void {
    if (this.#now.page === "welcome" && !this.#now.appointment.saying.busy) this.#dispatch({ type: "appointment-step", step });
  }

  answer(said: Said): void {
    this.#answering.answer(said);
  }

  tell(telling: Telling): void {
    this.#answering.tell(telling);
  }

  addToCalendar(): void {
    this.#answering.calendar();
  }

  testDevices(): void {
    const { page, invitation } = this.#now;
    if (page !== "welcome" || !invitation || invitation.state === "cancelled") return;
    this.#deps.sound.wake();
    this.#check(true);
  }

  // ------------------------------------------------------------ devices

  setMicrophone(on: boolean): void {
    void this.#inputs.setMicrophone(on);
  }

  setCamera(on: boolean): void {
    void this.#inputs.setCamera(on);
  }

  switchDevice(kind: DeviceKind, id: string): void {
    if (kind !== "speaker") return void this.#inputs.select(kind, id);
    this.#visit.stage.setSpeaker(id).then(
      () => {
        this.#remember({ devices: { ...this.#memory.devices, speaker: id } });
        this.#dispatch({ type: "speaker", id });
      },
      () => this.#dispatch({ type: "notice", notice: { kind: "device-failed", device: "speaker", failure: "missing" } }),
    );
  }

  flipCamera(): void {
    void this.#inputs.flip();
  }

  startSecond(kind: "camera" | "screen", id?: string): void {
    if (this.#now.call?.may.includes("second")) void this.#second.start(kind, id);
  }

  stopSecond(): void {
    void this.#second.stop();
  }

  playTestSound(): void {
    if (this.#now.speaker.testing) return;
    this.#dispatch({ type: "tone", playing: true });
    this.#deps.sound
      .tone(this.#now.speaker.selected)
      .catch(() => this.#dispatch({ type: "notice", notice: { kind: "device-failed", device: "speaker", failure: "unknown" } }))
      .finally(() => this.#dispatch({ type: "tone", playing: false }));
  }

  allowSound(): void {
    this.#deps.sound.wake();
    void this.#visit.stage.allow();
  }

  // ------------------------------------------------------------ the call

  choose(picture: Picture | null): void {
    this.#dispatch({ type: "choose", picture });
  }

  admit(participant: string): void {
    this.#visit.order("admit", { type: "admit", participant });
  }

  refuse(participant: string): void {
    this.#visit.order("admit", { type: "refuse", participant });
  }

  confirm(participant: string): void {
    this.#visit.order("confirm", { type: "confirm", participant });
  }

  mute(participant: string): void {
    this.#visit.order("mute", { type: "mute", participant });
  }

  remove(participant: string): void {
    this.#visit.order("remove", { type: "remove", participant });
  }

  lock(on: boolean): void {
    this.#visit.order("lock", { type: "lock", locked: on });
  }

  endForAll(): void {
    this.#visit.order("end", { type: "end" });
  }

  leave(): void {
    if (!this.#visit.leave()) this.#over(overBy("left"));
  }

  sendChat(text: string): void {
    this.#visit.chat(text);
  }

  openChat(open: boolean): void {
    this.#dispatch({ type: "chat-open", open });
  }

  raiseHand(on: boolean): void {
    this.#dispatch({ type: "hand", raised: on });
  }

  setBeside(people: readonly Companion[]): void {
    this.#dispatch({ type: "beside", people });
  }

  service(): Promise<Client> {
    return this.#deps.doors.service();
  }

  pictures(path: string): Promise<Blob> {
    return this.#deps.doors.pictures(path);
  }

  ownTrack(source: "camera" | "second"): MediaStreamTrack | null {
    return source === "second" ? this.#second.track : this.#inputs.track(source);
  }

  hear(tell: (m: ServerMessage) => void): () => void {
    this.#ears.add(tell);
    return () => this.#ears.delete(tell);
  }

  say(m: Spoken): boolean {
    return this.#visit.say(m);
  }

  attachVideo(el: HTMLVideoElement, participant: string, source: "camera" | "second"): () => void {
    return this.#visit.stage.attachVideo(el, participant, source);
  }

  attachAudio(el: HTMLAudioElement, participant: string): () => void {
    return this.#visit.stage.attachAudio(el, participant);
  }

  setLanguage(language: Language): void {
    this.#remember({ language });
    this.#dispatch({ type: "language", language });
  }

  dismiss(notice: number): void {
    this.#dispatch({ type: "dismiss", id: notice });
  }

  close(): void {
    this.#opening++;
    this.#end();
    for (const off of this.#off) off();
    this.#off.length = 0;
    clearInterval(this.#clock);
    this.#answering.close();
    this.#inputs.close();
    this.#visit.close();
    this.#deps.sound.close();
  }

  // ------------------------------------------------------------ inside

  #dispatch(action: Action): void {
    const before = this.#now;
    const after = reducer(before, action);
    if (after === before) return;
    this.#state.value = after;
    this.#follow(before, after);
  }

  /** What a new state asks for: the countdown, and what the visit makes of it. */
  #follow(before: AppState, after: AppState): void {
    const { check, page } = after;
    const mayGoOn = page === "check" && check.good && !check.stayed && !after.joining && !after.testing;
    if (mayGoOn && this.#countdown === undefined) this.#startCountdown();
    else if (!mayGoOn) this.#stopCountdown();
    this.#visit.follow(before, after);
    if (notNow(after) && (page === "waiting" || (page === "check" && !after.testing))) {
      this.#end();
      this.#dispatch({ type: "welcome" });
    }
    if (after.connection.status !== before.connection.status) this.#tellOnline();
  }

  #startCountdown(): void {
    let seconds = countdownFrom;
    this.#countdown = setInterval(() => {
      if (--seconds === 0) this.continueFromCheck();
      else this.#dispatch({ type: "countdown", seconds });
    }, 1_000);
    this.#visit.warm();
    this.#dispatch({ type: "countdown", seconds });
  }

  #stopCountdown(): void {
    clearInterval(this.#countdown);
    this.#countdown = undefined;
  }

  #onTold(m: ServerMessage): void {
    for (const tell of this.#ears) tell(m);
    if (m.type === "muted") void this.#inputs.setMicrophone(false);
    if (m.type !== "welcome") return;
    this.#voice.listen(false);
    this.#startSpeaker();
  }

  #onTrack(kind: "microphone" | "camera", track: MediaStreamTrack | null): void {
    this.#visit.setTrack(kind, track);
    if (kind === "microphone") this.#voice.listen(this.#now.page === "check");
  }

  /** The loudspeaker chosen last time, when it is here today. */
  #startSpeaker(): void {
    const id = this.#memory.devices.speaker;
    if (id && this.#now.speaker.selected === "" && this.#now.speaker.devices.some((d) => d.id === id)) this.switchDevice("speaker", id);
  }

  #over(over: Over): void {
    this.#end();
    this.#dispatch({ type: "over", over });
  }

  #failed(why: FailureCode | Error): void {
    this.#end();
    const f = why instanceof Error ? failureOf(why) : failure(why);
    if (f.code === "sign-in" && !this.#openedAnew) {
      // The session is over. The link knows what became of it, and an account has its sign-in.
      this.#openedAnew = true;
      return this.open();
    }
    const known = this.#now.invitation?.consultation;
    this.#dispatch({
      type: "failed",
      failure: { ...f, phone: f.phone || (known?.phone ?? ""), organisation: f.organisation || (known?.organisation ?? "") },
    });
  }

  /** Lets go of the call and of the devices: lamps go out. */
  #end(): void {
    this.#stopCountdown();
    clearTimeout(this.#probing);
    this.#visit.end();
    this.#voice.stop();
    if (this.#second.track || this.#now.second.state !== "off") void this.#second.stop();
    this.#inputs.release();
  }

  #remember(change: Partial<Memory>): void {
    this.#memory = { ...this.#memory, ...change };
    this.#deps.memory.save(this.#memory);
  }

  #listen(): void {
    const on = (event: PageEvent, tell: () => void) => this.#off.push(this.#deps.on(event, tell));
    on("online", () => {
      this.#tellOnline();
      this.#visit.changed();
    });
    on("offline", () => this.#tellOnline());
    on("network", () => this.#visit.changed());
    on("shown", () => {
      this.#visit.nudge();
      this.#answering.shown();
      // Telephones take the devices while the screen is locked, and give them back only when asked.
      if (this.#now.call || this.#now.page === "check") void this.#inputs.resume();
    });
    on("hidden", () => {
      this.#visit.park();
      this.#answering.hidden();
    });
    on("press", () => {
      this.#deps.sound.wake();
      if (this.#now.soundBlocked) void this.#visit.stage.allow();
    });
    on("link", () => {
      if (!same(this.#deps.entrance(), this.#entrance)) this.open();
    });
    this.#clock = setInterval(() => this.#dispatch({ type: "tick", now: Date.now() + this.#now.skew }), 5_000);
    this.#tellOnline();
  }

  /** The browser's word that there is no network is believed when nothing proves otherwise: a call runs on a machine of its own, too. */
  #tellOnline(): void {
    const { status, online } = this.#now.connection;
    const is = this.#deps.online() || status === "ok";
    if (is !== online) this.#dispatch({ type: "online", online: is });
  }
}

/** Nobody is left waiting for a visit that will not be, or not until much later. */
function notNow(state: AppState): boolean {
  const { appointment, invitation, now } = state;
  if (!invitation) return false;
  return invitation.state === "cancelled" || (appointment.movedFrom > 0 && now < invitation.opensAt);
}

function same(a: Entrance, b: Entrance): boolean {
  return a.kind === "link" ? b.kind === "link" && a.token === b.token : b.kind === "consultation" && a.id === b.id;
}
