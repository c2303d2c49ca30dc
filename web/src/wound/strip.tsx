// All photos as a strip, small, the newest first: the large ones are fetched when one is opened.

import { Drawings, PhotoPicture, useReader } from "./parts";
import { dayShort, dayText } from "./said";
import { counts, type Photo } from "./types";

/** marked: photos that are chosen, of those that are pressed to choose. */
export function Strip(props: { readonly photos: readonly Photo[]; readonly label: string; readonly onOpen: (photo: Photo) => void; readonly marked?: readonly string[]; readonly testid?: string }) {
  const { w, now } = useReader();
  return (
    <ul class="sk-wound__strip" aria-label={props.label} data-testid={props.testid ?? "strip"}>
      {props.photos.map((photo) => {
        const wrong = !counts(photo);
        return (
          <li key={photo.id}>
            <button
              class="sk-wound__open"
              type="button"
              data-testid={`strip-${photo.id}`}
              data-wrong={wrong || undefined}
              aria-pressed={props.marked ? props.marked.includes(photo.id) : undefined}
              aria-label={[dayText(w, photo.takenAt, now), wrong ? w.wrongPhoto : ""].filter((t) => t !== "").join(". ")}
              onClick={() => props.onOpen(photo)}
            >
              <PhotoPicture photo={photo} size="thumbnail" alt="">
                <Drawings photo={photo} />
              </PhotoPicture>
              <span aria-hidden="true">{wrong ? <s>{dayShort(w, photo.takenAt)}</s> : dayShort(w, photo.takenAt)}</span>
              {wrong && <span aria-hidden="true">{w.wrongPhoto}</span>}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
