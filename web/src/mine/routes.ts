// A patient's own pages before and after the consultation. They come as one piece, when one is asked for.

import { lazyPage, type Routes } from "../house/house";

const load = () => import("./page");

export const mineRoutes: Routes = [
  ["/mine", lazyPage(() => load().then((m) => m.MinePage), { byLink: true })],
  ["/mine/forms/{form}", lazyPage(() => load().then((m) => m.FormPage), { byLink: true })],
  ["/mine/measure/{kind}", lazyPage(() => load().then((m) => m.MeasurePage), { byLink: true })],
  ["/mine/values/{kind}", lazyPage(() => load().then((m) => m.ValuesPage), { byLink: true })],
];
