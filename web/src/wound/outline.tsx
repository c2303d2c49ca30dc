// The outline of the last time, dashed over the camera's picture: whoever fills it with the wound has
// the same distance and angle as then.

import type { Language } from "../gen/protocol";
import { lastOutline } from "./measure";
import { wordsOf } from "./reading";
import { dayLong } from "./said";
import type { Photo } from "./types";

/** "Stipla: omrisset frå 11. november" */
export function outlineText(language: Language, photo: Pick<Photo, "takenAt">): string {
  const w = wordsOf(language);
  return w.dashed(dayLong(w, photo.takenAt));
}

/**
 * Lies over a picture that is shown whole or cropped as fit says. The outline keeps the shape that it had on its
 * own photo, so that a camera that is broader or turned does not bend it.
 */
export function LastOutline(props: { readonly photo: Pick<Photo, "width" | "height" | "drawings">; readonly fit?: "meet" | "slice" }) {
  const { photo } = props;
  const outline = lastOutline(photo.drawings);
  if (outline.length < 3) return null;
  const { width, height } = photo;
  const thick = Math.max(width, height) / 220;
  return (
    <svg class="sk-wound__last" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio={`xMidYMid ${props.fit ?? "slice"}`} aria-hidden="true" focusable="false" data-testid="last-outline">
      {(["rim", "line"] as const).map((part) => (
        <polygon
          key={part}
          points={outline.map((p) => `${(p.x * width).toFixed(1)},${(p.y * height).toFixed(1)}`).join(" ")}
          fill="none"
          stroke={part === "rim" ? "#12202a" : "#ffffff"}
          stroke-opacity={part === "rim" ? 0.55 : 1}
          stroke-width={part === "rim" ? thick * 1.8 : thick}
          stroke-dasharray={`${thick * 1.4} ${thick * 2.8}`}
          stroke-linecap="round"
          stroke-linejoin="round"
        />
      ))}
    </svg>
  );
}
