// The one thing between the pages and everything else: pages call its methods and draw its state.

import type { Spoken } from "./call/visit";
import type { ReadonlySignal } from "@preact/signals";
import { browserDeps } from "./browser";
import type { Deps } from "./deps";
import { Engine } from "./engine";
import type { Companion, Picture, ServerMessage } from "./gen/protocol";
import type { Client } from "./house/client";
import type { Said, Step, Telling } from "./state/appointment";
import type { AppState, DeviceKind, Language } from "./state/state";

/**
 * Controller is everything a page can ask for. No method throws or rejects: what goes wrong
 * shows in the state. Methods that need a right the person lacks do nothing.
 */
export interface Controller {
  readonly state: ReadonlySignal<AppState>;
  /** The microphone's level, 0–1 on a scale that fits speech; moves about 20 times a second while someone looks at it. */
  readonly level: ReadonlySignal<number>;

  /** Reads the link in the address and looks it up, or takes up a seat after a reload. Call once, at start. */
  open(): void;
  /** On page "code": tries the six digits. */
  answerCode(digits: string): void;
  /** On page "code": has another one sent. */
  sendCodeAgain(): void;
  /** Reads the appointment anew, after it could not be read. */
  readAgain(): void;
  /** To another page of the appointment; "" leads back to what it asks for. */
  step(step: Step): void;
  /** Answers the times that are proposed, or the booked one. */
  answer(said: Said): void;
  /** Says that one is late, or ready after all. */
  tell(telling: Telling): void;
  /** Hands the appointment over to the person's own calendar, as a file. */
  addToCalendar(): void;
  /** The device check beforehand: leads back to the greeting, and tells what it found. */
  testDevices(): void;
  /** The main button: starts the device check. */
  join(): void;
  /** In the device check: on to the waiting room or the call, now. */
  continueFromCheck(): void;
  /** In the device check: stops the countdown. */
  stayInCheck(): void;
  /** Asks for camera and microphone again after a failure (page "check", or in the call). */
  retryDevices(): void;
  /** Back from the device check to the greeting; a test beforehand is told. */
  back(): void;
  /** On "failed" and "over": tries again from the link. Reloads on failure "version". */
  retry(): void;

  setMicrophone(on: boolean): void;
  setCamera(on: boolean): void;
  switchDevice(kind: DeviceKind, id: string): void;
  /** To the next camera: front and back on a phone or tablet. */
  flipCamera(): void;
  /** "camera" is the rear camera, or `id`; "screen" opens the browser's picker (needs a press). */
  startSecond(kind: "camera" | "screen", id?: string): void;
  stopSecond(): void;
  playTestSound(): void;
  /** After notice "sound-blocked": must be called from a press. */
  allowSound(): void;

  /** Makes a picture the large one; null: back to the role's own choice. */
  choose(picture: Picture | null): void;
  admit(participant: string): void;
  refuse(participant: string): void;
  /** Says that one recognises somebody on the picture. */
  confirm(participant: string): void;
  mute(participant: string): void;
  remove(participant: string): void;
  lock(on: boolean): void;
  endForAll(): void;
  leave(): void;

  /** 1–2,000 characters; kept and sent when the connection is back. */
  sendChat(text: string): void;
  /** Whether the chat is being looked at: clears and holds the unread count. */
  openChat(open: boolean): void;
  raiseHand(on: boolean): void;
  setBeside(people: readonly Companion[]): void;

  /** The service's API, under this page's session. Rejects while it can't be loaded. */
  service(): Promise<Client>;
  /** Fetches a photo of the API, under this page's session. */
  pictures(path: string): Promise<Blob>;
  /** Hears every message of the call, after the state knows it, until the returned function is called. */
  hear(tell: (m: ServerMessage) => void): () => void;
  /** The track of an own device that is on, to take a still of or to switch its lamp; null: it is off. */
  ownTrack(source: "camera" | "second"): MediaStreamTrack | null;
  /** Says what a part of the call page has to say, if the seat may; false: not now. Nothing is kept for later. */
  say(m: Spoken): boolean;

  /**
   * Shows a picture in el, over reconnections and device switches, until the returned function
   * is called. participant "self" is one's own (also before the call). The element's size and
   * visibility decide what the server sends.
   */
  attachVideo(el: HTMLVideoElement, participant: string, source: "camera" | "second"): () => void;
  /** Plays a participant's sound in el until the returned function is called. One per participant. */
  attachAudio(el: HTMLAudioElement, participant: string): () => void;

  setLanguage(language: Language): void;
  dismiss(notice: number): void;
  /** Ends timers, connection and devices. For tests, and when the page goes. */
  close(): void;
}

/** Makes the controller. Nothing happens before open. */
export function createController(deps: Deps = browserDeps()): Controller {
  return new Engine(deps);
}
