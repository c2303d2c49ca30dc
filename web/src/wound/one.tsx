// One photo, whole: what is drawn on it, what was measured, and what can be said of it.

import { useState } from "preact/hooks";
import { Icon } from "../ui/icon";
import { Button, Drawings, PhotoPicture, ProblemLine, useFocus, useReader, WrongMark } from "./parts";
import { Ruler, type Measures } from "./ruler";
import { dayText, number, photoSize, siteOf, whenText, whoText } from "./said";
import type { Problem } from "./state";
import { counts, type Photo } from "./types";

/** A reason, before something is marked as wrong. */
export function Reason(props: { readonly label: string; readonly help?: string; readonly yes: string; readonly id: string; readonly onYes: (reason: string) => Promise<Problem>; readonly onNo: () => void }) {
  const { w } = useReader();
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState<Problem>("");
  const [busy, setBusy] = useState(false);
  const field = useFocus<HTMLTextAreaElement>();
  return (
    <form
      class="sk-wound__card"
      noValidate
      onSubmit={async (event) => {
        event.preventDefault();
        if (busy) return;
        setBusy(true);
        setProblem(await props.onYes(reason));
        setBusy(false);
      }}
    >
      <label class="sk-field">
        <span>{props.label}</span>
        {props.help && <span class="sk-subtle sk-small">{props.help}</span>}
        <textarea ref={field} class="sk-input" rows={2} maxLength={500} value={reason} data-testid={`${props.id}-reason`} onInput={(event) => setReason(event.currentTarget.value)} />
      </label>
      <ProblemLine problem={problem} />
      <div class="sk-row sk-wound__wrap">
        <button class="ds-button" data-size="sm" type="submit" aria-disabled={busy || undefined} data-testid={`${props.id}-yes`}>
          {props.yes}
        </button>
        <Button kind="tertiary" small onClick={props.onNo}>
          {w.cancel}
        </Button>
      </div>
    </form>
  );
}

/** What is drawn, by whom; and taking one's own off. */
function DrawnBy(props: { readonly photo: Photo; readonly may: boolean }) {
  const { desk, w, now } = useReader();
  const [problem, setProblem] = useState<Problem>("");
  if (props.photo.drawings.length === 0) return null;
  return (
    <>
      <ul class="sk-wound__drawn">
        {props.photo.drawings.map((d) => (
          <li key={d.id} class="sk-spread">
            <span>
              {w.drawnBy(d.by, whenText(w, d.at, now))}
              {d.note !== "" && `: ${d.note}`}
            </span>
            {props.may && (
              <Button kind="tertiary" small id={`take-off-${d.id}`} label={w.takeOffOf(d.by, whenText(w, d.at, now))} onClick={async () => setProblem(await desk.takeOff(props.photo, d.id))}>
                {w.takeOff}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <ProblemLine problem={problem} />
    </>
  );
}

/** among: those that one goes on to. onUse: measures go into the assessment. */
export function OnePhoto(props: { readonly photo: Photo; readonly among: readonly Photo[]; readonly onOpen: (photo: Photo) => void; readonly onBack: () => void; readonly onUse: ((photo: Photo, of: Measures) => void) | null }) {
  const { desk, w, now, show } = useReader();
  const { photo, among } = props;
  const state = desk.state.value;
  const may = state.all?.mayWrite ?? false;
  const [drawn, setDrawn] = useState(true);
  const [doing, setDoing] = useState<"" | "measure" | "wrong">("");
  const [problem, setProblem] = useState<Problem>("");
  const heading = useFocus<HTMLHeadingElement>();
  const at = among.findIndex((p) => p.id === photo.id);
  const [newer, older] = [among[at - 1], at < 0 ? undefined : among[at + 1]];
  const size = photoSize(w, photo, state.series?.assessments ?? []);
  const measured = photo.area !== null && photo.longest !== null && photo.widest !== null ? w.measured(number(w, photo.longest), number(w, photo.widest), number(w, photo.area)) : size;
  const wrong = !counts(photo);
  if (doing === "measure") {
    const { onUse } = props;
    return <Ruler photo={photo} onClose={() => setDoing("")} onUse={onUse && ((of) => onUse(photo, of))} />;
  }
  return (
    <section class="sk-wound__one" aria-labelledby="one-photo" data-testid="one-photo" data-photo={photo.id}>
      <div class="sk-wound__head">
        <Button kind="tertiary" icon="back" id="photo-back" onClick={props.onBack}>
          {w.back}
        </Button>
        <div class="sk-row sk-wound__wrap">
          <Button kind="tertiary" icon="left" id="photo-older" busy={!older} onClick={() => older && props.onOpen(older)}>
            {w.older}
          </Button>
          <Button kind="tertiary" end="right" id="photo-newer" busy={!newer} onClick={() => newer && props.onOpen(newer)}>
            {w.newer}
          </Button>
        </div>
      </div>
      <h2 ref={heading} class="ds-heading" data-size="2xs" id="one-photo" tabIndex={-1}>
        {dayText(w, photo.takenAt, now)}
      </h2>
      <div class="sk-wound__large" style={{ "--shape": `${photo.width} / ${photo.height}` }}>
        <PhotoPicture photo={photo} size="image" fit="contain">
          {drawn && <Drawings photo={photo} fit="meet" />}
        </PhotoPicture>
      </div>
      <WrongMark of={photo} text={w.photoWrong} />
      <p class="sk-subtle sk-wound__xs">
        {whoText(w, photo)}
        {photo.askedBy !== "" && `. ${w.askedBy(photo.askedBy)}`}
        {measured !== "" && !wrong && <span class="sk-num">{`. ${measured}`}</span>}
      </p>
      <div class="sk-row sk-wound__wrap">
        {show && !wrong && (
          <Button icon="expand" id="show-photo" onClick={() => show(photo.id)}>
            {w.showAll}
          </Button>
        )}
        {may && !wrong && (
          <Button glyph="ruler" id="measure-photo" onClick={() => setDoing("measure")}>
            {w.measureOn}
          </Button>
        )}
        {photo.drawings.length > 0 && (
          <Button kind="tertiary" icon={drawn ? "eye-off" : "eye"} id="toggle-drawings" onClick={() => setDrawn(!drawn)}>
            {drawn ? w.hideDrawings : w.showDrawings}
          </Button>
        )}
      </div>
      <DrawnBy photo={photo} may={may && !wrong} />
      {may && (
        <>
          <label class="sk-field">
            <span>{w.belongs}</span>
            <select class="sk-input" value={photo.wound} data-testid="belongs" onChange={async (event) => setProblem(await desk.changePhoto(photo, { wound: event.currentTarget.value }))}>
              <option value="">{w.toNone}</option>
              {state.all?.items.filter((one) => counts(one) || one.id === photo.wound).map((one) => (
                <option key={one.id} value={one.id}>
                  {siteOf(w, one)}
                </option>
              ))}
            </select>
          </label>
          <ProblemLine problem={problem} />
          {doing === "wrong" ? (
            <Reason
              id="photo-wrong"
              label={w.reason}
              help={w.reasonHelp}
              yes={w.markWrong}
              onNo={() => setDoing("")}
              onYes={async (reason) => {
                const failed = await desk.changePhoto(photo, { status: "entered-in-error", reason: reason.trim() });
                if (failed === "") setDoing("");
                return failed;
              }}
            />
          ) : wrong ? (
            <Button kind="tertiary" id="photo-right" onClick={async () => setProblem(await desk.changePhoto(photo, { status: "final" }))}>
              <Icon name="check" size="xs" />
              {w.markRight}
            </Button>
          ) : (
            <Button kind="tertiary" icon="x" id="photo-wrong" onClick={() => setDoing("wrong")}>
              {w.markWrong}
            </Button>
          )}
        </>
      )}
    </section>
  );
}
