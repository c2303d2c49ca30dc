// Stills in the call page: whoever is with the patient is asked, presses one button, looks at what was
// taken, and it goes to the service and before those who asked.

import { createContext, type ComponentChildren } from "preact";
import { useContext, useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Asked } from "../../gen/protocol";
import { browserTools, light, takePicture, type Still } from "../../still/camera";
import { createPhotoShelf, PhotoQueue, type UnsentPhoto } from "../../still/queue";
import { useApp, useController } from "../../ui/app";
import { Icon } from "../../ui/icon";
import { newKey, useDrawWords, useShow } from "./draw";

const sentFor = 5_000; // ms

export type TakeStill = (of: { readonly wound: string }) => Promise<void>;

const StillContext = createContext<TakeStill | null>(null);

/** Takes a still of the wound; null: one may not, or has no camera for it here. */
export const useTakeStill = (): TakeStill | null => useContext(StillContext);

interface Preview {
  readonly still: Still;
  readonly url: string;
  readonly wound: string;
  readonly askedBy: string;
  readonly takenAt: number;
}

export function StillHost(props: { readonly children: ComponentChildren }) {
  const controller = useController();
  const app = useApp();
  const w = useDrawWords();
  const show = useShow();
  const showing = useRef(show);
  showing.current = show;
  const may = app.call?.may ?? [];
  const patient = app.invitation?.patient ?? "";
  const consultation = app.call?.consultation.id ?? "";
  const self = app.call?.self ?? "";
  const staff = may.includes("draw"); // a clinician: the patient sends photos from a page of their own
  const takes = patient !== "" && self !== "" && staff && may.includes("measure") && may.includes("see-wounds");
  const [ask, setAsk] = useState<Asked | null>(null);
  const [lit, setLit] = useState<"" | "on" | "none" | "no-camera">("");
  const [asker, setAsker] = useState("");
  const [preview, setPreview] = useState<Preview | null>(null);
  const [failed, setFailed] = useState<"" | "failed" | "no-camera">("");
  const [items, setItems] = useState<readonly UnsentPhoto[]>([]);
  const [sent, setSent] = useState(false);
  const queue = useRef<PhotoQueue | null>(null);
  const settle = useRef<(() => void) | null>(null); // of who waits for takeStill

  useEffect(() => {
    if (!takes) return undefined;
    let factory: IDBFactory | undefined;
    try {
      factory = globalThis.indexedDB;
    } catch {
      // forbidden, as in some private windows
    }
    const made = new PhotoQueue({
      shelf: createPhotoShelf(factory),
      box: `${patient} ${consultation} ${self}`,
      changed: setItems,
      send: async (item) => {
        const client = await controller.service();
        const query = { wound: item.wound, consultation, takenAt: String(item.takenAt), askedBy: item.askedBy, key: item.key, source: "still" };
        return (await client("POST /patients/{id}/photos", { path: { id: patient }, query, body: item.blob })).id;
      },
      kept: (item, photo) => {
        setSent(true);
        if (item.askedBy !== "") showing.current?.(photo); // whoever asked has it large at once
      },
    });
    queue.current = made;
    void made.open();
    const online = () => made.flush();
    window.addEventListener("online", online);
    return () => {
      window.removeEventListener("online", online);
      made.close();
      queue.current = null;
    };
  }, [controller, takes, patient, consultation, self]);

  useEffect(() => {
    if (!takes) return undefined;
    return controller.hear((m) => {
      if (m.type !== "asked") return;
      if (m.what === "still") {
        setSent(false);
        setFailed("");
        setAsk(m);
      } else if (m.what === "light") {
        setAsker(m.name);
        const track = woundTrack();
        if (track) void light(track, true).then((on) => setLit(on ? "on" : "none"));
        else setLit("no-camera");
      }
    });
  }, [controller, takes]);

  useEffect(() => {
    if (!sent) return undefined;
    // It is good news, and stands where one goes on working.
    const timer = setTimeout(() => setSent(false), sentFor);
    return () => clearTimeout(timer);
  }, [sent]);

  useEffect(() => () => void (preview && URL.revokeObjectURL(preview.url)), [preview]);

  /** The wound camera: the second one where it is on, else the only one. A screen is none. */
  const woundTrack = (): MediaStreamTrack | null => {
    const { second } = controller.state.peek();
    const track = second.state === "on" && second.kind === "camera" ? controller.ownTrack("second") : controller.ownTrack("camera");
    return track?.readyState === "live" ? track : null;
  };

  const take = async (wound: string, askedBy: string): Promise<void> => {
    const track = woundTrack();
    setSent(false);
    setFailed(track ? "" : "no-camera");
    if (!track) return settle.current?.();
    try {
      const still = await takePicture(track, browserTools());
      const { skew } = controller.state.peek();
      setPreview({ still, url: URL.createObjectURL(still.blob), wound, askedBy, takenAt: Date.now() + skew });
    } catch {
      setFailed("failed");
      settle.current?.();
    }
  };
  const takeRef = useRef(take);
  takeRef.current = take;
  const askRef = useRef(ask);
  askRef.current = ask;
  const takeStill = useMemo<TakeStill | null>(
    () =>
      takes
        ? ({ wound }) => {
            settle.current?.();
            return new Promise<void>((yes) => {
              settle.current = yes;
              void takeRef.current(wound, askRef.current?.participant ?? "");
            });
          }
        : null,
    [takes],
  );
  const over = () => {
    setPreview(null);
    setAsk(null);
    settle.current?.();
    settle.current = null;
  };
  const use = () => {
    if (!preview) return;
    void queue.current?.add({ key: newKey(), takenAt: preview.takenAt, wound: preview.wound, askedBy: preview.askedBy, blob: preview.still.blob, refused: "" });
    over();
  };
  /** What is said of the lamp stands for as long as it is on: with the camera it goes out by itself. */
  const lightOff = () => {
    const track = lit === "on" ? woundTrack() : null;
    if (track) void light(track, false);
    setLit("");
  };
  const waiting = items.filter((i) => i.refused === "").length;
  const refused = items.filter((i) => i.refused !== "");
  const something = takes && (ask || preview || failed !== "" || lit !== "" || items.length > 0 || sent);
  return (
    <StillContext.Provider value={takeStill}>
      {props.children}
      {something && (
        <section class="sk-still" data-testid="still" aria-label={w.photo}>
          {preview ? (
            <>
              <p>
                <b>{w.look}</b> <span class="sk-subtle">{preview.still.way === "photo" ? w.full : w.canvas}</span>
              </p>
              <img src={preview.url} alt={w.photo} data-testid="still-preview" data-way={preview.still.way} />
              <div class="sk-still__row">
                <button class="ds-button" type="button" data-testid="still-use" autofocus onClick={use}>
                  {w.use}
                </button>
                <button class="ds-button" data-variant="secondary" type="button" data-testid="still-again" onClick={() => void take(preview.wound, preview.askedBy)}>
                  {w.again}
                </button>
                <button class="ds-button" data-variant="tertiary" type="button" data-testid="still-away" onClick={over}>
                  {w.notNow}
                </button>
              </div>
            </>
          ) : (
            ask && (
              <>
                <p role="alert">
                  <b>{w.askedStill(ask.name)}</b>
                </p>
                <button class="ds-button sk-still__large" type="button" data-testid="still-take" onClick={() => void take(ask.wound ?? "", ask.participant)}>
                  <Icon name="photo" />
                  {w.take}
                </button>
                <button class="ds-button" data-variant="tertiary" type="button" data-testid="still-not-now" onClick={over}>
                  {w.notNow}
                </button>
              </>
            )
          )}
          {lit !== "" && (
            <p role="status" data-testid="still-light">
              {w.askedLight(asker)}. {lit === "on" ? w.lightOn : lit === "none" ? w.noLight : w.noCamera}.{" "}
              <button class="ds-button" data-variant="tertiary" data-size="sm" type="button" data-testid="still-light-off" onClick={lightOff}>
                {lit === "on" ? w.lightOff : "OK"}
              </button>
            </p>
          )}
          <p role="status" data-testid="still-said">
            {failed === "no-camera" ? w.noCamera : failed === "failed" ? w.failed : waiting > 0 ? (globalThis.navigator.onLine ? w.sending : w.waits(waiting)) : sent ? w.sent : ""}
          </p>
          {refused.map((i) => (
            <p key={i.key} role="alert">
              {w.refused}{" "}
              <button class="ds-button" data-variant="tertiary" data-size="sm" type="button" onClick={() => queue.current?.drop(i.key)}>
                {w.remove}
              </button>
            </p>
          ))}
          {sent && !ask && !preview && (
            <button class="ds-button" data-variant="tertiary" data-size="sm" type="button" data-testid="still-close" onClick={() => setSent(false)}>
              OK
            </button>
          )}
        </section>
      )}
    </StillContext.Provider>
  );
}
