// What a patient, or somebody of theirs, sees: what was measured, in plain words.

import { useApp } from "../ui/app";
import { clock } from "../i18n/time";
import { Live } from "../ui/shell";
import { useHealth } from "./host";
import { useHealthWords } from "./i18n/words";
import { codeOf, kindName, kindOf, unitText, valueText, whole } from "./kinds";
import { Glyph, ZoneMark } from "./parts";
import { Rows, pointers, useNames } from "./rows";
import { dayText, plainZone } from "./said";

/** The line below the picture that opens the list: what came last, so that a new value is seen without a press. */
export function lineOf(app: ReturnType<typeof useApp>): "own" | "other" {
  return app.invitation?.role === "patient" ? "own" : "other";
}

/** The words on the button that opens the list. */
export function OwnLine() {
  const { state } = useHealth();
  const app = useApp();
  const w = useHealthWords();
  const rows = (state.panel?.rows ?? []).filter((r) => r.latest !== null);
  const newest = rows.map((r) => r.latest!).sort((a, b) => b.measuredAt - a.measuredAt)[0];
  const isNew = newest !== undefined && state.fresh[newest.kind]?.id === newest.id;
  return (
    <>
      <span class="sk-ownline">
        <b>{lineOf(app) === "own" ? w.own : w.ownOther}</b>
        <span class="sk-subtle">{newest ? `${kindName(state.kinds, newest.kind, w.language)} ${whole(kindOf(state.kinds, newest.kind), newest.values, w.language)}` : w.empty}</span>
      </span>
      {isNew && <span class="sk-new">{w.fresh}</span>}
    </>
  );
}

/** Tells politely of what is new, whether the list is open or not. */
export function OwnNews() {
  const { state } = useHealth();
  const w = useHealthWords();
  const { told } = state;
  return <Live text={told ? w.newValue(kindName(state.kinds, told.kind, w.language), whole(kindOf(state.kinds, told.kind), told.values, w.language), plainZone(w, told.zone)) : ""} />;
}

export function OwnList() {
  const { state } = useHealth();
  const app = useApp();
  const w = useHealthWords();
  const nameOf = useNames();
  const { panel } = state;
  if (!panel) return <Rows />;
  const rows = panel.rows.filter((r) => r.latest !== null);
  if (rows.length === 0) return <p class="sk-subtle">{w.empty}</p>;
  return (
    <ul class="sk-own" data-testid="own-measurements">
      {rows.map((row) => {
        const m = row.latest!;
        const kind = kindOf(state.kinds, row.kind);
        const wrong = m.status === "entered-in-error";
        const marks = pointers(state, row.kind, app.call?.self ?? "", nameOf);
        const plain = plainZone(w, m.zone);
        return (
          <li key={row.kind} data-testid="measurement" data-kind={row.kind} data-code={codeOf(row.kind)} data-id={m.id} data-zone={wrong ? undefined : m.zone.colour || undefined} data-pointed={marks.length > 0 || undefined}>
            <span class="sk-own__name">
              {kindName(state.kinds, row.kind, w.language)}
              {state.fresh[row.kind]?.id === m.id && <span class="sk-new">{w.fresh}</span>}
            </span>
            <span class="sk-measure__value">
              {wrong ? <s>{valueText(kind, m.values, w.language)}</s> : <b>{valueText(kind, m.values, w.language)}</b>}
              <span>{unitText(kind)}</span>
            </span>
            <span class="sk-subtle">
              {marks.length > 0 ? (
                <span class="sk-status" data-state="new">
                  <Glyph name="point" />
                  {marks.map((name) => w.pointsAt(name)).join(". ")}
                </span>
              ) : (
                w.plainWhen(`${dayText(w, m.measuredAt, app.now).toLowerCase()} ${w.time.at(clock(w.time, m.measuredAt))}`)
              )}
            </span>
            {wrong ? <span class="sk-subtle">{w.doesNotCount}</span> : plain === "" ? <span /> : <ZoneMark kind={kind} zone={m.zone} text={plain} />}
          </li>
        );
      })}
    </ul>
  );
}
