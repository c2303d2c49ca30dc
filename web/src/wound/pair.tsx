// The earlier photo and the new one: side by side, or over each other with a slider for how much of each.

import { useState } from "preact/hooks";
import { laidOver } from "./measure";
import { Choice, Drawings, PhotoPicture, useReader, WrongMark } from "./parts";
import type { PictureSize } from "./pictures";
import { dayText, whoText } from "./said";
import type { Photo } from "./types";

/** A photo with its day and who took it under. onOpen: it opens large at a press. */
export function PhotoFigure(props: { readonly photo: Photo; readonly size: PictureSize; readonly onOpen?: () => void; readonly aside?: string; readonly testid?: string }) {
  const { w, now } = useReader();
  const { photo } = props;
  const picture = (
    <PhotoPicture photo={photo} size={props.size}>
      <Drawings photo={photo} />
    </PhotoPicture>
  );
  return (
    <figure class="sk-wound__photo" data-testid={props.testid}>
      {props.onOpen ? (
        <button class="sk-wound__open" type="button" data-testid={`open-${photo.id}`} aria-label={`${w.fullSize}: ${dayText(w, photo.takenAt, now)}`} onClick={props.onOpen}>
          {picture}
        </button>
      ) : (
        picture
      )}
      <figcaption>
        <b>{dayText(w, photo.takenAt, now)}</b>
        <span>{whoText(w, photo)}</span>
        {props.aside && <span class="sk-num">{props.aside}</span>}
        <WrongMark of={photo} text={w.photoWrong} />
      </figcaption>
    </figure>
  );
}

function Overlaid(props: { readonly now: Photo; readonly before: Photo; readonly size: PictureSize }) {
  const { w, now: clock } = useReader();
  const [share, setShare] = useState(50); // per cent of the new one
  const { now, before } = props;
  const laid = laidOver(before, now);
  return (
    <div class="sk-wound__over" data-testid="overlaid" data-fitted={laid !== null}>
      <div class="sk-wound__layers" style={{ "--shape": `${now.width} / ${now.height}` }}>
        <div class="sk-wound__layer">
          <Shifted photo={before} laid={laid} size={props.size} />
        </div>
        <div class="sk-wound__layer" style={{ opacity: share / 100 }} data-testid="upper" data-share={share}>
          <PhotoPicture photo={now} size={props.size} />
        </div>
      </div>
      <label class="sk-wound__share">
        <span class="ds-sr-only">{w.howMuch}</span>
        <span aria-hidden="true">{dayText(w, before.takenAt, clock)}</span>
        <input type="range" min={0} max={100} step={5} value={share} aria-valuetext={w.howMuchIs(share)} data-testid="share" onInput={(event) => setShare(Number(event.currentTarget.value))} />
        <span aria-hidden="true">{dayText(w, now.takenAt, clock)}</span>
      </label>
      <p class="sk-subtle sk-wound__xs">{laid ? w.fitted : w.notFitted}</p>
    </div>
  );
}

/** The earlier photo, moved and sized so that its wound lies under the new one's. */
function Shifted(props: { readonly photo: Photo; readonly laid: { readonly scale: number; readonly x: number; readonly y: number } | null; readonly size: PictureSize }) {
  const { laid } = props;
  if (!laid) return <PhotoPicture photo={props.photo} size={props.size} />;
  return (
    <span class="sk-wound__shift" style={{ left: `${laid.x * 100}%`, top: `${laid.y * 100}%`, width: `${laid.scale * 100}%` }}>
      <PhotoPicture photo={props.photo} size={props.size} />
    </span>
  );
}

export function Pair(props: { readonly now: Photo; readonly before: Photo; readonly size: PictureSize; readonly onOpen: (photo: Photo) => void }) {
  const { w } = useReader();
  const [view, setView] = useState<"side" | "over">("side");
  const { now, before } = props;
  return (
    <div class="sk-wound__pairing">
      {view === "side" ? (
        <div class="sk-wound__pair" data-testid="pair">
          {[before, now].map((photo) => (
            <PhotoFigure key={photo.id} photo={photo} size={props.size} onOpen={() => props.onOpen(photo)} />
          ))}
        </div>
      ) : (
        <Overlaid now={now} before={before} size={props.size} />
      )}
      <Choice
        label={w.show}
        testid="pair"
        value={view}
        options={[
          { value: "side", text: w.sideBySide },
          { value: "over", text: w.over },
        ]}
        onChoose={setView}
      />
    </div>
  );
}
