// What the call page loads of the measurements, when the session may see them. The trend follows
// while the panel is looked at.

import "./health.css";

export { Desk } from "./desk";
export { Entry } from "./entry";
export { DeskContext } from "./host";
export { healthWords } from "./i18n/words";
export { OwnLine, OwnList, OwnNews } from "./list";
export { MeasurePanel } from "./panel";
export { createShelf } from "./shelf";
