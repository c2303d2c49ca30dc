// The patient's own wound: the photos, how it goes in plain words, and sending one. No scores, and
// nothing to be filled in.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useHouse, useSession, type PageProps } from "../house/house";
import { Notice, PageHead, Refused } from "../house/parts";
import { Icon } from "../ui/icon";
import { useHouseDesk } from "./house-desk";
import { Button, Drawings, PhotoPicture, ReaderProvider, useReader, useWait, type Reader } from "./parts";
import { wordsOf } from "./reading";
import { dayText, pairOf, plainText, siteOf, wayOf } from "./said";
import { SendPhoto } from "./send";
import { woundIn } from "./state";
import { Strip } from "./strip";
import { counts, type Photo, type Wound } from "./types";
import "./wound.css";

/** /wound: one's own, or by ?patient= that of the patient whom a relative's link is about. */
export function OwnWoundPage({ query }: PageProps) {
  const session = useSession();
  const house = useHouse();
  const w = wordsOf(house.language.value);
  const own = session.act?.role === "patient";
  const patient = query.get("patient") ?? (own ? session.person.id : "");
  if (patient === "")
    return (
      <div class="sk-page">
        <PageHead title={w.title} />
        <Notice>{w.nobody}</Notice>
      </div>
    );
  return <OwnWounds key={patient} patient={patient} own={own} />;
}

function OwnWounds(props: { readonly patient: string; readonly own: boolean }) {
  const house = useHouse();
  const session = useSession();
  const desk = useHouseDesk(props.patient);
  const language = house.language.value;
  const now = house.now.value;
  const w = wordsOf(language);
  const reader: Reader = useMemo(() => ({ desk, w, language, now, dense: false, responsible: "", show: null }), [desk, w, language, now]);
  const state = desk.state.value;
  const many = (state.all?.items.filter(counts).length ?? 0) > 1;
  return (
    <div class="sk-page">
      {session.handle !== "" && (
        <button class="sk-link sk-head__back" data-side="start" type="button" onClick={() => history.back()}>
          <Icon name="left" size="sm" />
          {w.toCall}
        </button>
      )}
      <PageHead title={!props.own ? w.title : many ? w.mineMany : w.mine} lead={w.mineLead} />
      {state.reading === "refused" ? (
        <Refused error={state.error} />
      ) : (
        <ReaderProvider value={reader}>
          <Own />
        </ReaderProvider>
      )}
    </div>
  );
}

function Own() {
  const { desk, w } = useReader();
  const wait = useWait();
  const state = desk.state.value;
  const wound = woundIn(state);
  const [open, setOpen] = useState<string>("");
  if (wait) return wait;
  const items = state.all?.items.filter(counts) ?? [];
  const loose = state.all?.loose.filter(counts) ?? [];
  const photo = [...(state.series?.photos ?? []), ...loose].find((p) => p.id === open);
  return (
    <div class="sk-wound" data-own data-testid="own-wound" data-reading={state.reading}>
      {state.offline && <Notice kind="offline">{w.offline}</Notice>}
      {photo ? (
        <OwnPhoto photo={photo} onBack={() => setOpen("")} />
      ) : (
        <>
          {items.length === 0 && loose.length === 0 && (
            <div class="sk-empty">
              <b>{w.mineNone}</b>
              <span class="sk-subtle">{w.mineNoneText}</span>
            </div>
          )}
          {items.length > 1 && (
            <div class="sk-wound__which" role="group" aria-label={w.which}>
              {items.map((one) => (
                <button key={one.id} class="sk-wound__choice" type="button" aria-pressed={one.id === state.chosen} data-testid={`wound-${one.id}`} onClick={() => desk.choose(one.id)}>
                  {siteOf(w, one)}
                </button>
              ))}
            </div>
          )}
          {wound && counts(wound) && <OwnOne wound={wound} onOpen={(p) => setOpen(p.id)} />}
          {loose.length > 0 && (
            <section class="sk-wound__part" aria-labelledby="own-loose">
              <h2 class="ds-heading" data-size="xs" id="own-loose">
                {w.yours}
              </h2>
              <Strip photos={loose} label={w.yours} testid="loose" onOpen={(p) => setOpen(p.id)} />
            </section>
          )}
          {state.all?.maySend && <SendPhoto wound={wound && wound.status === "open" ? wound.id : ""} title={w.send} text={w.sendText} />}
        </>
      )}
    </div>
  );
}

/** One wound as the patient reads it. */
function OwnOne(props: { readonly wound: Wound; readonly onOpen: (photo: Photo) => void }) {
  const { desk, w, now } = useReader();
  const { wound } = props;
  const { series } = desk.state.value;
  const photos = series?.photos.filter(counts) ?? [];
  const latest = pairOf(photos).now ?? wound.photo;
  const way = wayOf(wound.latest, wound.before);
  return (
    <>
      <section class="sk-wound__part" aria-labelledby="own-site">
        <h2 class="ds-heading" data-size="xs" id="own-site">
          {siteOf(w, wound)}
        </h2>
        <p class="sk-wound__plain" data-testid="plain" data-way={way ?? undefined}>
          {plainText(w, wound)}
        </p>
        {way === "larger" && wound.status === "open" && <p>{w.plainLargerText}</p>}
        {wound.latest && <p class="sk-subtle">{w.seen(dayText(w, wound.latest.at, now).toLowerCase())}</p>}
        {wound.latest && wound.latest.dressing !== "" && (
          <p>
            <b>{w.yourDressing}:</b> {wound.latest.dressing}
          </p>
        )}
        {latest ? (
          <figure class="sk-wound__photo" data-wide>
            <button class="sk-wound__open" type="button" data-testid={`open-${latest.id}`} aria-label={`${w.fullSize}: ${dayText(w, latest.takenAt, now)}`} onClick={() => props.onOpen(latest)}>
              <PhotoPicture photo={latest} size="thumbnail" />
            </button>
            <figcaption>
              <b>{dayText(w, latest.takenAt, now)}</b>
            </figcaption>
          </figure>
        ) : (
          <p class="sk-subtle">{w.noPhoto}</p>
        )}
      </section>
      {photos.length > 1 && (
        <section class="sk-wound__part" aria-labelledby="own-photos">
          <h2 class="ds-heading" data-size="xs" id="own-photos">
            {w.photos}
          </h2>
          <Strip photos={photos} label={w.photos} onOpen={props.onOpen} />
        </section>
      )}
    </>
  );
}

function OwnPhoto(props: { readonly photo: Photo; readonly onBack: () => void }) {
  const { w, now } = useReader();
  const { photo } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section class="sk-wound__one" aria-labelledby="one-photo" data-testid="one-photo">
      <div class="sk-wound__head">
        <Button kind="tertiary" icon="back" id="photo-back" onClick={props.onBack}>
          {w.back}
        </Button>
      </div>
      <h2 ref={heading} class="ds-heading" data-size="xs" id="one-photo" tabIndex={-1}>
        {dayText(w, photo.takenAt, now)}
      </h2>
      <div class="sk-wound__large" style={{ "--shape": `${photo.width} / ${photo.height}` }}>
        <PhotoPicture photo={photo} size="image" fit="contain">
          <Drawings photo={photo} fit="meet" />
        </PhotoPicture>
      </div>
    </section>
  );
}
