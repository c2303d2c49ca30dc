// What the call page loads of the wounds, when the session may see them.

import "./wound.css";

export { lastOutline } from "./measure";
export { photoToFollow } from "./nurse";
export { LastOutline, outlineText } from "./outline";
export { makeDesk, onOnline } from "./reading";
export { createShelf } from "./shelf";
export { WoundTab } from "./tab";
