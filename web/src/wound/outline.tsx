// The outline of the last time, dashed over the camera's picture: whoever fills it with the wound has
// the same distance and angle as then.

import type { Language } from "../gen/protocol";
import { lastOutline, type Point } from "./measure";
import { wordsOf } from "./reading";
import { dayLong } from "./said";
import type { Photo } from "./types";

/** "Stipla: omrisset frå 11. november" */
export function outlineText(language: Language, photo: Pick<Photo, "takenAt">): string {
  const w = wordsOf(language);
  return w.dashed(dayLong(w, photo.takenAt));
}

/** A closed curve through the points: what is to be filled has no corners (Catmull-Rom, as Bézier curves). */
function round(points: readonly Point[]): string {
  const at = (i: number): Point => points[(i + points.length) % points.length]!;
  const text = (p: Point): string => `${p.x.toFixed(1)} ${p.y.toFixed(1)}`;
  const curves = points.map((_, i) => {
    const [a, b, c, d] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    return `C${text({ x: b.x + (c.x - a.x) / 6, y: b.y + (c.y - a.y) / 6 })} ${text({ x: c.x - (d.x - b.x) / 6, y: c.y - (d.y - b.y) / 6 })} ${text(c)}`;
  });
  return `M${text(at(0))}${curves.join("")}Z`;
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
        <path
          key={part}
          d={round(outline.map((p) => ({ x: p.x * width, y: p.y * height })))}
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
