// Where the wounds of the patient stand in the call page: nothing of them is loaded for who may not see
// them. The desk lives as long as the call page does, over reconnections, so that the outline of the
// last time is there for the camera whatever tab is open.

import { createContext, type ComponentChildren } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import { storage } from "../../memory";
import { useApp, useController } from "../../ui/app";
import type { WoundDesk } from "../../wound/desk";

type Parts = typeof import("../../wound/index");

interface Loaded {
  readonly parts: Parts;
  readonly desk: WoundDesk;
}

/** What other parts of the call do for the wounds; null: they are not there, or one may not. */
export interface WoundActions {
  /** Takes a still of the wound at the camera's full size. Resolves when it is taken, or put away. */
  readonly takeStill: ((of: { readonly wound: string }) => Promise<void>) | null;
  /** Puts a photo large before all who may see it. */
  readonly show: ((photo: string) => void) | null;
}

export const WoundActionsContext = createContext<WoundActions>({ takeStill: null, show: null });

/** null: there are none for this session. loading: they are on their way. */
const WoundContext = createContext<Loaded | "loading" | null>(null);

const retryAfter = 1_000; // ms between tries to load

/** Loads the wounds and keeps their desk open while its children are shown. */
export function WoundHost(props: { readonly children: ComponentChildren }) {
  const controller = useController();
  const app = useApp();
  const sees = app.call?.may.includes("see-wounds") ?? false;
  const patient = sees ? (app.invitation?.patient ?? "") : "";
  const consultation = app.call?.consultation.id ?? "";
  const self = app.call?.self ?? "";
  const treats = ["nurse", "specialist", "gp"].includes(app.invitation?.role ?? "");
  const [loaded, setLoaded] = useState<Loaded | null>(null);

  useEffect(() => {
    if (patient === "" || self === "" || !treats) return undefined;
    let gone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let desk: WoundDesk | undefined;
    const load = () =>
      import("../../wound/index").then(
        (parts) => {
          if (gone) return;
          desk = parts.makeDesk({
            client: () => controller.service(),
            fetchPicture: (path) => controller.pictures(path),
            hear: (tell) => controller.hear(tell),
            patient,
            consultation,
            now: () => Date.now() + controller.state.peek().skew,
            shelf: parts.createShelf(storage("sessionStorage"), patient, self),
            online: parts.onOnline,
          });
          desk.open();
          setLoaded({ parts, desk });
        },
        () => {
          if (!gone) timer = setTimeout(load, retryAfter);
        },
      );
    void load();
    return () => {
      gone = true;
      clearTimeout(timer);
      desk?.close();
      setLoaded(null);
    };
  }, [controller, patient, consultation, self, treats]);

  return <WoundContext.Provider value={patient === "" || !treats ? null : (loaded ?? "loading")}>{props.children}</WoundContext.Provider>;
}

/** Whether there are wounds to be read in this call. */
export const useHasWounds = (): boolean => useContext(WoundContext) !== null;

/** The tab's content. entry: whoever holds the tablet takes photos and assesses. */
export function Wounds(props: { readonly entry: boolean }) {
  const app = useApp();
  const loaded = useContext(WoundContext);
  const actions = useContext(WoundActionsContext);
  if (loaded === null || loaded === "loading") return null;
  const { WoundTab } = loaded.parts;
  return (
    <WoundTab
      desk={loaded.desk}
      language={app.language}
      now={app.now}
      entry={props.entry}
      responsible={app.call?.consultation.organisation ?? ""}
      takeStill={actions.takeStill}
      show={actions.show}
    />
  );
}

/** The photo whose outline the next one is taken by; null: there is none. */
function useFollowed() {
  const loaded = useContext(WoundContext);
  if (loaded === null || loaded === "loading") return null;
  const photo = loaded.parts.photoToFollow(loaded.desk.state.value.series?.photos ?? []);
  return photo && loaded.parts.lastOutline(photo.drawings).length > 2 ? { photo, parts: loaded.parts } : null;
}

/** The outline of the last time, over one's own wound camera; nothing where there is none. */
export function LastOutlineHere(props: { readonly fit: "meet" | "slice" }) {
  const followed = useFollowed();
  return followed && <followed.parts.LastOutline photo={followed.photo} fit={props.fit} />;
}

/** "Stipla: omrisset frå 11. november"; empty where there is none. */
export function useOutlineText(): string {
  const app = useApp();
  const followed = useFollowed();
  return followed ? followed.parts.outlineText(app.language, followed.photo) : "";
}
