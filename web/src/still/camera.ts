// A still at the camera's full size, beside the call's video, which goes on.

export interface Still {
  readonly blob: Blob;
  /** photo: by the camera itself. frame: of the video, at the largest size that it can have. */
  readonly way: "photo" | "frame";
}

/** What of a browser is used; tests give others. */
export interface CameraTools {
  /** MediaStream Image Capture §3; undefined where the browser has none. */
  readonly photo: ((track: MediaStreamTrack) => Promise<Blob>) | undefined;
  readonly frame: (track: MediaStreamTrack) => Promise<Blob>;
}

const patience = 8_000; // ms that a camera may take for a photo

interface Capture {
  takePhoto(settings?: { imageWidth?: number; imageHeight?: number }): Promise<Blob>;
  getPhotoCapabilities(): Promise<{ imageWidth?: { max: number }; imageHeight?: { max: number } }>;
}

export async function takePicture(track: MediaStreamTrack, tools: CameraTools): Promise<Still> {
  if (tools.photo) {
    try {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<never>((_, no) => (timer = setTimeout(() => no(new Error("the camera gave no photo in time")), patience)));
      const blob = await Promise.race([tools.photo(track), late]).finally(() => clearTimeout(timer));
      if (blob.size > 0 && /^image\/(jpeg|png|webp)$/.test(blob.type)) return { blob, way: "photo" };
    } catch {
      // some cameras have it and fail: a frame of the video is better than none
    }
  }
  return { blob: await tools.frame(track), way: "frame" };
}

/** Switches the camera's lamp; false: it has none (MediaStream Image Capture §5, torch). */
export async function light(track: MediaStreamTrack, on: boolean): Promise<boolean> {
  const can = track.getCapabilities?.() as { torch?: unknown } | undefined;
  if (!can?.torch) return false;
  try {
    await track.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] });
    return true;
  } catch {
    return false;
  }
}

export function browserTools(): CameraTools {
  const made = (globalThis as { ImageCapture?: new (track: MediaStreamTrack) => Capture }).ImageCapture;
  return {
    photo: made
      ? async (track) => {
          const capture = new made(track);
          const { imageWidth, imageHeight } = await capture.getPhotoCapabilities().catch(() => ({}) as Awaited<ReturnType<Capture["getPhotoCapabilities"]>>);
          return capture.takePhoto(imageWidth?.max && imageHeight?.max ? { imageWidth: imageWidth.max, imageHeight: imageHeight.max } : undefined);
        }
      : undefined,
    frame: async (track) => {
      // A copy of the track, so that the one that the call sends keeps its own constraints.
      const copy = track.clone();
      const video = document.createElement("video");
      try {
        const { width, height } = copy.getCapabilities?.() ?? {};
        if (width?.max && height?.max) await copy.applyConstraints({ width: { ideal: width.max }, height: { ideal: height.max } }).catch(() => undefined);
        video.muted = true;
        video.playsInline = true;
        video.srcObject = new MediaStream([copy]);
        await video.play();
        const canvas = document.createElement("canvas");
        canvas.width = video.videoWidth;
        canvas.height = video.videoHeight;
        canvas.getContext("2d")?.drawImage(video, 0, 0);
        const blob = await new Promise<Blob | null>((yes) => canvas.toBlob(yes, "image/jpeg", 0.95));
        if (!blob) throw new Error("the frame could not be written");
        return blob;
      } finally {
        video.srcObject = null;
        copy.stop();
      }
    },
  };
}
