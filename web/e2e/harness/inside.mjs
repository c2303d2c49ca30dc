// What runs inside the page, before the page's own scripts. Each function stands alone: its
// source is sent to the browser, where nothing else of this file exists.

/**
 * Replaces the devices: cameras that show one colour with a bar that moves, and a microphone
 * with one tone. window.devices.<kind> can be set to "missing", "denied", "dismissed" or
 * "in-use", and getUserMedia then fails as browsers do.
 * colour and second are [r, g, b], tone and headset Hz.
 */
export function fakeDevices({ colour, second, tone, headset, width = 640, height = 360, fps = 15, state = {} }) {
  if (!navigator.mediaDevices) return; // no secure context: the empty page before the first one
  const devices = (window.devices = { camera: "ok", microphone: "ok", screen: "ok", asked: [], ...state });
  const cameras = [
    { deviceId: "camera-front", kind: "videoinput", label: "Fake camera, front", groupId: "a", facing: "user", colour },
    { deviceId: "camera-rear", kind: "videoinput", label: "Fake camera, rear", groupId: "b", facing: "environment", colour: second },
  ];
  const microphones = [
    { deviceId: "microphone-1", kind: "audioinput", label: "Fake microphone", groupId: "a", tone },
    { deviceId: "microphone-2", kind: "audioinput", label: "Fake headset", groupId: "c", tone: headset },
  ];
  let told = false; // labels come with the first permission (Media Capture and Streams §9.2.1)

  const failure = { missing: "NotFoundError", denied: "NotAllowedError", dismissed: "NotAllowedError", "in-use": "NotReadableError" };
  const check = (what) => {
    if (what === "ok") return;
    throw new DOMException(what === "dismissed" ? "Permission dismissed" : what, failure[what]);
  };

  const pick = (list, constraint) => {
    const want = typeof constraint === "object" ? constraint : {};
    const exact = want.deviceId?.exact ?? (typeof want.deviceId === "string" ? want.deviceId : undefined);
    if (exact !== undefined) {
      const found = list.find((d) => d.deviceId === exact);
      if (!found) throw new DOMException("deviceId", "OverconstrainedError");
      return found;
    }
    const facing = want.facingMode?.exact ?? want.facingMode?.ideal ?? want.facingMode;
    return list.find((d) => d.facing !== undefined && d.facing === facing) ?? list[0];
  };

  const dressed = (track, device) => {
    const settings = track.getSettings.bind(track);
    Object.defineProperty(track, "label", { value: device.label });
    track.getSettings = () => ({ width, height, frameRate: fps, ...settings(), deviceId: device.deviceId, groupId: device.groupId });
    return track;
  };

  const draw = (rgb) => {
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    const at = canvas.getContext("2d", { alpha: false });
    let n = 0;
    const paint = () => {
      at.fillStyle = `rgb(${rgb})`;
      at.fillRect(0, 0, width, height);
      at.fillStyle = "white";
      at.fillRect((n++ * 8) % width, 0, width / 40, height);
    };
    paint();
    const stream = canvas.captureStream(fps);
    const track = stream.getVideoTracks()[0];
    // A timer and not an animation frame: a camera runs on when the page is not painted.
    const timer = setInterval(() => (track.readyState === "ended" ? clearInterval(timer) : paint()), 1000 / fps);
    return track;
  };

  let context;
  const sound = async (hz) => {
    context ??= new AudioContext();
    await context.resume();
    const out = context.createMediaStreamDestination();
    const gain = context.createGain();
    gain.gain.value = 0.2;
    const voice = context.createOscillator();
    voice.frequency.value = hz;
    voice.connect(gain).connect(out);
    voice.start();
    return out.stream.getAudioTracks()[0];
  };

  const media = navigator.mediaDevices;
  media.getUserMedia = async (constraints) => {
    devices.asked.push(constraints);
    const camera = constraints.video ? pick(cameras, constraints.video) : undefined;
    const microphone = constraints.audio ? pick(microphones, constraints.audio) : undefined;
    if (microphone) check(devices.microphone);
    if (camera) check(devices.camera);
    const tracks = [];
    if (microphone) tracks.push(dressed(await sound(microphone.tone), microphone));
    if (camera) tracks.push(dressed(draw(camera.colour), camera));
    told = true;
    return new MediaStream(tracks);
  };
  media.getDisplayMedia = async () => {
    check(devices.screen);
    return new MediaStream([dressed(draw(second), { deviceId: "screen", groupId: "", label: "Fake screen" })]);
  };
  media.enumerateDevices = async () =>
    [...(devices.microphone === "missing" ? [] : microphones), ...(devices.camera === "missing" ? [] : cameras)].map((d) => ({
      deviceId: told ? d.deviceId : "",
      kind: d.kind,
      label: told ? d.label : "",
      groupId: d.groupId,
    }));
}

/**
 * Puts window.eyes there: what a person at this page sees and hears, measured on what plays
 * and not on what the page says of itself.
 */
export function eyes({ palette }) {
  const complaints = [];
  document.addEventListener("securitypolicyviolation", (e) => complaints.push(`content security policy: ${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`));

  // Kept to count packets, and to cut a connection as a network would.
  const connections = [];
  const sockets = [];
  window.RTCPeerConnection = class extends window.RTCPeerConnection {
    constructor(...args) {
      super(...args);
      connections.push(this);
    }
  };
  let held = false;
  window.WebSocket = class extends window.WebSocket {
    constructor(...args) {
      super(...args);
      sockets.push(this);
      if (held) this.close();
    }
  };

  const canvas = document.createElement("canvas");
  canvas.width = 16;
  canvas.height = 9;
  const at = canvas.getContext("2d", { willReadFrequently: true });

  /** The name of the colour that fills most of a picture, "none" without a picture, "unclear" when it is no one's. */
  const colourOf = (video) => {
    if (video.readyState < 2 || video.videoWidth === 0) return "none";
    at.drawImage(video, 0, 0, 16, 9);
    const { data } = at.getImageData(0, 0, 16, 9);
    const votes = {};
    for (let i = 0; i < data.length; i += 4) {
      const near = Object.entries(palette)
        .map(([name, rgb]) => [Math.hypot(...rgb.map((c, k) => c - data[i + k])), name])
        .sort((a, b) => a[0] - b[0]);
      const name = near[0][0] < 75 ? near[0][1] : "unclear";
      votes[name] = (votes[name] ?? 0) + 1;
    }
    const [name, n] = Object.entries(votes).sort((a, b) => b[1] - a[1])[0];
    return n >= 0.7 * (data.length / 4) ? name : "unclear";
  };

  const painted = new WeakMap();
  /** How many frames an element has shown since it was first asked about. */
  const framesOf = (video) => {
    if (!painted.has(video)) {
      painted.set(video, 0);
      const count = () => {
        painted.set(video, painted.get(video) + 1);
        video.requestVideoFrameCallback(count);
      };
      video.requestVideoFrameCallback(count);
    }
    return painted.get(video);
  };

  let context;
  const ears = new WeakMap();
  /** The strongest frequency of what an element plays, in Hz, and how strong it is in dB of full scale. */
  const toneOf = (el) => {
    const stream = el.srcObject;
    if (!(stream instanceof MediaStream) || stream.getAudioTracks().length === 0) return { hz: 0, db: -200 };
    context ??= new AudioContext();
    if (context.state !== "running") void context.resume();
    let ear = ears.get(stream);
    if (!ear) {
      ear = context.createAnalyser();
      ear.fftSize = 16_384; // 340 ms at 48 kHz, 3 Hz apart
      ear.smoothingTimeConstant = 0;
      context.createMediaStreamSource(stream).connect(ear);
      ears.set(stream, ear);
    }
    const bins = new Float32Array(ear.frequencyBinCount);
    ear.getFloatFrequencyData(bins);
    let best = 0;
    for (let i = 1; i < bins.length; i++) if (bins[i] > bins[best]) best = i;
    return { hz: Math.round((best * context.sampleRate) / ear.fftSize), db: Number.isFinite(bins[best]) ? Math.round(bins[best]) : -200 };
  };

  const shown = (el) => {
    const box = el.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && getComputedStyle(el).visibility !== "hidden";
  };

  window.eyes = {
    complaints,
    sockets,
    /** All tiles, in the document's order. */
    tiles: () =>
      [...document.querySelectorAll("[data-testid=tile], [data-testid=second-picture]")].map((tile) => {
        const video = tile.querySelector("video");
        const visible = shown(video) && video.dataset.hidden === undefined;
        return {
          name: tile.dataset.name,
          role: tile.dataset.role,
          source: tile.dataset.source,
          participant: tile.dataset.participant,
          self: tile.dataset.self !== undefined,
          large: tile.dataset.large !== undefined,
          colour: visible ? colourOf(video) : "none",
          frames: framesOf(video),
          paused: video.paused,
          words: tile.innerText.replace(/\s+/g, " ").trim(),
          area: Math.round(tile.getBoundingClientRect().width * tile.getBoundingClientRect().height),
        };
      }),
    /** All sounds that can be heard. */
    sounds: () =>
      [...document.querySelectorAll("audio")].map((el) => ({
        name: el.dataset.name,
        role: el.dataset.role,
        participant: el.dataset.participant,
        audible: !el.paused && !el.muted && el.volume > 0,
        ...toneOf(el),
      })),
    /** Media packets that have come so far, by kind. */
    packets: async () => {
      const sum = { audio: 0, video: 0 };
      for (const c of connections) {
        if (c.connectionState === "closed") continue;
        for (const s of (await c.getStats()).values()) if (s.type === "inbound-rtp") sum[s.kind] += s.packetsReceived ?? 0;
      }
      return sum;
    },
    /** "udp" or "tcp": what the media connection that is up runs over; "" when none is. */
    over: async () => {
      for (const c of connections.filter((c) => c.connectionState === "connected")) {
        const stats = await c.getStats();
        const pair = [...stats.values()].find((s) => s.type === "candidate-pair" && s.nominated && s.state === "succeeded");
        if (pair) return stats.get(pair.remoteCandidateId)?.protocol ?? "";
      }
      return "";
    },
    /** How many media connections the page has made so far. */
    connections: () => connections.length,
    /** How the media does, in one line a stream, for the text of an error. */
    media: async () => {
      const lines = [];
      for (const c of connections.filter((c) => c.connectionState !== "closed")) {
        for (const s of (await c.getStats()).values()) {
          if (s.type === "inbound-rtp" && s.packetsReceived) lines.push(`in ${s.mid} ${s.kind}: ${s.packetsReceived} packets, ${s.packetsLost} lost, ${s.framesDecoded ?? "-"} frames, ${s.freezeCount ?? "-"} freezes, jitter ${s.jitter}`);
          if (s.type === "outbound-rtp" && s.packetsSent) lines.push(`out ${s.mid} ${s.rid ?? s.kind}: ${s.packetsSent} packets, ${s.targetBitrate ?? "-"} bit/s, ${s.framesPerSecond ?? "-"} fps, limited by ${s.qualityLimitationReason ?? "-"}, ${s.pliCount ?? "-"} PLI`);
          if (s.type === "candidate-pair" && s.nominated) lines.push(`pair ${s.state}: rtt ${s.currentRoundTripTime} s, may send ${s.availableOutgoingBitrate ?? "-"} bit/s`);
        }
      }
      return lines;
    },
    /** Closes the websocket under the page, as a proxy on the way would, and lets no other come up until release. */
    cut: () => {
      held = true;
      const open = sockets.filter((s) => s.readyState === WebSocket.OPEN);
      for (const s of open) s.close();
      return open.length;
    },
    release: () => {
      held = false;
    },
  };
}
