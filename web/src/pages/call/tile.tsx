// A tile: a picture with who it is. It never shows a frozen picture as if it were live.

import type { Participant } from "../../gen/protocol";
import { capital, useWords, type Dictionary } from "../../i18n/i18n";
import type { PictureState, Tile as TileView } from "../../state/view";
import { useController } from "../../ui/app";
import { Icon, type IconName } from "../../ui/icon";
import { Video } from "../../ui/media";
import { called, initials } from "../../ui/people";
import { DrawBar, OverPicture, ShownPhoto, useDrawsText, useFrozenText } from "./draw";
import { LastOutlineHere, useOutlineText } from "./wound";

interface Mark {
  readonly icon: IconName;
  readonly text: string;
  readonly kind?: "speaking";
  readonly late?: boolean; // not worth a word when it is soon over
}

function pictureMark(w: Dictionary, picture: PictureState): Mark | null {
  switch (picture) {
    case "live":
      return null;
    case "starting":
      return { icon: "clock", text: w.pictureComing, late: true };
    case "stalled":
      return { icon: "refresh", text: w.pictureStuck };
    case "held":
      return { icon: "speaker", text: w.soundOnlyNow };
    case "off":
      return { icon: "cam-off", text: w.cameraOff };
    case "away":
      return { icon: "refresh", text: w.comingBack };
    default: {
      const never: never = picture;
      return never;
    }
  }
}

function marks(w: Dictionary, tile: TileView): readonly Mark[] {
  const out: Mark[] = [];
  if (tile.speaking) out.push({ icon: "voice", text: w.speaking, kind: "speaking" });
  const picture = pictureMark(w, tile.picture);
  if (picture) out.push(picture);
  if (tile.hand && tile.source === "camera") out.push({ icon: "hand", text: w.handUp });
  if (tile.source === "second") {
    const doctor = tile.watchedBy.find((p) => p.role === "specialist") ?? tile.watchedBy.find((p) => p.role === "gp");
    if (doctor) out.push({ icon: "hosp", text: w.watches(called(w, doctor)) });
  }
  return out;
}

export const pictureName = (w: Dictionary, tile: TileView): string =>
  tile.source === "camera" ? tile.name : tile.kind === "screen" ? w.screenPicture : w.rearPicture;

/** One's own wound camera: the outline of the last time lies over it. */
const ownWound = (tile: TileView): boolean => tile.self && tile.source === "second" && tile.kind !== "screen" && shows(tile.picture);

function Label(props: { readonly tile: TileView; readonly person: Participant | undefined }) {
  const w = useWords();
  const { tile, person } = props;
  const beside = tile.source === "camera" && tile.large && person ? person.beside : [];
  const also = beside.map((c) => (c.role === "" ? c.name : `${c.name}, ${c.role}`));
  const dashed = useOutlineText();
  const title = ownWound(tile) && dashed !== "" ? dashed : tile.source === "second" ? (tile.kind === "screen" ? w.screenFrom(tile.name) : w.rearFrom(tile.name)) : tile.title || capital(w.role(tile.role));
  const organisation = tile.source === "second" ? "" : tile.organisation;
  return (
    <figcaption class="sk-tile__label">
      <b>
        {tile.muted && tile.source === "camera" && (
          <>
            <Icon name="mic-off" size="xs" />
            <span class="ds-sr-only">{w.soundOff}: </span>
          </>
        )}
        {tile.self && tile.source === "camera" ? w.you : pictureName(w, tile)}
      </b>
      <span>
        {title}
        {organisation !== "" && <span class="sk-tile__org">, {organisation}</span>}
        {also.length > 0 && `. ${w.alsoInRoom(w.ofSeveral(also))}`}
      </span>
    </figcaption>
  );
}

/** Whether the element may be seen: before the first frame it is see-through, and the initials show. */
const shows = (picture: PictureState): boolean => picture === "live" || picture === "starting";

export function Tile(props: { readonly tile: TileView; readonly person: Participant | undefined }) {
  const controller = useController();
  const w = useWords();
  const { tile, person } = props;
  const name = pictureName(w, tile);
  const frozen = useFrozenText(tile);
  const draws = useDrawsText(tile);
  return (
    <figure
      class="sk-tile"
      data-testid={tile.source === "second" ? "second-picture" : "tile"}
      data-participant={tile.participant}
      data-name={tile.self && tile.source === "camera" ? w.you : tile.name}
      data-role={tile.role}
      data-source={tile.source}
      data-self={tile.self || undefined}
      data-large={tile.large || undefined}
      data-speaking={tile.speaking || undefined}
      data-picture={tile.picture}
    >
      <span class="sk-avatar" aria-hidden="true">
        {initials(tile.name)}
      </span>
      <Video
        participant={tile.self ? "self" : tile.participant}
        source={tile.source}
        label={tile.source === "camera" ? w.videoOf(tile.name) : name}
        mirror={tile.self && tile.source === "camera"}
        hidden={!shows(tile.picture)}
      />
      {ownWound(tile) && <LastOutlineHere fit="meet" />}
      <OverPicture tile={tile} />
      <span class="sk-tile__marks">
        {frozen !== "" && (
          <span class="sk-tile__mark" data-testid="frozen-by">
            <Icon name="snow" size="xs" />
            {frozen}
          </span>
        )}
        {draws !== "" && (
          <span class="sk-tile__mark" data-testid="draws">
            <Icon name="pen" size="xs" />
            {draws}
          </span>
        )}
        {marks(w, tile).map((mark) => (
          <span key={mark.text} class={mark.late ? "sk-tile__mark sk-late" : "sk-tile__mark"} data-kind={mark.kind}>
            <Icon name={mark.icon} size="xs" />
            {mark.text}
          </span>
        ))}
      </span>
      <Label tile={tile} person={person} />
      {tile.large && <ShownPhoto />}
      {tile.large && <DrawBar />}
      {!tile.large && !(tile.self && tile.source === "camera") && (
        <button
          class="sk-tile__choose"
          type="button"
          data-testid="make-large"
          aria-label={w.makeLarge(name)}
          title={w.makeLarge(name)}
          onClick={() => controller.choose({ participant: tile.participant, source: tile.source })}
        >
          <Icon name="expand" size="xs" />
        </button>
      )}
    </figure>
  );
}

/** One's own picture in the corner of the large one. */
export function Corner(props: { readonly tile: TileView }) {
  const w = useWords();
  const { tile } = props;
  const frozen = useFrozenText(tile);
  return (
    <figure class="sk-corner" data-testid="self" data-picture={tile.picture} data-name={w.you} data-role={tile.role}>
      {!shows(tile.picture) && <Icon name="cam-off" />}
      <Video participant="self" source="camera" label={w.ownPicture} mirror hidden={!shows(tile.picture)} />
      <OverPicture tile={tile} />
      <figcaption>
        {tile.muted && (
          <>
            <Icon name="mic-off" size="xs" />
            <span class="ds-sr-only">{w.soundOff}: </span>
          </>
        )}
        {frozen !== "" ? frozen : w.you}
      </figcaption>
    </figure>
  );
}
