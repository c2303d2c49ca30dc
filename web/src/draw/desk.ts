// What is drawn, stopped and shown in a call. Others' strokes come by messages and stay until their
// writer takes them away, or the picture that they are on goes.

import { signal, type ReadonlySignal } from "@preact/signals";
import type { Spoken } from "../call/visit";
import type { Client } from "../house/client";
import type { Drawing, Photo, Picture, ServerMessage, Surface } from "../gen/protocol";
import { distance, pieces, thinned, type Points, type Size } from "./geometry";

export type Colour = "blue" | "white" | "yellow";
export type Tool = "line" | "arrow" | "eraser";

export interface Stroke {
  readonly participant: string;
  readonly name: string;
  readonly id: string;
  readonly shape: string;
  readonly colour: string;
  readonly points: Points;
}

export interface DrawState {
  readonly strokes: ReadonlyMap<string, readonly Stroke[]>; // by surface
  readonly frozen: ReadonlyMap<string, string>; // by surface: name of who stopped it
  readonly shown: { readonly photo: string; readonly by: string } | null;
  readonly saved: readonly Drawing[]; // on the photo that is shown
  readonly tool: Tool;
  readonly colour: Colour;
  readonly drawing: boolean; // the person has taken the pen up
  readonly saving: "" | "saving" | "saved" | "failed";
  readonly active: { readonly name: string; readonly surface: string } | null; // who else draws now
}

export interface DrawConfig {
  readonly hear: (tell: (m: ServerMessage) => void) => () => void;
  readonly say: (m: Spoken) => boolean;
  readonly client: () => Promise<Client>;
  readonly patient: string;
  readonly self: () => string;
  readonly nameOf: (participant: string) => string;
  readonly key: () => string;
}

export const keyOf = (s: Surface): string => (s.photo !== "" ? `photo ${s.photo}` : `${s.participant} ${s.source}`);
export const pictureSurface = (p: Picture): Surface => ({ photo: "", participant: p.participant, source: p.source });
export const photoSurface = (photo: string): Surface => ({ photo, participant: "", source: "" });

const gap = 60; // ms between pieces: the service takes 20 a second
const quiet = 4_000; // ms after which nobody is said to draw any more
const mostPoints = 20_000; // numbers of one stroke that a page keeps: another's page may send without end
const reach = 0.03; // of the eraser, in parts of the picture's longer side

export class DrawDesk {
  readonly #cfg: DrawConfig;
  readonly #state = signal<DrawState>({ strokes: new Map(), frozen: new Map(), shown: null, saved: [], tool: "arrow", colour: "blue", drawing: false, saving: "", active: null });
  readonly state: ReadonlySignal<DrawState> = this.#state;
  #stop: (() => void) | undefined;
  #own: { surface: Surface; id: string; shape: "line" | "arrow"; colour: Colour; waiting: number[] } | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #quiet: ReturnType<typeof setTimeout> | undefined;
  #count = 0;
  readonly #prefix: string;

  constructor(cfg: DrawConfig) {
    this.#cfg = cfg;
    this.#prefix = cfg.key().slice(0, 8);
  }

  open(): void {
    this.#stop = this.#cfg.hear((m) => this.#hear(m));
  }

  close(): void {
    this.#stop?.();
    clearTimeout(this.#timer);
    clearTimeout(this.#quiet);
  }

  setTool(tool: Tool): void {
    this.#set({ tool });
  }

  setColour(colour: Colour): void {
    this.#set({ colour });
  }

  setDrawing(drawing: boolean): void {
    this.#set({ drawing, saving: "" });
  }

  begin(surface: Surface, at: readonly [number, number]): void {
    this.end();
    const { tool, colour } = this.#state.peek();
    const shape = tool === "line" ? "line" : "arrow";
    this.#own = { surface, id: `${this.#prefix}-${++this.#count}`, shape, colour, waiting: [] };
    this.#set({ saving: "" });
    this.extend([...at]);
  }

  /** More places of the stroke that is being drawn. */
  extend(points: Points): void {
    const own = this.#own;
    if (!own || points.length === 0) return;
    own.waiting.push(...points);
    this.#add(own.surface, { participant: this.#cfg.self(), name: "", id: own.id, shape: own.shape, colour: own.colour, points });
    this.#timer ??= setTimeout(() => this.#flush(false), gap);
  }

  end(): void {
    if (!this.#own) return;
    this.#flush(true);
    this.#own = null;
  }

  /** A place that is pointed at without a pointer: an arrow to it. */
  mark(surface: Surface, [x, y]: readonly [number, number]): void {
    const from = (v: number) => (v > 0.5 ? v - 0.12 : v + 0.12);
    this.begin(surface, [from(x), from(y)]);
    if (this.#own) this.#own.shape = "arrow";
    this.extend([x, y]);
    this.end();
  }

  own(surface: Surface): readonly Stroke[] {
    return (this.#state.value.strokes.get(keyOf(surface)) ?? []).filter((s) => s.participant === this.#cfg.self());
  }

  undo(surface: Surface): void {
    const last = this.own(surface).at(-1);
    if (last) this.#takeAway(surface, last.id);
  }

  /** Takes away the own strokes that the eraser comes near. */
  erase(surface: Surface, [x, y]: readonly [number, number], size: Size): void {
    for (const s of this.own(surface)) if (distance(s.points, x, y, size) < reach) this.#takeAway(surface, s.id);
  }

  /** Takes away all that this page has drawn on a picture. */
  wipe(surface: Surface): void {
    this.end();
    this.#takeAway(surface, "");
  }

  freeze(picture: Picture, frozen: boolean): void {
    this.#cfg.say({ type: "freeze", participant: picture.participant, source: picture.source, frozen });
  }

  show(photo: string): void {
    this.#cfg.say({ type: "show", photo });
  }

  /** Keeps what this page has drawn on a photo; what could not be kept stays drawn. */
  async save(photo: string): Promise<void> {
    this.end();
    const surface = photoSurface(photo);
    this.#set({ saving: "saving" });
    try {
      const client = await this.#cfg.client();
      for (const s of this.own(surface)) {
        const body = { key: s.id, shape: s.shape as Drawing["shape"] & ("line" | "arrow"), colour: s.colour as Colour, points: thinned(s.points.length === 2 ? [...s.points, ...s.points] : s.points), note: "" };
        const kept = await client("POST /patients/{id}/photos/{photo}/drawings", { path: { id: this.#cfg.patient, photo }, body });
        this.#takeAway(surface, s.id);
        this.#photographed([kept]);
      }
      this.#set({ saving: "saved" });
    } catch {
      this.#set({ saving: "failed" });
    }
  }

  #hear(m: ServerMessage): void {
    switch (m.type) {
      case "welcome":
        // What others have drawn is not told anew; nor is what is stopped. What is shown is.
        this.#own = null;
        this.#set({ strokes: new Map(), frozen: new Map(), shown: null, saved: [], active: null });
        break;
      case "drawn":
        if (m.gone) this.#remove(keyOf(m.surface), m.participant, m.stroke);
        else {
          this.#add(m.surface, { participant: m.participant, name: this.#cfg.nameOf(m.participant), id: m.stroke, shape: m.shape, colour: m.colour, points: m.points });
          this.#draws(m.participant, m.surface);
        }
        break;
      case "frozen": {
        const surface = pictureSurface(m);
        const frozen = new Map(this.#state.peek().frozen);
        if (m.frozen) frozen.set(keyOf(surface), this.#cfg.nameOf(m.by));
        else {
          frozen.delete(keyOf(surface));
          this.#forget((key) => key === keyOf(surface));
        }
        this.#set({ frozen });
        break;
      }
      case "shown": {
        const before = this.#state.peek().shown;
        if (before && before.photo !== m.photo) this.#forget((key) => key === keyOf(photoSurface(before.photo)));
        this.#set({ shown: m.photo === "" ? null : { photo: m.photo, by: this.#cfg.nameOf(m.participant) }, saved: [], saving: "" });
        if (m.photo !== "") void this.#read(m.photo);
        break;
      }
      case "photographed":
        this.#photographed(m.photos);
        break;
      case "left":
        for (const key of this.#state.peek().strokes.keys()) this.#remove(key, m.participant, "");
        this.#gone((key) => key.startsWith(`${m.participant} `));
        break;
      case "updated":
        if (m.participant.media.second === "") this.#gone((key) => key === `${m.participant.id} second`);
        if (!m.participant.media.camera) this.#gone((key) => key === `${m.participant.id} camera`);
        break;
      default:
    }
  }

  /** A picture that is sent no more: it is stopped by nobody, and nothing is on it. */
  #gone(of: (key: string) => boolean): void {
    this.#forget(of);
    const frozen = [...this.#state.peek().frozen].filter(([key]) => !of(key));
    if (frozen.length !== this.#state.peek().frozen.size) this.#set({ frozen: new Map(frozen) });
  }

  async #read(photo: string): Promise<void> {
    try {
      const { items, loose } = await (await this.#cfg.client())("GET /patients/{id}/wounds", { path: { id: this.#cfg.patient } });
      this.#photographed([...loose, ...items.flatMap((w) => [w.photo, w.photoBefore].filter((p) => p !== null))].filter((p) => p.id === photo));
    } catch {
      // The photo stands without what was drawn on it before, until it is told of anew.
    }
  }

  #photographed(photos: readonly Photo[]): void {
    const now = photos.find((p) => p.id === this.#state.peek().shown?.photo);
    if (now) this.#set({ saved: now.drawings });
  }

  #flush(done: boolean): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const own = this.#own;
    if (!own) return;
    const all = pieces(own.waiting.splice(0));
    const parts = all.length > 0 ? all : done ? [[]] : [];
    parts.forEach((points, i) =>
      this.#cfg.say({ type: "draw", surface: own.surface, stroke: own.id, shape: own.shape, colour: own.colour, points, done: done && i === parts.length - 1, gone: false }),
    );
  }

  #takeAway(surface: Surface, id: string): void {
    if (this.#own && (id === "" || this.#own.id === id)) this.#own = null;
    this.#remove(keyOf(surface), this.#cfg.self(), id);
    this.#cfg.say({ type: "draw", surface, stroke: id, shape: "line", colour: "blue", points: [], done: true, gone: true });
  }

  #add(surface: Surface, more: Stroke): void {
    const key = keyOf(surface);
    const strokes = new Map(this.#state.peek().strokes);
    const there = strokes.get(key) ?? [];
    const before = there.find((s) => s.participant === more.participant && s.id === more.id);
    if (before && before.points.length + more.points.length > mostPoints) return;
    strokes.set(key, before ? there.map((s) => (s === before ? { ...s, points: [...s.points, ...more.points] } : s)) : [...there, more]);
    this.#set({ strokes });
  }

  #remove(key: string, participant: string, id: string): void {
    const strokes = new Map(this.#state.peek().strokes);
    strokes.set(key, (strokes.get(key) ?? []).filter((s) => s.participant !== participant || (id !== "" && s.id !== id)));
    this.#set({ strokes });
  }

  #forget(of: (key: string) => boolean): void {
    this.#set({ strokes: new Map([...this.#state.peek().strokes].filter(([key]) => !of(key))) });
  }

  #draws(participant: string, surface: Surface): void {
    clearTimeout(this.#quiet);
    const active = this.#state.peek().active;
    const name = this.#cfg.nameOf(participant);
    if (active?.name !== name || active.surface !== keyOf(surface)) this.#set({ active: { name, surface: keyOf(surface) } });
    this.#quiet = setTimeout(() => this.#set({ active: null }), quiet);
  }

  #set(change: Partial<DrawState>): void {
    this.#state.value = { ...this.#state.peek(), ...change };
  }
}
