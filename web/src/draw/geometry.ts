// Where a place on a picture is, whatever the frame does to it: the picture may be fitted whole into
// its frame (object-fit contain) or cover it, and one's own camera is mirrored. Rotation is in the
// picture's own size already: a browser turns a video (its videoWidth) and a photo (CSS Images 3 §6.1,
// image-orientation: from-image) before it tells how wide they are.

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Box extends Size {
  readonly x: number;
  readonly y: number;
}

export type Fit = "contain" | "cover";

/** x and y by turns, from 0 to 1 of the picture. */
export type Points = readonly number[];

/** Where the picture lies in its frame (CSS Images 3 §5.5); null: one of them has no size yet. */
export function pictureBox(frame: Size, picture: Size, fit: Fit): Box | null {
  if (!(frame.width > 0 && frame.height > 0 && picture.width > 0 && picture.height > 0)) return null;
  const scales = [frame.width / picture.width, frame.height / picture.height] as const;
  const scale = fit === "contain" ? Math.min(...scales) : Math.max(...scales);
  const width = picture.width * scale;
  const height = picture.height * scale;
  return { x: (frame.width - width) / 2, y: (frame.height - height) / 2, width, height };
}

const fourDigits = (v: number): number => Math.round(v * 10_000) / 10_000; // finer than a pixel of a photo is not sent

const within = (v: number): number => fourDigits(Math.min(1, Math.max(0, v)));

/** The place on the picture of a place in the frame; beside the picture it is the nearest of its edge. */
export function onPicture(box: Box, x: number, y: number, mirrored = false): readonly [number, number] {
  const u = within((x - box.x) / box.width);
  return [mirrored ? fourDigits(1 - u) : u, within((y - box.y) / box.height)];
}

/** Pieces that one message may carry. */
export function pieces(points: Points, most = 200): readonly number[][] {
  const out: number[][] = [];
  for (let i = 0; i < points.length; i += most) out.push(points.slice(i, i + most));
  return out;
}

/** The two ends of an arrow's head, in the picture's pixels; empty where it has no direction yet. */
export function arrowHead(points: Points, size: Size): readonly (readonly [number, number])[] {
  const n = points.length;
  const [x, y] = [(points[n - 2] ?? 0) * size.width, (points[n - 1] ?? 0) * size.height];
  const length = Math.max(size.width, size.height) * 0.04;
  // The direction is that of the last piece as long as the head: a hand trembles where it stops.
  for (let i = n - 4; i >= 0; i -= 2) {
    const [dx, dy] = [x - (points[i] ?? 0) * size.width, y - (points[i + 1] ?? 0) * size.height];
    const far = Math.hypot(dx, dy);
    if (far < length && i > 0) continue;
    if (far === 0) break;
    const angle = Math.atan2(dy, dx);
    return [angle + 2.5, angle - 2.5].map((a) => [x + length * Math.cos(a), y + length * Math.sin(a)] as const);
  }
  return [];
}

/** A stroke as an SVG path in the picture's pixels. */
export function pathOf(shape: string, points: Points, size: Size): string {
  const at = (x: number, y: number) => `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;
  const places: string[] = [];
  for (let i = 0; i + 1 < points.length; i += 2) places.push(at((points[i] ?? 0) * size.width, (points[i + 1] ?? 0) * size.height));
  if (places.length === 0) return "";
  const line = `M${places.length === 1 ? `${places[0]}L${places[0]}` : places.join("L")}`;
  if (shape === "outline") return `${line}Z`;
  const [a, b] = shape === "arrow" ? arrowHead(points, size) : [];
  return a && b ? `${line}M${at(...a)}L${places.at(-1)}L${at(...b)}` : line;
}

/** At most so many numbers, by leaving out places evenly; the ends stay. */
export function thinned(points: Points, most = 2_000): number[] {
  const places = points.length / 2;
  const keep = Math.floor(most / 2);
  if (places <= keep) return [...points];
  return Array.from({ length: keep }, (_, i) => Math.round((i * (places - 1)) / (keep - 1))).flatMap((p) => [points[2 * p] ?? 0, points[2 * p + 1] ?? 0]);
}

/** How far a place is from a stroke, in parts of the picture's longer side. */
export function distance(points: Points, x: number, y: number, size: Size): number {
  const long = Math.max(size.width, size.height);
  const px = (i: number) => ((points[i] ?? 0) * size.width) / long;
  const py = (i: number) => ((points[i + 1] ?? 0) * size.height) / long;
  const [cx, cy] = [(x * size.width) / long, (y * size.height) / long];
  let least = Infinity;
  for (let i = 0; i + 1 < points.length; i += 2) {
    const j = Math.min(i + 2, points.length - 2);
    const [dx, dy] = [px(j) - px(i), py(j) - py(i)];
    const along = dx === 0 && dy === 0 ? 0 : Math.min(1, Math.max(0, ((cx - px(i)) * dx + (cy - py(i)) * dy) / (dx * dx + dy * dy)));
    least = Math.min(least, Math.hypot(cx - px(i) - along * dx, cy - py(i) - along * dy));
  }
  return least;
}
