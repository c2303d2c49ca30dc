// The panel next to the picture: NEWS2, a row for each kind, and what can be asked for. A row
// keeps its place whatever comes.

import { useEffect, useRef, useState } from "preact/hooks";
import type { MeasurementRow } from "../gen/api";
import type { Target } from "../gen/protocol";
import { capital } from "../i18n/time";
import { useApp } from "../ui/app";
import { Icon } from "../ui/icon";
import { Live } from "../ui/shell";
import { useHealth } from "./host";
import { useHealthWords } from "./i18n/words";
import { changeOf, codeOf, entered, isAir, kindName, kindOf, unitText, valueText, whole } from "./kinds";
import { News } from "./news";
import { Glyph, RunningCurve, Spark, ZoneMark } from "./parts";
import { dateLong, meta, newsOf } from "./said";
import type { HealthState } from "./state";
import { limitsOf } from "./zone";

/** Who points at a kind's row or one of its values, by name; oneself as "". */
export function pointers(state: HealthState, kind: string, self: string, nameOf: (id: string) => string): readonly string[] {
  return Object.entries(state.pointed)
    .filter(([, target]) => target.kind === kind)
    .map(([id]) => (id === self ? "" : nameOf(id)));
}

export const useNames = (): ((id: string) => string) => {
  const people = useApp().call?.participants ?? [];
  return (id) => people.find((p) => p.id === id)?.name ?? "";
};

function Status(props: { readonly row: MeasurementRow }) {
  const { state } = useHealth();
  const w = useHealthWords();
  const { latest, kind: id } = props.row;
  const kind = kindOf(state.kinds, id);
  const unsent = state.unsent.filter((i) => i.kind === id).at(-1);
  if (unsent) {
    const text = unsent.state === "refused" ? w.notKept : unsent.state === "waiting" ? w.kept : w.sending;
    return (
      <span class="sk-status" data-kind={unsent.state === "refused" ? "wrong" : undefined}>
        <Icon name={unsent.state === "refused" ? "info" : "clock"} size="xs" />
        {text}
      </span>
    );
  }
  if (!latest) {
    return state.asks[id] ? (
      <span class="sk-status" data-state="new">
        <Icon name="clock" size="xs" />
        {w.waits}
      </span>
    ) : null;
  }
  if (latest.status === "entered-in-error") {
    return (
      <span class="sk-status">
        <Icon name="x" size="xs" />
        {w.doesNotCount}
      </span>
    );
  }
  if (latest.zone.colour === "") return <span class="sk-subtle sk-xs">{w.noLimits}</span>;
  return <ZoneMark kind={kind} zone={latest.zone} />;
}

function Since(props: { readonly row: MeasurementRow }) {
  const { state } = useHealth();
  const w = useHealthWords();
  const { latest, before, kind } = props.row;
  const unsent = state.unsent.some((i) => i.kind === kind);
  const change = latest && before && !unsent && latest.status !== "entered-in-error" ? changeOf(kindOf(state.kinds, kind), latest.values, before.values, w.language) : null;
  if (!change) return <span class="sk-measure__change" />;
  return (
    <span class="sk-measure__change">
      <Glyph name={change.way} />
      {(change.way === "up" || change.way === "down") && <span class="ds-sr-only">{change.way === "up" ? w.up : w.down} </span>}
      {change.way === "same" ? w.unchanged : change.text}
      <span class="ds-sr-only"> {w.since}</span>
    </span>
  );
}

function Row(props: { readonly row: MeasurementRow }) {
  const { desk, state } = useHealth();
  const app = useApp();
  const w = useHealthWords();
  const nameOf = useNames();
  const { row } = props;
  const { latest } = row;
  const kind = kindOf(state.kinds, row.kind);
  const unsent = state.unsent.filter((i) => i.kind === row.kind).at(-1);
  const values = unsent?.values ?? latest?.values;
  const isNew = !unsent && latest !== null && state.fresh[row.kind]?.id === latest.id;
  const wrong = !unsent && latest?.status === "entered-in-error";
  const asked = state.asks[row.kind];
  const marks = pointers(state, row.kind, app.call?.self ?? "", nameOf);
  const target: Target = { kind: row.kind, measurement: latest?.id ?? "", at: 0 };
  const said = marks.length > 0 ? marks.map((name) => (name === "" ? w.youPoint : w.pointsAt(name))).join(". ") : "";
  return (
    <li>
      <button
        class="sk-measure"
        type="button"
        data-testid="measurement"
        data-kind={row.kind}
        data-code={codeOf(row.kind)}
        data-id={latest?.id}
        data-new={isNew || undefined}
        data-pointed={marks.length > 0 || undefined}
        data-state={values === undefined ? "missing" : wrong ? "wrong" : unsent ? "unsent" : undefined}
        data-zone={unsent || wrong ? undefined : latest?.zone.colour || undefined}
        aria-pressed={state.pointing ? marks.includes("") : undefined}
        onClick={() => (state.pointing ? desk.point(target) : desk.openTrend(row.kind))}
      >
        <span class="sk-measure__name">
          {kindName(state.kinds, row.kind, w.language)}
          {isNew && <span class="sk-new">{w.fresh}</span>}
        </span>
        <span class="sk-measure__value">
          <b>{values === undefined ? w.never : isAir(row.kind, values) ? capital(w.air) : valueText(kind, values, w.language)}</b>
          {values !== undefined && !isAir(row.kind, values) && <span>{unitText(kind)}</span>}
        </span>
        <span class="sk-measure__zone">
          <Status row={row} />
        </span>
        <span class="sk-measure__meta" data-pointed={said !== "" || undefined}>
          {said !== "" && <Glyph name="point" />}
          {said !== "" ? said : asked ? w.asked(asked.name) : latest && !unsent ? meta(w, latest, app.now) : ""}
        </span>
        <Since row={row} />
        <Spark points={row.recent} limits={limitsOf(state.panel?.limits, row.kind)} />
      </button>
    </li>
  );
}

/** What a device measures now, on top; it ends 5 s after the last sample. */
export function RunningRows() {
  const { state } = useHealth();
  const w = useHealthWords();
  const nameOf = useNames();
  const all = Object.entries(state.running);
  const [first] = all;
  if (!first) return null;
  const texts = all.map(([id, r], i) => {
    const kind = kindOf(state.kinds, id);
    const value = whole(kind, r.points.at(-1)?.values ?? [], w.language);
    const name = kindName(state.kinds, id, w.language);
    return i === 0 ? w.nowRunning(name, value) : `${name.toLowerCase()} ${value}`;
  });
  return (
    <div class="sk-running" data-testid="running">
      <Icon name="voice" size="sm" />
      <span>
        <b>{texts.join(", ")}</b>
        <span class="sk-subtle sk-xs">{w.runningFrom(nameOf(first[1].participant))}</span>
      </span>
      <RunningCurve points={first[1].points} />
    </div>
  );
}

function LimitsLine() {
  const { state } = useHealth();
  const w = useHealthWords();
  const limits = state.panel?.limits;
  if (!limits) return null;
  const role = w.roles[limits.setRole] ?? "";
  const who = [role, limits.setBy].filter((part) => part !== "").join(" ");
  const text = limits.version === 0 ? w.limitsNone : limits.planVersion > 0 ? w.limitsPlan(limits.planVersion) : w.limitsBy(who, dateLong(w, limits.setAt));
  return <p class="sk-subtle sk-xs">{text}</p>;
}

/** What to ask for, in place and not in a menu over the picture. */
function AskList(props: { readonly onClose: () => void }) {
  const { desk, state } = useHealth();
  const w = useHealthWords();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
    heading.current?.closest("section")?.scrollIntoView({ block: "nearest" }); // it opens at the panel's foot
  }, []);
  const shown = new Set(state.panel?.rows.map((r) => r.kind));
  const kinds = [...entered(state.kinds)].sort((a, b) => Number(shown.has(b.id)) - Number(shown.has(a.id)));
  return (
    <section class="sk-asklist" aria-labelledby="ask-heading" data-testid="ask-list">
      <div class="sk-spread">
        <h3 ref={heading} class="ds-heading" data-size="2xs" id="ask-heading" tabIndex={-1}>
          {w.askWhat}
        </h3>
        <button class="ds-button" data-size="sm" data-variant="tertiary" type="button" onClick={props.onClose}>
          {w.close}
        </button>
      </div>
      <ul>
        {kinds.map((k) => (
          <li key={k.id}>
            <button
              class="ds-button"
              data-size="sm"
              data-variant="secondary"
              type="button"
              data-testid={`ask-${k.id}`}
              aria-label={w.askFor(k.words[w.language])}
              onClick={() => {
                desk.ask(k.id);
                props.onClose();
              }}
            >
              {k.words[w.language]}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Panel, loading, empty, failed or refused. */
export function Rows() {
  const { desk, state } = useHealth();
  const app = useApp();
  const w = useHealthWords();
  const [asking, setAsking] = useState(false);
  const asker = useRef<HTMLButtonElement>(null);
  const may = app.call?.may ?? [];
  const { panel } = state;

  useEffect(() => {
    if (!state.pointing) return undefined;
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape") desk.setPointing(false);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [desk, state.pointing]);

  if (state.reading === "refused") {
    return (
      <div class="sk-notice" data-kind="offline" data-testid="measurements-refused">
        <Icon name="lock" size="sm" />
        <b>{w.refused}</b>
        <span>{w.refusedText}</span>
      </div>
    );
  }
  if (!panel && state.reading === "failed") {
    return (
      <div class="sk-notice" data-kind="error" data-testid="measurements-failed">
        <Icon name="info" size="sm" />
        <b>{w.failed}</b>
        <span>{w.failedText}</span>
        <div class="sk-row">
          <button class="ds-button" data-size="sm" data-variant="secondary" type="button" onClick={() => desk.read()}>
            {w.tryAgain}
          </button>
        </div>
      </div>
    );
  }
  if (!panel) return <Loading />;
  const { told } = state;
  return (
    <div class="sk-health" data-testid="measurements" data-pointing={state.pointing || undefined}>
      <Live text={told ? newsOf(w, kindOf(state.kinds, told.kind), told) : ""} />
      <RunningRows />
      {panel.news2 && <News news={panel.news2} />}
      {panel.rows.length === 0 ? (
        <div class="sk-empty">
          <h3 class="ds-heading" data-size="2xs">
            {w.empty}
          </h3>
          <p class="sk-subtle">{may.includes("ask") ? w.emptyText : w.emptyEntry}</p>
        </div>
      ) : (
        <div>
          <p class="sk-measures__head" aria-hidden="true">
            <span />
            <span>{w.latest}</span>
            <span>{w.sinceLast}</span>
          </p>
          <ul class="sk-measures">
            {panel.rows.map((row) => (
              <Row key={row.kind} row={row} />
            ))}
          </ul>
        </div>
      )}
      {panel.hidden && (
        <p class="sk-row sk-subtle sk-health__foot" data-testid="measurements-hidden">
          <Icon name="lock" size="xs" />
          {w.hidden}
        </p>
      )}
      {asking ? (
        <AskList
          onClose={() => {
            setAsking(false);
            requestAnimationFrame(() => asker.current?.focus()); // it stands there again after the next drawing
          }}
        />
      ) : (
        <footer class="sk-health__foot">
          {may.includes("ask") && (
            <button ref={asker} class="ds-button" data-size="sm" data-variant="secondary" type="button" data-testid="measurement-ask" onClick={() => setAsking(true)}>
              <Icon name="plus" size="xs" />
              {w.ask}
            </button>
          )}
          <PointButton />
          <LimitsLine />
        </footer>
      )}
      {state.pointing && <p class="sk-subtle sk-xs">{w.pointHelp}</p>}
    </div>
  );
}

/** Switches between opening and pointing. */
export function PointButton() {
  const { desk, state } = useHealth();
  const app = useApp();
  const w = useHealthWords();
  if (!app.call?.may.includes("see")) return null;
  return (
    <button class="ds-button" data-size="sm" data-variant="tertiary" type="button" data-testid="point" aria-pressed={state.pointing} onClick={() => desk.setPointing(!state.pointing)}>
      <Glyph name="point" />
      {w.point}
    </button>
  );
}

/** Grey lines in the final layout, after 300 ms (by the style). */
export function Loading() {
  const w = useHealthWords();
  return (
    <div class="sk-stack sk-late" data-gap="3" role="status" data-testid="measurements-loading">
      <span class="sk-skeleton" data-width="s" />
      <span class="sk-skeleton" data-width="l" />
      <span class="sk-skeleton" data-width="m" />
      <span class="sk-subtle">{w.loading}</span>
    </div>
  );
}
