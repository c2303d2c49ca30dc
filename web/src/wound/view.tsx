// The wounds as who treats sees them: which wound, the two latest photos, what was found now and before,
// its size over time and all photos. In the call's panel and on the page it is the same.

import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../ui/icon";
import { Facts } from "./facts";
import { measuredOn } from "./draft";
import { AssessmentForm, CorrectionForm } from "./form";
import type { Measures } from "./ruler";
import { OnePhoto, Reason } from "./one";
import { Pair, PhotoFigure } from "./pair";
import { Button, Loading, Message, ProblemLine, useReader, useWait, WrongMark } from "./parts";
import { dayLong, dayText, pairOf, siteOf } from "./said";
import { SendPhoto } from "./send";
import { SiteForm } from "./site-form";
import { latestOf, woundIn, type Problem } from "./state";
import { Strip } from "./strip";
import { OverTime } from "./time";
import { counts, type Photo, type Wound } from "./types";

/** What stands in the place of the wound's overview. */
export type Shown =
  | { readonly kind: "overview" }
  | { readonly kind: "photo"; readonly photo: string }
  | { readonly kind: "assess" }
  | { readonly kind: "correct"; readonly assessment: string }
  | { readonly kind: "register" }
  | { readonly kind: "change" }
  | { readonly kind: "compare" };

export const overview: Shown = { kind: "overview" };

/** Which wound, where there are several: one press each, the closed ones last. */
export function WhichWound(props: { readonly onChoose: () => void }) {
  const { desk, w } = useReader();
  const { all, chosen } = desk.state.value;
  if (!all || all.items.length < 2) return null;
  return (
    <div class="sk-wound__which" role="group" aria-label={w.which}>
      {all.items.map((one) => (
        <button
          key={one.id}
          class="sk-wound__choice"
          type="button"
          aria-pressed={one.id === chosen}
          data-testid={`wound-${one.id}`}
          onClick={() => {
            desk.choose(one.id);
            props.onChoose();
          }}
        >
          {counts(one) ? siteOf(w, one) : <s>{siteOf(w, one)}</s>}
          {one.status !== "open" && <span class="sk-subtle"> {counts(one) ? w.closed : w.wrong}</span>}
        </button>
      ))}
    </div>
  );
}

/** What became of the assessment that was saved last. */
export function Saving(props: { readonly wound: string; readonly onOpen: () => void }) {
  const { desk, w } = useReader();
  const { saving, begun } = desk.state.value;
  const one = begun[props.wound];
  if (saving === "kept")
    return (
      <p class="sk-status" data-state="ready" role="status" data-testid="assessment-saved">
        <Icon name="check" size="xs" />
        {w.savedAssessment}
      </p>
    );
  if (one && one.key !== "" && saving !== "busy")
    return (
      <p class="sk-status" role="status" data-testid="assessment-waits">
        <Icon name="clock" size="xs" />
        {w.waits}
      </p>
    );
  if (saving === "" || saving === "busy" || saving === "waits") return null;
  return (
    <>
      <ProblemLine problem={saving} />
      <Button onClick={props.onOpen}>{w.goOn}</Button>
    </>
  );
}

/** Loose photos: those that belong to no wound yet. */
export function Loose(props: { readonly onOpen: (photo: Photo) => void }) {
  const { desk, w } = useReader();
  const loose = desk.state.value.all?.loose ?? [];
  if (loose.length === 0) return null;
  return (
    <section class="sk-wound__part" aria-labelledby="wound-loose">
      <h3 class="ds-heading" data-size="2xs" id="wound-loose">
        {w.loose}
      </h3>
      <p class="sk-subtle sk-wound__xs">{w.looseText}</p>
      <Strip photos={loose} label={w.loose} testid="loose" onOpen={props.onOpen} />
    </section>
  );
}

/** Two photos of the reader's own choice. */
function Compare(props: { readonly photos: readonly Photo[]; readonly onBack: () => void; readonly onOpen: (photo: Photo) => void }) {
  const { w, now } = useReader();
  const usable = props.photos.filter(counts);
  const pair = pairOf(usable);
  const [was, setWas] = useState(pair.before?.id ?? usable.at(-1)?.id ?? "");
  const [is, setIs] = useState(pair.now?.id ?? "");
  const [a, b] = [usable.find((p) => p.id === was), usable.find((p) => p.id === is)];
  const choose = (label: string, value: string, set: (id: string) => void, id: string) => (
    <label class="sk-field">
      <span>{label}</span>
      <select class="sk-input" value={value} data-testid={id} onChange={(event) => set(event.currentTarget.value)}>
        {usable.map((p) => (
          <option key={p.id} value={p.id}>
            {dayText(w, p.takenAt, now)}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <section class="sk-wound__part" aria-label={w.compare} data-testid="compare">
      <div class="sk-wound__head">
        <Button kind="tertiary" icon="back" id="compare-back" onClick={props.onBack}>
          {w.back}
        </Button>
      </div>
      <div class="sk-wound__two">
        {choose(w.compareA, was, setWas, "compare-a")}
        {choose(w.compareB, is, setIs, "compare-b")}
      </div>
      {a && b && <Pair key={`${a.id} ${b.id}`} now={b} before={a} size="image" onOpen={props.onOpen} />}
    </section>
  );
}

/** Closing a wound, opening it again, and saying that it was registered by mistake. */
function EndOf(props: { readonly wound: Wound }) {
  const { desk, w } = useReader();
  const { wound } = props;
  const [doing, setDoing] = useState<"" | "close" | "wrong">("");
  const [problem, setProblem] = useState<Problem>("");
  const to = async (status: Wound["status"], reason: string): Promise<Problem> => {
    const failed = await desk.change(wound, { site: wound.site, side: wound.side, since: wound.since, status, reason });
    if (failed === "") setDoing("");
    return failed;
  };
  if (doing === "close") return <Reason id="wound-close" label={w.why} help={w.closeText} yes={w.close} onYes={(reason) => to("closed", reason)} onNo={() => setDoing("")} />;
  if (doing === "wrong") return <Reason id="wound-wrong" label={w.why} yes={w.isWrong} onYes={(reason) => to("entered-in-error", reason)} onNo={() => setDoing("")} />;
  return (
    <>
      <div class="sk-row sk-wound__wrap">
        {wound.status === "open" ? (
          <Button kind="tertiary" icon="check" id="wound-close" onClick={() => setDoing("close")}>
            {w.close}
          </Button>
        ) : (
          <Button kind="tertiary" icon="unlock" id="wound-reopen" onClick={async () => setProblem(await to("open", ""))}>
            {w.reopen}
          </Button>
        )}
        {counts(wound) && (
          <Button kind="tertiary" icon="x" id="wound-wrong" onClick={() => setDoing("wrong")}>
            {w.isWrong}
          </Button>
        )}
      </div>
      <ProblemLine problem={problem} />
    </>
  );
}

/** One wound: photos, facts, over time. */
function Overview(props: { readonly wound: Wound; readonly onShow: (shown: Shown) => void }) {
  const { desk, w } = useReader();
  const { wound, onShow } = props;
  const state = desk.state.value;
  const { series } = state;
  const may = state.all?.mayWrite ?? false;
  const latest = latestOf(series, wound);
  const pair = series ? pairOf(series.photos) : { now: wound.photo, before: wound.photoBefore };
  const open = (photo: Photo) => onShow({ kind: "photo", photo: photo.id });
  const begun = state.begun[wound.id];
  return (
    <>
      <div class="sk-wound__head">
        <div>
          <h2 class="ds-heading" data-size="2xs" data-testid="wound-site">
            {siteOf(w, wound)}
          </h2>
          {(wound.since > 0 || wound.status === "closed") && <p class="sk-subtle sk-wound__xs">{wound.status === "closed" ? w.closedAt(dayLong(w, wound.closedAt)) : w.since(dayLong(w, wound.since))}</p>}
        </div>
        {wound.photos > 0 && (
          <Button
            kind="tertiary"
            end="right"
            id="all-photos"
            onClick={() => document.getElementById("wound-photos")?.focus()}
          >
            {w.allPhotos(wound.photos)}
          </Button>
        )}
      </div>
      <WrongMark of={wound} text={w.wrong} />
      {pair.now && pair.before ? (
        <Pair now={pair.now} before={pair.before} size="thumbnail" onOpen={open} />
      ) : pair.now ? (
        <PhotoFigure photo={pair.now} size="thumbnail" onOpen={() => open(pair.now!)} aside={w.onePhoto} />
      ) : (
        <p class="sk-subtle">{w.noPhoto}</p>
      )}
      <Facts now={latest.now} before={latest.before} />
      {may && wound.status === "open" && (
        <div class="sk-row sk-wound__wrap">
          <Button glyph="pen" id="assess" onClick={() => onShow({ kind: "assess" })}>
            {begun && begun.key === "" ? w.goOn : w.assess}
          </Button>
          {wound.photos > 1 && (
            <Button kind="tertiary" icon="swap" id="compare" onClick={() => onShow({ kind: "compare" })}>
              {w.compare}
            </Button>
          )}
        </div>
      )}
      <Saving wound={wound.id} onOpen={() => onShow({ kind: "assess" })} />
      {series ? (
        <>
          <OverTime all={series.assessments} onCorrect={may ? (a) => onShow({ kind: "correct", assessment: a.id }) : null} />
          {series.photos.length > 0 && (
            <section class="sk-wound__part" aria-labelledby="wound-photos">
              <h3 class="ds-heading" data-size="2xs" id="wound-photos" tabIndex={-1}>
                {w.photos}
              </h3>
              <Strip photos={series.photos} label={w.photos} onOpen={open} />
            </section>
          )}
        </>
      ) : (
        <Loading />
      )}
      {may && (
        <div class="sk-wound__foot">
          <Button kind="tertiary" glyph="pen" id="wound-change" onClick={() => onShow({ kind: "change" })}>
            {w.change}
          </Button>
          <EndOf key={wound.id} wound={wound} />
        </div>
      )}
    </>
  );
}

/** What was open is not here any more: the way leads back by itself. */
function Gone(props: { readonly onGone: () => void }) {
  useEffect(() => props.onGone(), []);
  return null;
}

/** What is open now, of a photo, an assessment or a form; shared by the specialist's tab, the nurse's and the page. */
export function Opened(props: { readonly shown: Shown; readonly wound: Wound | null; readonly onShow: (shown: Shown) => void }) {
  const { desk } = useReader();
  const { shown, wound, onShow } = props;
  const state = desk.state.value;
  const photos = [...(state.series?.photos ?? []), ...(state.all?.loose ?? [])];
  const last = latestOf(state.series, wound).now;
  const back = () => onShow(overview);
  const onOpen = (photo: Photo) => onShow({ kind: "photo", photo: photo.id });
  switch (shown.kind) {
    case "photo": {
      const photo = photos.find((p) => p.id === shown.photo) ?? (wound?.photo?.id === shown.photo ? wound.photo : wound?.photoBefore?.id === shown.photo ? wound.photoBefore : null);
      if (!photo) return <Gone onGone={back} />; // it belongs elsewhere now
      const among = photo.wound === "" ? (state.all?.loose ?? []) : (state.series?.photos ?? []);
      const open = wound !== null && wound.status === "open" && (state.all?.mayWrite ?? false);
      const use = (of: Photo, measures: Measures) => {
        if (!wound) return;
        desk.fill(wound.id, measuredOn(desk.draftFor(wound.id), of.id, measures));
        onShow({ kind: "assess" });
      };
      return <OnePhoto key={photo.id} photo={photo} among={among} onOpen={onOpen} onBack={back} onUse={open ? use : null} />;
    }
    case "assess":
      return wound && <AssessmentForm wound={wound.id} last={last} onDone={back} />;
    case "correct": {
      const of = state.series?.assessments.find((a) => a.id === shown.assessment);
      return wound && of ? <CorrectionForm wound={wound.id} of={of} onDone={back} /> : <Gone onGone={back} />;
    }
    case "register":
      return <SiteForm wound={null} onDone={back} onCancel={back} />;
    case "change":
      return <SiteForm wound={wound} onDone={back} onCancel={back} />;
    case "compare":
      return <Compare photos={state.series?.photos ?? []} onBack={back} onOpen={onOpen} />;
    case "overview":
      return null;
    default: {
      const never: never = shown;
      return never;
    }
  }
}

/** No wound is registered: what to do next. */
export function NoWound(props: { readonly onRegister: () => void }) {
  const { desk, w } = useReader();
  const may = desk.state.value.all?.mayWrite ?? false;
  return (
    <div class="sk-empty" data-testid="no-wound">
      <b>{w.none}</b>
      <span class="sk-subtle">{may ? w.noneText : w.noneRead}</span>
      {may && (
        <Button kind="primary" icon="plus" id="register-wound" onClick={props.onRegister}>
          {w.newWound}
        </Button>
      )}
    </div>
  );
}

/** whole: there is room for large photos: it is a page of its own. */
export function WoundView(props: { readonly whole: boolean }) {
  const { desk, w, dense } = useReader();
  const [shown, setShown] = useState<Shown>(overview);
  const wait = useWait();
  const state = desk.state.value;
  const wound = woundIn(state);
  const here = useRef<HTMLDivElement>(null);
  const from = useRef("");
  // What is closed leads back to where it was opened.
  const show = (next: Shown) => {
    if (next.kind !== "overview") from.current ||= (document.activeElement as HTMLElement | null)?.dataset["testid"] ?? "";
    setShown(next);
  };
  useEffect(() => {
    if (shown.kind !== "overview" || from.current === "") return;
    here.current?.querySelector<HTMLElement>(`[data-testid="${CSS.escape(from.current)}"]`)?.focus();
    from.current = "";
  }, [shown]);
  if (wait) return wait;
  const opened = shown.kind !== "overview";
  return (
    <div ref={here} class="sk-wound" data-dense={dense || undefined} data-whole={props.whole || undefined} data-testid="wounds" data-reading={state.reading}>
      {state.offline && <Message kind="offline">{w.offline}</Message>}
      {opened ? (
        <Opened shown={shown} wound={wound} onShow={show} />
      ) : (
        <>
          <WhichWound onChoose={() => setShown(overview)} />
          {wound ? <Overview wound={wound} onShow={show} /> : <NoWound onRegister={() => show({ kind: "register" })} />}
          <Loose onOpen={(photo) => show({ kind: "photo", photo: photo.id })} />
          {props.whole && state.all?.maySend && <SendPhoto wound={wound && wound.status === "open" ? wound.id : ""} title={w.addPhoto} text="" />}
          {wound && state.all?.mayWrite && (
            <Button kind="tertiary" icon="plus" id="register-wound" onClick={() => show({ kind: "register" })}>
              {w.newWound}
            </Button>
          )}
        </>
      )}
    </div>
  );
}
