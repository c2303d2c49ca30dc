// The one file that touches RTCPeerConnection. A Path is one of them: one offer, one answer,
// and from then on only tracks that change places (replaceTrack). There is no renegotiation.

import type { Source } from "../gen/protocol";
import { scaleFor, speechAnswer } from "./sdp";

/** How many others there can be: one audio line and one video line each, and three second pictures. */
const audioLines = 7;
const videoLines = 10;

export type PathState = "new" | "connecting" | "connected" | "disconnected" | "failed" | "closed";

/** What a path has carried so far. Counters only grow, and start again with a new path. */
export interface Measure {
  /** Packets (where the browser counts them; else bytes) that have come on the transport, RTCP included; null: can't be told. */
  readonly received: number | null;
  readonly rtt: number; // ms; 0: not known
  readonly tcp: boolean; // it runs over TCP, for want of UDP
  readonly packets: number; // RTP packets received, all lines
  readonly lost: number; // RTP packets lost on the way here, all lines
  readonly frames: Readonly<Record<string, number>>; // decoded so far, by mid, on the receiving video lines
}

/** One connection for media. */
export interface Path {
  readonly state: PathState;
  /** The offer; made once. */
  offer(): Promise<string>;
  answer(sdp: string): Promise<void>;
  /** What is sent from a source; null: nothing. */
  setTrack(source: Source, track: MediaStreamTrack | null): Promise<void>;
  /** Which layers of a source are encoded, and with which codec: never more than asked for. */
  setLayers(source: Source, rids: readonly string[], codec: string): Promise<void>;
  /** The track of a receiving line. It is there from the start, also when nobody is on the line. */
  track(mid: string): MediaStreamTrack | null;
  measure(): Promise<Measure>;
  close(): void;
}

/** bits per second; together with speech some 2.2 Mbit/s, which a good mobile network carries. */
const cameraBits = { q: 150_000, h: 500_000, f: 1_500_000 } as const;
const secondBits = 2_500_000;
const secondFrames = 15; // per second, at most: sharp before smooth
const voiceBits = 40_000;

type Rid = keyof typeof cameraBits;
const rids: readonly Rid[] = ["q", "h", "f"];

/** Whether this browser can take part at all. */
export function canCall(): boolean {
  return typeof RTCPeerConnection === "function" && "addTransceiver" in RTCPeerConnection.prototype;
}

/** Makes a Path. onState is called at each change of state. */
export function createPath(onState: () => void): Path {
  return new PeerPath(new RTCPeerConnection({ bundlePolicy: "max-bundle", rtcpMuxPolicy: "require" }), onState);
}

/** What is wished of a source's encodings; null: nothing has been said. */
interface Wish {
  rids: readonly string[] | null;
  codec: string;
}

class PeerPath implements Path {
  readonly #pc: RTCPeerConnection;
  readonly #out: Record<Source, RTCRtpTransceiver>;
  readonly #in: RTCRtpTransceiver[] = [];
  readonly #wishes: Record<Source, Wish> = {
    microphone: { rids: null, codec: "" },
    camera: { rids: null, codec: "" },
    second: { rids: null, codec: "" },
  };
  readonly #work: Record<Source, Promise<void>> = {
    microphone: Promise.resolve(),
    camera: Promise.resolve(),
    second: Promise.resolve(),
  };
  #offer: Promise<string> | null = null;

  constructor(pc: RTCPeerConnection, onState: () => void) {
    this.#pc = pc;
    pc.addEventListener("connectionstatechange", onState);
    pc.addEventListener("iceconnectionstatechange", onState);
    // The order of the lines is agreed with the server: what is sent first, then what can be received.
    this.#out = {
      microphone: pc.addTransceiver("audio", {
        direction: "sendonly",
        sendEncodings: [{ maxBitrate: voiceBits, priority: "high", networkPriority: "high" }],
      }),
      // RFC 8853: simulcast, lowest first. The sizes follow the camera, see #apply.
      camera: pc.addTransceiver("video", {
        direction: "sendonly",
        sendEncodings: rids.map((rid, i) => ({ rid, scaleResolutionDownBy: 4 / 2 ** i, maxBitrate: cameraBits[rid] })),
      }),
      second: pc.addTransceiver("video", {
        direction: "sendonly",
        sendEncodings: [{ maxBitrate: secondBits, maxFramerate: secondFrames }],
      }),
    };
    for (let i = 0; i < audioLines; i++) this.#in.push(pc.addTransceiver("audio", { direction: "recvonly" }));
    for (let i = 0; i < videoLines; i++) this.#in.push(pc.addTransceiver("video", { direction: "recvonly" }));
  }

  get state(): PathState {
    // ICE says "failed" and "disconnected" before the whole does, and older Firefox has only ICE's.
    const ice = this.#pc.iceConnectionState;
    if (ice === "failed" || ice === "disconnected" || ice === "closed") return ice;
    return this.#pc.connectionState ?? (ice === "completed" ? "connected" : ice === "checking" ? "connecting" : ice);
  }

  offer(): Promise<string> {
    this.#offer ??= (async () => {
      const offer = await this.#pc.createOffer();
      await this.#pc.setLocalDescription(offer);
      // Without candidates: the server is ICE-lite (RFC 8445 §2.5) and learns ours from the checks.
      return offer.sdp ?? "";
    })();
    return this.#offer;
  }

  async answer(sdp: string): Promise<void> {
    await this.#pc.setRemoteDescription({ type: "answer", sdp: speechAnswer(sdp) });
    // What was set before is taken by some browsers only now.
    for (const s of ["camera", "second"] as const) this.#queue(s, () => this.#apply(s)).catch(() => {});
  }

  setTrack(source: Source, track: MediaStreamTrack | null): Promise<void> {
    return this.#queue(source, async () => {
      await this.#out[source].sender.replaceTrack(track);
      await this.#apply(source);
    });
  }

  setLayers(source: Source, wanted: readonly string[], codec: string): Promise<void> {
    this.#wishes[source] = { rids: wanted, codec };
    return this.#queue(source, () => this.#apply(source));
  }

  track(mid: string): MediaStreamTrack | null {
    return this.#in.find((t) => t.mid === mid)?.receiver.track ?? null;
  }

  async measure(): Promise<Measure> {
    if (this.#pc.signalingState === "closed") return { received: null, rtt: 0, tcp: false, packets: 0, lost: 0, frames: {} };
    const report = await this.#pc.getStats();
    let transport: number | null = null;
    let pairBytes: number | null = null;
    let rtt = 0;
    let local = "";
    let packets = 0;
    let lost = 0;
    const frames: Record<string, number> = {};
    report.forEach((s) => {
      switch (s.type) {
        case "transport":
          if (typeof s.packetsReceived === "number") transport = (transport ?? 0) + s.packetsReceived;
          break;
        case "candidate-pair":
          // Firefox has no transport counters, but counts what its pairs carry.
          if (typeof s.bytesReceived === "number") pairBytes = (pairBytes ?? 0) + s.bytesReceived;
          if (s.nominated && s.state === "succeeded") {
            local = s.localCandidateId;
            rtt = (s.currentRoundTripTime ?? 0) * 1000;
          }
          break;
        case "inbound-rtp": {
          packets += s.packetsReceived ?? 0;
          lost += Math.max(s.packetsLost ?? 0, 0);
          if (s.kind !== "video") break;
          const mid = s.mid ?? this.#in.find((t) => t.receiver.track.id === s.trackIdentifier)?.mid;
          if (mid) frames[mid] = Math.max(frames[mid] ?? 0, s.framesDecoded ?? 0);
          break;
        }
      }
    });
    // Through a relay the protocol is the relay's: relayProtocol says how the relay is reached.
    const candidate = local === "" ? undefined : report.get(local);
    const tcp = (candidate?.relayProtocol ?? candidate?.protocol ?? "udp") !== "udp";
    return { received: transport ?? pairBytes, rtt: Math.round(rtt), tcp, packets, lost, frames };
  }

  close(): void {
    this.#pc.close();
  }

  /** One change at a time for each sender: setParameters wants the parameters that were read last. */
  #queue(source: Source, change: () => Promise<void>): Promise<void> {
    const next = this.#work[source].then(() => (this.#pc.signalingState === "closed" ? undefined : change()));
    this.#work[source] = next.catch(() => {}); // told to the caller of this change; the next one still runs
    return next;
  }

  async #apply(source: Source): Promise<void> {
    if (source === "microphone") return;
    const { sender } = this.#out[source];
    const wish = this.#wishes[source];
    const parameters = sender.getParameters();
    // The second picture is one stream without a rid, and runs only while the person wants it to.
    if (source === "camera") {
      const { width = 0, height = 0 } = sender.track?.getSettings() ?? {};
      const scale = scaleFor(width, height);
      // A narrow camera has no "f": who asks for it gets the best there is.
      const best = scale.f !== null ? "f" : scale.h !== null ? "h" : "q";
      const asked = wish.rids?.map((r) => (scale[r as Rid] === null ? best : r));
      for (const e of parameters.encodings) {
        const rid = e.rid as Rid;
        const by = scale[rid];
        e.active = by !== null && (asked === undefined || asked.includes(rid));
        if (by !== null) e.scaleResolutionDownBy = by;
      }
    }
    await this.#setParameters(sender, parameters, wish.codec);
  }

  async #setParameters(sender: RTCRtpSender, parameters: RTCRtpSendParameters, codec: string): Promise<void> {
    const negotiated = parameters.codecs.find((c) => c.mimeType.toLowerCase() === `video/${codec.toLowerCase()}`);
    if (codec !== "" && negotiated) {
      try {
        // webrtc-extensions: the codec of an encoding, without renegotiation, where the browser has it.
        await sender.setParameters(
          { ...parameters, encodings: parameters.encodings.map((e) => ({ ...e, codec: negotiated })) },
        );
        return;
      } catch {
        parameters = { ...sender.getParameters(), encodings: parameters.encodings };
      }
    }
    await sender.setParameters(parameters);
  }
}
