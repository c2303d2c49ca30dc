// The few things that browsers take from an SDP and offer no API for. Pure.

/** Opus as speech needs it: RFC 7587 §7. The sender obeys what the answer says of Opus. */
const opus: Readonly<Record<string, string>> = {
  useinbandfec: "1", // a lost packet is mended out of the next one
  usedtx: "1", // silence costs next to nothing
};

/**
 * Sets the answer's Opus parameters, on every audio section that has Opus. What the server
 * has set otherwise is overruled; everything else stays as it is, byte by byte.
 */
export function speechAnswer(sdp: string): string {
  const sections = sdp.split(/(?=^m=)/m);
  return sections.map((s) => (s.startsWith("m=audio") ? speechSection(s) : s)).join("");
}

function speechSection(section: string): string {
  const type = /^a=rtpmap:(\d+) opus\/48000/im.exec(section)?.[1];
  if (type === undefined) return section;
  const line = new RegExp(`^a=fmtp:${type} ([^\\r\\n]*)`, "m");
  const found = line.exec(section);
  if (!found) {
    const fmtp = `a=fmtp:${type} ${format({ minptime: "10", ...opus })}`;
    return section.replace(new RegExp(`^(a=rtpmap:${type} [^\\r\\n]*)(\\r?\\n|$)`, "m"), `$1$2${fmtp}$2`);
  }
  return section.replace(line, `a=fmtp:${type} ${format({ ...parse(found[1] ?? ""), ...opus })}`);
}

function parse(parameters: string): Record<string, string> {
  const pairs = parameters.split(";").map((p) => p.trim()).filter((p) => p !== "");
  return Object.fromEntries(pairs.map((p) => [p.split("=")[0] ?? p, p.split("=").slice(1).join("=")]));
}

function format(parameters: Record<string, string>): string {
  return Object.entries(parameters).map(([k, v]) => `${k}=${v}`).join(";");
}

/** How many pixels the camera gives decides which layers there are, and how much smaller each is. */
export interface Scale {
  readonly q: number | null; // scaleResolutionDownBy; null: the layer is not sent
  readonly h: number | null;
  readonly f: number | null;
}

/**
 * Simulcast by size. Chromium sends no third layer under 960×540 and no second under 480×270,
 * and leaves out the last ones of the list; so the layers that remain get the sizes that
 * matter, instead of a quarter and a half of little.
 */
export function scaleFor(width: number, height: number): Scale {
  const pixels = width * height;
  if (pixels === 0 || pixels >= 960 * 540) return { q: 4, h: 2, f: 1 };
  if (pixels >= 480 * 270) return { q: 2, h: 1, f: null };
  return { q: 1, h: null, f: null };
}
