// What the engine needs of the browser, so that it can be tried without one.

import type { Api, Entrance } from "./api";
import type { Doors } from "./appointment/doors";
import type { Watch } from "./call/eyes";
import type { Path } from "./call/rtc";
import type { SeatStore } from "./call/seat";
import type { Socket } from "./call/wire";
import type { Sound } from "./devices/sound";
import type { Language } from "./gen/protocol";
import type { Browser, DeviceKind } from "./state/state";

/** What the page remembers between visits: no more than which language and devices were chosen. */
export interface Memory {
  language: Language | null;
  devices: Readonly<Record<DeviceKind, string>>;
}

/** Everything that is the browser's. browserDeps (browser.ts) makes the real one. */
export interface Deps {
  readonly api: Api;
  readonly doors: Doors;
  readonly connect: () => Socket;
  readonly newPath: (onState: () => void) => Path;
  readonly seats: SeatStore;
  readonly media: MediaDevices | undefined;
  readonly sound: Pick<Sound, "wake" | "watch" | "stopWatching" | "tone" | "close">;
  readonly watch: Watch;
  readonly streamOf: (track: MediaStreamTrack) => MediaStream;
  readonly memory: { load(): Memory; save(m: Memory): void };
  readonly entrance: () => Entrance; // by what stands in the address
  /** Leaves for another page of the service. */
  readonly go: (path: string) => void;
  readonly reload: () => void;
  /** Hands a file over to the person, as the browser does with files. */
  readonly offer: (file: Blob, name: string) => void;
  /** Listens until the returned function is called. */
  readonly on: (event: PageEvent, tell: () => void) => () => void;
  readonly online: () => boolean;
  readonly browser: Browser;
  readonly language: Language; // the browser's own
  readonly supported: boolean; // it has WebRTC
  readonly small: boolean; // two cores or fewer: a smaller camera picture
  readonly random: () => number;
}

/** shown: the page has come to the front; network: another one is used; press: a key or a finger; link: the address has changed. */
export type PageEvent = "online" | "offline" | "network" | "shown" | "hidden" | "press" | "link";
