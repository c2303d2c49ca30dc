// What the call page draws, worked out from the state: tiles, who is where, what is large.
// Pure; the same state always gives the same view.

import type { MediaState, Participant, Picture, Quality, Role, SecondKind } from "../gen/protocol";
import type { AppState, Call } from "./state";

/** What a tile's picture is right now. */
export type PictureState =
  | "live"
  | "starting" // it should come, and has not yet
  | "stalled" // it stands still: must not be shown as if live
  | "held" // the connection carries sound only
  | "off" // not sent, by the person's own wish or for want of a camera
  | "away"; // the person's connection is gone; the place is kept

/** One tile. Own camera and own second picture are tiles too, with self set. */
export interface Tile {
  readonly key: string; // participant + source: stable as long as the tile is there
  readonly participant: string;
  readonly source: "camera" | "second";
  readonly self: boolean;
  readonly name: string;
  readonly role: Role;
  readonly title: string;
  readonly organisation: string;
  readonly picture: PictureState;
  readonly kind: SecondKind; // for source "second": camera or screen
  readonly large: boolean;
  readonly speaking: boolean;
  readonly muted: boolean; // the microphone is off
  readonly hand: boolean;
  readonly quality: Quality;
  readonly watchedBy: readonly Participant[]; // others who have made this picture the large one
}

/** Which roles' camera is large for whom when nobody has chosen, first present wins. */
const firstFor: Record<Role, readonly Role[]> = {
  specialist: ["patient", "nurse", "relative", "gp", "specialist", "interpreter"],
  gp: ["patient", "nurse", "specialist", "relative", "gp", "interpreter"],
  nurse: ["specialist", "gp", "patient", "relative", "nurse", "interpreter"],
  patient: ["specialist", "gp", "nurse", "relative", "patient", "interpreter"],
  relative: ["specialist", "gp", "nurse", "patient", "relative", "interpreter"],
  interpreter: ["specialist", "patient", "gp", "nurse", "relative", "interpreter"],
};

function inCall(p: Participant): boolean {
  return p.presence !== "waiting";
}

/** Own entry in the list, when there is one. */
export function me(call: Call): Participant | undefined {
  return call.participants.find((p) => p.id === call.self);
}

function exists(call: Call, picture: Picture): boolean {
  const p = call.participants.find((x) => x.id === picture.participant);
  if (!p || !inCall(p)) return false;
  return picture.source === "camera" || (picture.source === "second" && p.media.second !== "");
}

/**
 * The large picture. What the person chose stays as long as it exists; else one's own second
 * picture for the one who films (to aim by), else the camera of the role one came to see.
 * Who speaks never decides: tiles don't move because of speech.
 */
export function largePicture(call: Call): Picture | null {
  if (call.chosen && exists(call, call.chosen)) return call.chosen;
  const own = me(call);
  if (own && own.media.second === "camera") return { participant: own.id, source: "second" };
  const others = call.participants.filter((p) => p.id !== call.self && inCall(p));
  for (const role of firstFor[own?.role ?? "patient"]) {
    const p = others.find((x) => x.role === role);
    if (p) return { participant: p.id, source: "camera" };
  }
  return null;
}

function pictureState(state: AppState, call: Call, p: Participant, source: "camera" | "second"): PictureState {
  if (p.id === call.self) {
    if (source === "camera") return state.camera.state === "on" ? "live" : state.camera.state === "asking" ? "starting" : "off";
    return state.second.state === "on" ? "live" : state.second.state === "starting" ? "starting" : "off";
  }
  if (source === "camera" ? !p.media.camera : p.media.second === "") return p.presence === "away" ? "away" : "off";
  const line = call.lines.find((l) => l.participant === p.id && l.source === source);
  const health = line && call.health[line.mid];
  // A picture that moves is shown, whatever is said of the connections at its two ends: who
  // has lost the websocket only is away to the server, and still seen and heard.
  if (health === "live") return health;
  if (p.presence === "away") return "away";
  const qualities = [p.quality, me(call)?.quality];
  if (qualities.includes("audio-only")) return "held";
  // Where there is little room, the lesser pictures wait for the large one.
  if (health === "stalled" && qualities.includes("poor")) return "held";
  return health ?? "starting";
}

/** What one sends oneself is known here first; the server's word on it comes later. */
function sending(state: AppState, call: Call, p: Participant): { microphone: boolean; second: SecondKind } {
  if (p.id !== call.self) return p.media;
  return {
    microphone: state.microphone.wanted && state.microphone.state === "on",
    second: state.second.state === "on" || state.second.state === "starting" ? state.second.kind : "",
  };
}

/** All tiles: for each participant in the order in which they came the camera, then the second picture; own ones last. */
export function tiles(state: AppState): readonly Tile[] {
  const call = state.call;
  if (!call) return [];
  const large = largePicture(call);
  const here = call.participants.filter(inCall);
  const ordered = [...here.filter((p) => p.id !== call.self), ...here.filter((p) => p.id === call.self)];
  const out: Tile[] = [];
  for (const p of ordered) {
    const media = sending(state, call, p);
    const sources: ("camera" | "second")[] = media.second === "" ? ["camera"] : ["camera", "second"];
    for (const source of sources) {
      out.push({
        key: `${p.id}/${source}`,
        participant: p.id,
        source,
        self: p.id === call.self,
        name: p.name,
        role: p.role,
        title: p.title,
        organisation: p.organisation,
        picture: pictureState(state, call, p, source),
        kind: source === "second" ? media.second : "",
        large: large !== null && large.participant === p.id && large.source === source,
        speaking: source === "camera" && call.speaking.includes(p.id),
        muted: !media.microphone,
        hand: p.id === call.self ? state.hand : p.hand,
        quality: p.quality,
        watchedBy: here.filter(
          (o) => o.id !== call.self && o.id !== p.id && o.watching?.participant === p.id && o.watching.source === source,
        ),
      });
    }
  }
  return out;
}

/** Those in the waiting room, as seen by who may admit. */
export function waitingPeople(call: Call): readonly Participant[] {
  return call.participants.filter((p) => p.presence === "waiting" && p.id !== call.self);
}

/** Those in the call, own included, also those whose connection is away. */
export function presentPeople(call: Call): readonly Participant[] {
  return call.participants.filter(inCall);
}

/** Those who are expected and neither here nor waiting (as far as this page may see). */
export function missingPeople(call: Call) {
  return call.consultation.expected.filter((e) => !call.participants.some((p) => p.id === e.id));
}

/** What is sent: what is wanted, as far as there is a device for it. */
export function mediaOf(state: AppState): MediaState {
  return {
    microphone: state.microphone.wanted && state.microphone.state === "on",
    camera: state.camera.wanted && state.camera.state === "on",
    second: state.second.state === "on" ? state.second.kind : "",
  };
}
