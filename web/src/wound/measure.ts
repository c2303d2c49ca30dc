// Measuring on a photo: two points on the ruler make its scale, lines and outlines are read by it.
// Points are normalised, 0 to 1 of the upright picture; lengths count in the picture's own pixels,
// since a picture that is broader than high has broader units across. Pure.
//
// The service works out the same of what is kept; here it is shown while one draws.

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number; // px
  readonly height: number;
}

export type AreaMethod = "length-width" | "ellipse" | "traced";

const mostPoints = 1_000; // that the service takes of one drawing

const clamp = (v: number): number => Math.min(1, Math.max(0, v));
export const within = (p: Point): Point => ({ x: clamp(p.x), y: clamp(p.y) });

/** Points out of x and y by turns. */
export function pointsOf(numbers: readonly number[]): readonly Point[] {
  const out: Point[] = [];
  for (let i = 0; i + 1 < numbers.length; i += 2) out.push({ x: numbers[i]!, y: numbers[i + 1]! });
  return out;
}

/** x and y by turns, to a hundredth of a per cent: finer than a pixel of any photo can be pointed at. */
export const numbersOf = (points: readonly Point[]): number[] => points.flatMap((p) => [rounded(p.x, 4), rounded(p.y, 4)]);

export function rounded(v: number, decimals: number): number {
  const places = 10 ** decimals;
  return Math.round((v + Number.EPSILON) * places) / places;
}

/** How many of the picture's pixels lie between two points. */
export const pixelsBetween = (size: Size, a: Point, b: Point): number => Math.hypot((a.x - b.x) * size.width, (a.y - b.y) * size.height);

/** Pixels to a cm, by two points on the ruler and how far it says they are apart; 0: there is no telling. */
export function pixelsPerCm(size: Size, a: Point, b: Point, cm: number): number {
  const pixels = pixelsBetween(size, a, b);
  return cm > 0 && pixels >= 1 ? pixels / cm : 0;
}

/** Length of a line, cm. */
export const lengthOf = (size: Size, perCm: number, a: Point, b: Point): number => (perCm > 0 ? pixelsBetween(size, a, b) / perCm : 0);

/** Area within a closed outline, cm²: the shoelace formula. */
export function areaWithin(size: Size, perCm: number, outline: readonly Point[]): number {
  if (perCm <= 0 || outline.length < 3) return 0;
  let twice = 0;
  outline.forEach((p, i) => {
    const q = outline[(i + 1) % outline.length]!;
    twice += p.x * size.width * q.y * size.height - q.x * size.width * p.y * size.height;
  });
  return Math.abs(twice) / 2 / perCm ** 2;
}

/** The longest line across an outline, and how broad it is square to that, cm. */
export function across(size: Size, perCm: number, outline: readonly Point[]): { readonly length: number; readonly width: number } {
  if (perCm <= 0 || outline.length < 2) return { length: 0, width: 0 };
  let far = 0;
  let along: readonly [Point, Point] = [outline[0]!, outline[0]!];
  outline.forEach((p, i) => {
    for (const q of outline.slice(i + 1)) {
      const pixels = pixelsBetween(size, p, q);
      if (pixels > far) [far, along] = [pixels, [p, q]];
    }
  });
  if (far === 0) return { length: 0, width: 0 };
  const [a, b] = along;
  const dx = ((b.x - a.x) * size.width) / far;
  const dy = ((b.y - a.y) * size.height) / far;
  const aside = outline.map((p) => -dy * p.x * size.width + dx * p.y * size.height);
  return { length: far / perCm, width: (Math.max(...aside) - Math.min(...aside)) / perCm };
}

/** Area by length and width, cm²; traced is not worked out of them. */
export function areaBy(method: "" | AreaMethod, length: number | null, width: number | null): number | null {
  if (length === null || width === null) return null;
  if (method === "ellipse") return (length * width * Math.PI) / 4;
  return method === "length-width" ? length * width : null;
}

/** A traced line without the points that add nothing: those nearer to the last one than gap, a share of the picture. */
export function thinned(points: readonly Point[], gap = 0.004): readonly Point[] {
  const out: Point[] = [];
  for (const p of points) {
    const last = out.at(-1);
    if (!last || Math.hypot(p.x - last.x, p.y - last.y) >= gap) out.push(p);
  }
  return out.length > mostPoints ? thinned(out, gap * 2) : out;
}

/** Whether a traced line is an outline, and no touch by mistake. */
export function closes(points: readonly Point[]): boolean {
  if (points.length < 8) return false;
  const spread = (of: (p: Point) => number) => Math.max(...points.map(of)) - Math.min(...points.map(of));
  return spread((p) => p.x) > 0.02 && spread((p) => p.y) > 0.02;
}

/** An outline with so many points, evenly apart: few enough that each can be moved by itself. */
export function corners(outline: readonly Point[], n: number): readonly Point[] {
  if (outline.length <= n) return outline;
  const whole = outline.map((p, i) => Math.hypot(p.x - outline[(i + 1) % outline.length]!.x, p.y - outline[(i + 1) % outline.length]!.y));
  const round = whole.reduce((sum, d) => sum + d, 0);
  const out: Point[] = [];
  let gone = 0;
  let i = 0;
  for (let k = 0; k < n; k++) {
    const want = (round * k) / n;
    while (i < outline.length - 1 && gone + whole[i]! < want) gone += whole[i++]!;
    const [p, q] = [outline[i]!, outline[(i + 1) % outline.length]!];
    const f = whole[i]! > 0 ? (want - gone) / whole[i]! : 0;
    out.push({ x: p.x + (q.x - p.x) * f, y: p.y + (q.y - p.y) * f });
  }
  return out;
}

/** The ellipse along one line and as broad as another is long: an outline to begin with, for who can't trace. */
export function ellipse(size: Size, length: readonly [Point, Point], width: readonly [Point, Point], n = 12): readonly Point[] {
  const [a, b] = length;
  const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  const half = pixelsBetween(size, a, b) / 2;
  const broad = pixelsBetween(size, ...width) / 2;
  const turn = Math.atan2((b.y - a.y) * size.height, (b.x - a.x) * size.width);
  return Array.from({ length: n }, (_, i) => {
    const t = (2 * Math.PI * i) / n;
    const [u, v] = [half * Math.cos(t), broad * Math.sin(t)];
    return within({ x: middle.x + (u * Math.cos(turn) - v * Math.sin(turn)) / size.width, y: middle.y + (u * Math.sin(turn) + v * Math.cos(turn)) / size.height });
  });
}

const step = 0.0025; // of the picture, for one press of an arrow
const stride = 8; // steps, with Shift

/** Where a point is after a key; null: the key moves nothing. */
export function moved(p: Point, key: string, shift: boolean): Point | null {
  const by = step * (shift ? stride : 1);
  switch (key) {
    case "ArrowLeft":
      return within({ ...p, x: p.x - by });
    case "ArrowRight":
      return within({ ...p, x: p.x + by });
    case "ArrowUp":
      return within({ ...p, y: p.y - by });
    case "ArrowDown":
      return within({ ...p, y: p.y + by });
    default:
      return null;
  }
}

/** The outline that was drawn last on a photo; empty: none. */
export function lastOutline(drawings: readonly { readonly shape: string; readonly points: readonly number[] }[]): readonly Point[] {
  return pointsOf(drawings.findLast((d) => d.shape === "outline")?.points ?? []);
}

export interface Laid {
  readonly scale: number;
  readonly x: number; // shift, share of the shown picture's width
  readonly y: number; // of its height
}

interface Measured extends Size {
  readonly pixelsPerCm: number;
  readonly drawings: readonly { readonly shape: string; readonly points: readonly number[] }[];
}

/** The point in the middle of an outline's corners. */
function middleOf(outline: readonly Point[]): Point {
  const n = Math.max(1, outline.length);
  return { x: outline.reduce((sum, p) => sum + p.x, 0) / n, y: outline.reduce((sum, p) => sum + p.y, 0) / n };
}

/**
 * How the earlier photo is laid over the later so that a cm is as long in both, and the wound lies on the
 * wound; null where one of them has no scale or outline: then they are laid edge to edge.
 */
export function laidOver(earlier: Measured, later: Measured): Laid | null {
  const [was, is] = [lastOutline(earlier.drawings), lastOutline(later.drawings)];
  if (earlier.pixelsPerCm <= 0 || later.pixelsPerCm <= 0 || was.length < 3 || is.length < 3) return null;
  // A picture's width is shown as 1: so long is a cm of each.
  const scale = later.pixelsPerCm / later.width / (earlier.pixelsPerCm / earlier.width);
  const [from, to] = [middleOf(was), middleOf(is)];
  const high = earlier.height / earlier.width / (later.height / later.width); // the earlier's height in heights of the later
  return { scale, x: to.x - from.x * scale, y: to.y - from.y * high * scale };
}
