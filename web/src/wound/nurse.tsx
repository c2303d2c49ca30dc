// The wound in the hands of the nurse: the last photo to take the next one by, one large button, and
// then the assessment.

import { useEffect, useRef, useState } from "preact/hooks";
import { sameDay } from "../i18n/time";
import { lastOutline } from "./measure";
import { Button, Drawings, Glyph, Message, PhotoPicture, useReader, useWait, WrongMark } from "./parts";
import { LastOutline } from "./outline";
import { dayText, pairOf, photoSize, siteOf } from "./said";
import { SendPhoto } from "./send";
import { woundIn } from "./state";
import { counts, type Photo } from "./types";
import { Loose, NoWound, Opened, overview, Saving, WhichWound, type Shown } from "./view";

/** The photo that the next one is taken by: the latest that counts, and of those the latest with an outline on it. */
export function photoToFollow(photos: readonly Photo[]): Photo | null {
  const all = photos.filter(counts);
  return all.find((p) => lastOutline(p.drawings).length > 2) ?? all[0] ?? null;
}

export interface NurseProps {
  /** Takes a still of the wound at the camera's full size; null: there is no camera to take it with. Resolves when it is taken, or put away. */
  readonly takeStill: ((of: { readonly wound: string }) => Promise<void>) | null;
}

export function NurseWound(props: NurseProps) {
  const { desk, w, now } = useReader();
  const [shown, setShown] = useState<Shown>(overview);
  const [taking, setTaking] = useState(false);
  const wait = useWait();
  const state = desk.state.value;
  const wound = woundIn(state);
  const alive = useRef(true);
  useEffect(() => () => void (alive.current = false), []);
  if (wait) return <div class="sk-wound" data-nurse>{wait}</div>;
  const opened = shown.kind !== "overview";
  const photos = state.series?.photos ?? [];
  const last = pairOf(photos).now ?? wound?.photo ?? null;
  const follow = photoToFollow(photos) ?? last;
  const outlined = follow !== null && lastOutline(follow.drawings).length > 2;
  const begun = wound ? state.begun[wound.id] : undefined;
  const size = last ? photoSize(w, last, state.series?.assessments ?? []) : "";
  // Today's photo is there and nobody has assessed by it: that is what comes next.
  const due = last !== null && sameDay(last.takenAt, now) && !(state.series?.assessments ?? []).some((a) => counts(a) && a.photo === last.id);
  const take = async () => {
    if (!wound || !props.takeStill || taking) return;
    setTaking(true);
    await props.takeStill({ wound: wound.id }).catch(() => undefined); // what went wrong is told where it is taken
    if (alive.current) setTaking(false);
  };
  return (
    <div class="sk-wound" data-nurse data-opened={opened || undefined} data-testid="wounds" data-reading={state.reading}>
      {state.offline && <Message kind="offline">{w.offline}</Message>}
      {opened ? (
        <Opened shown={shown} wound={wound} onShow={setShown} />
      ) : !wound ? (
        <>
          <NoWound onRegister={() => setShown({ kind: "register" })} />
          <Loose onOpen={(photo) => setShown({ kind: "photo", photo: photo.id })} />
        </>
      ) : (
        <>
          <div class="sk-wound__now">
            <WhichWound onChoose={() => setShown(overview)} />
            <div>
              <h2 class="ds-heading" data-size="xs" data-testid="wound-site">
                {siteOf(w, wound)}
              </h2>
              <p class="sk-subtle">{w.photosBefore(wound.photos)}</p>
            </div>
            {last && (
              <figure class="sk-wound__photo" data-wide data-testid="last-photo">
                <button class="sk-wound__open" type="button" data-testid={`open-${last.id}`} aria-label={`${w.fullSize}: ${dayText(w, last.takenAt, now)}`} onClick={() => setShown({ kind: "photo", photo: last.id })}>
                  <PhotoPicture photo={last} size="thumbnail">
                    <Drawings photo={last} without="outline" />
                    <LastOutline photo={last} />
                  </PhotoPicture>
                </button>
                <figcaption class="sk-spread">
                  <b>{dayText(w, last.takenAt, now)}</b>
                  <span class="sk-num">{size}</span>
                </figcaption>
                <WrongMark of={last} text={w.photoWrong} />
              </figure>
            )}
            <ol class="sk-wound__steps">
              <li>
                <span aria-hidden="true">1</span>
                {w.stepOne}
              </li>
              <li>
                <span aria-hidden="true">2</span>
                {outlined ? w.stepTwo : w.stepTwoNone}
              </li>
            </ol>
            <Saving wound={wound.id} onOpen={() => setShown({ kind: "assess" })} />
            <div class="sk-row sk-wound__wrap">
              <Button kind="tertiary" icon="plus" id="register-wound" onClick={() => setShown({ kind: "register" })}>
                {w.newWound}
              </Button>
            </div>
            <Loose onOpen={(photo) => setShown({ kind: "photo", photo: photo.id })} />
            {!props.takeStill && state.all?.maySend && <SendPhoto wound={wound.status === "open" ? wound.id : ""} title={w.addPhoto} text="" />}
          </div>
          <div class="sk-wound__buttons">
            {state.all?.mayWrite && wound.status === "open" && (
              <Button kind={due ? "primary" : "secondary"} glyph="pen" id="assess" onClick={() => setShown({ kind: "assess" })}>
                {begun && begun.key === "" ? w.goOn : w.assess}
              </Button>
            )}
            {props.takeStill && state.all?.maySend && (
              <button class="ds-button sk-wound__save" type="button" data-fullwidth data-variant={due ? "secondary" : undefined} aria-disabled={taking || undefined} data-testid="take-still" onClick={() => void take()}>
                <Glyph name="still" size="lg" />
                {taking ? w.taking : w.take}
              </button>
            )}
          </div>
        </>
      )}
    </div>
  );
}
