// Who has seen what: its pages by address. They come as one piece, when one is asked for.

import { lazyPage, type Routes } from "../house";

export const seenRoutes: Routes = [
  ["/seen", lazyPage(() => import("./seen").then((m) => m.SeenPage), { section: "seen", byLink: true })],
  ["/seen/{id}", lazyPage(() => import("./seen").then((m) => m.SeenOfPage), { section: "seen" })],
  ["/seen/{id}/erase", lazyPage(() => import("./erase").then((m) => m.ErasePage), { section: "seen" })],
];
