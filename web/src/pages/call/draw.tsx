// Where drawing, stopped pictures and shown photos stand in the call page. The desk lives as long as the
// call page does, over reconnections.

import { createContext, type ComponentChildren, type RefObject } from "preact";
import { useContext, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { DrawDesk, keyOf, photoSurface, pictureSurface, type Colour, type Tool } from "../../draw/desk";
import type { Fit, Size } from "../../draw/geometry";
import { DrawLayer } from "../../draw/layer";
import { drawWords } from "../../draw/words";
import type { Picture } from "../../gen/protocol";
import { largePicture, presentPeople, type Tile as TileView } from "../../state/view";
import { useApp, useController } from "../../ui/app";
import { Live } from "../../ui/shell";
import { Control } from "./controls";

const DrawContext = createContext<DrawDesk | null>(null);

/** A key that nobody else has: 128 random bits. */
export function newKey(): string {
  return crypto.getRandomValues(new Uint32Array(4)).reduce((text, x) => text + x.toString(16).padStart(8, "0"), "");
}

export function DrawHost(props: { readonly children: ComponentChildren }) {
  const controller = useController();
  const app = useApp();
  const patient = app.invitation?.patient ?? "";
  const [desk, setDesk] = useState<DrawDesk | null>(null);
  useLayoutEffect(() => {
    const call = () => controller.state.peek().call;
    const made = new DrawDesk({
      hear: (tell) => controller.hear(tell),
      say: (m) => controller.say(m),
      client: () => controller.service(),
      patient,
      self: () => call()?.self ?? "",
      nameOf: (id) => call()?.participants.find((p) => p.id === id)?.name ?? "",
      key: newKey,
    });
    made.open();
    setDesk(made);
    return () => {
      made.close();
      setDesk(null);
    };
  }, [controller, patient]);
  return <DrawContext.Provider value={desk}>{props.children}</DrawContext.Provider>;
}

export const useDrawDesk = (): DrawDesk | null => useContext(DrawContext);

export const useDrawWords = () => drawWords[useApp().language];

/** Puts a photo large before all who may see it; null: this person may not. */
export function useShow(): ((photo: string) => void) | null {
  const desk = useDrawDesk();
  const app = useApp();
  const may = app.call?.may ?? [];
  return desk && may.includes("draw") && may.includes("see-wounds") ? (photo) => desk.show(photo) : null;
}

/** The size of the picture that a video plays, which changes when a telephone is turned. */
function useVideoSize(frame: RefObject<HTMLElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useEffect(() => {
    const video = frame.current?.parentElement?.querySelector("video");
    if (!video) return undefined;
    const look = () => setSize((was) => (was.width === video.videoWidth && was.height === video.videoHeight ? was : { width: video.videoWidth, height: video.videoHeight }));
    look();
    const names = ["resize", "loadedmetadata"];
    for (const n of names) video.addEventListener(n, look);
    return () => names.forEach((n) => video.removeEventListener(n, look));
  }, [frame]);
  return size;
}

/** The picture where it was when it was stopped. */
function Stopped(props: { readonly mirrored: boolean }) {
  const ref = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const canvas = ref.current;
    const video = canvas?.parentElement?.querySelector("video");
    if (!canvas || !video) return undefined;
    const take = () => {
      if (video.readyState < 2 || video.videoWidth === 0) return false; // HAVE_CURRENT_DATA: there is a frame
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      canvas.getContext("2d")?.drawImage(video, 0, 0);
      return true;
    };
    if (take()) return undefined;
    const late = () => take() && video.removeEventListener("loadeddata", late);
    video.addEventListener("loadeddata", late);
    return () => video.removeEventListener("loadeddata", late);
  }, []);
  return <canvas ref={ref} class="sk-frozen" data-testid="frozen" data-mirror={props.mirrored || undefined} aria-hidden="true" />;
}

const unknownSize: Size = { width: 1920, height: 1080 }; // before the first frame: nearly all cameras' shape

/** What lies over a tile's picture. */
export function OverPicture(props: { readonly tile: TileView }) {
  const desk = useDrawDesk();
  const anchor = useRef<HTMLSpanElement>(null);
  const size = useVideoSize(anchor);
  const { tile } = props;
  const words = useDrawWords();
  const surface = pictureSurface({ participant: tile.participant, source: tile.source });
  const frozen = desk?.state.value.frozen.has(keyOf(surface)) ?? false;
  const mirrored = tile.self && tile.source === "camera";
  const fit: Fit = tile.source === "second" ? "contain" : "cover";
  const state = desk?.state.value;
  return (
    <>
      <span ref={anchor} hidden />
      {frozen && <Stopped mirrored={mirrored} />}
      {desk && state && (
        <DrawLayer
          desk={desk}
          words={words}
          surface={surface}
          size={size.width > 0 ? size : unknownSize}
          fit={fit}
          mirrored={mirrored}
          draws={state.drawing && tile.large && !state.shown}
        />
      )}
    </>
  );
}

/** "Frose av Tuva Ask"; empty where the picture goes on. */
export function useFrozenText(tile: TileView): string {
  const desk = useDrawDesk();
  const w = useDrawWords();
  const by = desk?.state.value.frozen.get(keyOf(pictureSurface({ participant: tile.participant, source: tile.source })));
  return by === undefined ? "" : w.frozenBy(by);
}

/** The photo that is shown, over the large picture. */
export function ShownPhoto() {
  const controller = useController();
  const app = useApp();
  const desk = useDrawDesk();
  const w = useDrawWords();
  const shown = desk?.state.value.shown ?? null;
  const photo = shown?.photo ?? "";
  const patient = app.invitation?.patient ?? "";
  const [url, setURL] = useState("");
  const [failed, setFailed] = useState(false);
  const [size, setSize] = useState<Size | null>(null);
  useEffect(() => {
    if (photo === "" || patient === "") return undefined;
    let gone = false;
    let made = "";
    setFailed(false);
    setSize(null);
    controller.pictures(`/patients/${encodeURIComponent(patient)}/photos/${encodeURIComponent(photo)}/image`).then(
      (blob) => {
        if (!gone) setURL((made = URL.createObjectURL(blob)));
      },
      () => !gone && setFailed(true),
    );
    return () => {
      gone = true;
      if (made !== "") URL.revokeObjectURL(made);
      setURL("");
    };
  }, [controller, photo, patient]);
  if (!desk || !shown) return null;
  const may = app.call?.may.includes("draw") ?? false;
  return (
    <div class="sk-shown" data-testid="shown-photo" data-photo={shown.photo}>
      {url !== "" && <img src={url} alt={w.photo} onLoad={(e) => setSize({ width: e.currentTarget.naturalWidth, height: e.currentTarget.naturalHeight })} />}
      {size && <DrawLayer desk={desk} words={w} surface={photoSurface(shown.photo)} size={size} fit="contain" saved={desk.state.value.saved} draws={desk.state.value.drawing} />}
      <p class="sk-shown__text">
        <b>{w.photo}</b>
        <span>{failed ? w.notLoaded : url === "" ? w.loading : w.shownBy(shown.by)}</span>
      </p>
      {may && !desk.state.value.drawing && ( // the tools stand there while one draws
        <button class="ds-button sk-shown__close" data-variant="secondary" type="button" data-testid="hide-photo" onClick={() => desk.show("")}>
          {w.hide}
        </button>
      )}
    </div>
  );
}

/** The tools, over the large picture while one draws. */
export function DrawBar() {
  const desk = useDrawDesk();
  const app = useApp();
  const w = useDrawWords();
  const large = app.call && largePicture(app.call);
  if (!desk?.state.value.drawing || !app.call?.may.includes("draw")) return null;
  const { tool, colour, shown, saving } = desk.state.value;
  if (!shown && !large) return null;
  const surface = shown ? photoSurface(shown.photo) : pictureSurface(large as Picture);
  const tools: readonly (readonly [Tool, string])[] = [["line", w.pen], ["arrow", w.arrow], ["eraser", w.eraser]];
  const colours: readonly (readonly [Colour, string])[] = [["blue", w.blue], ["white", w.white], ["yellow", w.yellow]];
  const drawn = desk.own(surface).length > 0;
  return (
    <div class="sk-drawbar" role="toolbar" aria-label={w.tools} data-testid="draw-tools">
      {tools.map(([name, word]) => (
        <button key={name} type="button" data-testid={`draw-${name}`} aria-pressed={tool === name} onClick={() => desk.setTool(name)}>
          {word}
        </button>
      ))}
      {colours.map(([name, word]) => (
        <button key={name} type="button" data-testid={`draw-${name}`} aria-label={`${w.colours}: ${word}`} title={word} aria-pressed={colour === name} onClick={() => desk.setColour(name)}>
          <span class="sk-drawbar__dot" data-colour={name} />
        </button>
      ))}
      <button type="button" data-testid="draw-undo" aria-disabled={!drawn || undefined} onClick={() => desk.undo(surface)}>
        {w.undo}
      </button>
      <button type="button" data-testid="draw-clear" aria-disabled={!drawn || undefined} onClick={() => desk.wipe(surface)}>
        {w.clear}
      </button>
      {shown && (
        <button type="button" data-testid="draw-save" aria-disabled={!drawn || saving === "saving" || undefined} onClick={() => drawn && saving !== "saving" && void desk.save(shown.photo)}>
          {saving === "saving" ? w.saving : w.save}
        </button>
      )}
      <button type="button" data-testid="draw-done" onClick={() => desk.setDrawing(false)}>
        {w.done}
      </button>
      {(saving === "saved" || saving === "failed") && <span role="status">{saving === "saved" ? w.saved : w.notSaved}</span>}
    </div>
  );
}

/** What who treats does with the large picture; each stands there only where it makes sense. */
export function PictureControls() {
  const controller = useController();
  const app = useApp();
  const desk = useDrawDesk();
  const w = useDrawWords();
  const call = app.call;
  if (!call || !desk) return null;
  const large = largePicture(call);
  const { shown, drawing, frozen } = desk.state.value;
  const sends = large && call.participants.some((p) => p.id === large.participant && (large.source === "camera" ? p.media.camera : p.media.second !== ""));
  const stopped = large ? frozen.has(keyOf(pictureSurface(large))) : false;
  const draws = call.may.includes("draw");
  // Whoever is with the patient and can measure: a nurse, unless that is oneself.
  const asks = call.may.includes("ask") && presentPeople(call).some((p) => p.id !== call.self && p.role === "nurse");
  return (
    <>
      {draws && large && (sends || stopped) && !shown && (
        <Control icon="snow" label={stopped ? w.unfreeze : w.freeze} testid="freeze" pressed={stopped} state={stopped ? "on" : undefined} onClick={() => desk.freeze(large, !stopped)} />
      )}
      {draws && (sends || shown) && <Control icon="pen" label={w.draw} testid="draw" pressed={drawing} state={drawing ? "on" : undefined} onClick={() => desk.setDrawing(!drawing)} />}
      {asks && <Control icon="torch" label={w.askLight} testid="ask-light" onClick={() => void controller.say({ type: "ask", what: "light", kind: "" })} />}
      {asks && call.may.includes("see-wounds") && <Control icon="photo" label={w.askStill} testid="ask-still" onClick={() => void controller.say({ type: "ask", what: "still", kind: "" })} />}
    </>
  );
}

/** "Tuva Ask teiknar på sårbiletet", for who does not see it. */
export function DrawNews() {
  const desk = useDrawDesk();
  const w = useDrawWords();
  const active = desk?.state.value.active;
  const what = active && (active.surface.startsWith("photo ") || active.surface.endsWith(" second")) ? w.woundPicture : w.picture;
  const frozen = [...(desk?.state.value.frozen.values() ?? [])];
  const shown = desk?.state.value.shown;
  return (
    <>
      <Live text={active ? w.draws(active.name, what) : ""} />
      <Live text={frozen.map((name) => w.frozenBy(name)).join(". ")} />
      <Live text={shown ? `${w.photo}: ${w.shownBy(shown.by)}` : ""} />
    </>
  );
}

/** The sign of who draws on a tile's picture, where it can be seen. */
export function useDrawsText(tile: TileView): string {
  const desk = useDrawDesk();
  const w = useDrawWords();
  const active = desk?.state.value.active;
  const here = active?.surface === keyOf(pictureSurface({ participant: tile.participant, source: tile.source }));
  return active && here ? w.draws(active.name, tile.source === "second" ? w.woundPicture : w.picture) : "";
}

