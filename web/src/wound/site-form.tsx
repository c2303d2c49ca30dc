// Where a wound is: registering one, or changing what was said of it.

import { useRef, useState } from "preact/hooks";
import { dayOf, momentOf } from "../i18n/norway";
import { Icon } from "../ui/icon";
import type { WoundSaid } from "./desk";
import { Button, ProblemLine, useFocus, useReader } from "./parts";
import type { Problem } from "./state";
import { sides, type Side, type Wound } from "./types";

const longest = 80; // characters that the service takes

/** wound: the one that is changed; null: a new one. */
export function SiteForm(props: { readonly wound: Wound | null; readonly onDone: () => void; readonly onCancel: (() => void) | null }) {
  const { desk, w, now } = useReader();
  const { wound } = props;
  const [site, setSite] = useState(wound?.site ?? "");
  const [side, setSide] = useState<Side | "">(wound?.side ?? "");
  const [since, setSince] = useState(wound && wound.since > 0 ? dayOf(wound.since) : "");
  const [checked, setChecked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>("");
  const heading = useFocus<HTMLHeadingElement>();
  const form = useRef<HTMLFormElement>(null);
  const today = dayOf(now);
  const faults = { site: site.trim() === "" ? w.needSite : [...site.trim()].length > longest ? w.siteLong : "", since: since > today ? w.notAhead : "" };

  const save = async () => {
    setChecked(true);
    if (side === "" || faults.site !== "" || faults.since !== "") {
      const first = faults.site !== "" ? "site" : side === "" ? "side-left" : "since";
      form.current?.querySelector<HTMLElement>(`[data-testid="${first}"]`)?.focus();
      return;
    }
    if (busy) return;
    const said: WoundSaid = { site: site.trim(), side, since: since === "" ? 0 : momentOf(since, 0) };
    setBusy(true);
    const failed = wound ? await desk.change(wound, { ...said, status: wound.status, reason: "" }) : await desk.register(said);
    setBusy(false);
    setProblem(failed);
    if (failed === "") props.onDone();
  };
  return (
    <form
      ref={form}
      class="sk-wound__form"
      noValidate
      data-testid="site-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <h2 ref={heading} class="ds-heading" data-size="2xs" tabIndex={-1}>
        {wound ? w.changeOf : w.newWound}
      </h2>
      <label class="sk-field">
        <span>{w.site}</span>
        <span class="sk-subtle sk-small">{w.siteHelp}</span>
        <input class="sk-input" name="site" value={site} maxLength={120} autocomplete="off" aria-invalid={(checked && faults.site !== "") || undefined} aria-describedby="site-fault" data-testid="site" onInput={(event) => setSite(event.currentTarget.value)} />
      </label>
      <Fault id="site-fault" text={checked ? faults.site : ""} />
      <fieldset class="sk-wound__group" data-fault={(checked && side === "") || undefined}>
        <legend>{w.sideOf}</legend>
        <div class="sk-wound__choices" data-columns="2">
          {sides.map((s) => (
            <button key={s} class="sk-wound__choice" type="button" aria-pressed={side === s} data-testid={`side-${s}`} onClick={() => setSide(s)}>
              {w.sideWord[s]}
            </button>
          ))}
        </div>
        <Fault id="side-fault" text={checked && side === "" ? w.needSide : ""} />
      </fieldset>
      <label class="sk-field">
        <span>
          {w.sinceWhen} <span class="sk-subtle">({w.optional})</span>
        </span>
        <input class="sk-input" type="date" name="since" value={since} max={today} data-testid="since" aria-invalid={(checked && faults.since !== "") || undefined} aria-describedby="since-fault" onInput={(event) => setSince(event.currentTarget.value)} />
      </label>
      <Fault id="since-fault" text={checked ? faults.since : ""} />
      <ProblemLine problem={problem} />
      <div class="sk-row sk-wound__wrap">
        <button class="ds-button" type="submit" aria-disabled={busy || undefined} data-testid="site-save">
          {wound ? w.save : w.register}
        </button>
        {props.onCancel && (
          <Button kind="tertiary" onClick={props.onCancel}>
            {w.cancel}
          </Button>
        )}
      </div>
    </form>
  );
}

/** What is wrong with a field, under it. */
export function Fault(props: { readonly id: string; readonly text: string }) {
  return (
    <p class="sk-wound__fault" id={props.id} role="status">
      {props.text !== "" && (
        <>
          <Icon name="info" size="xs" />
          {props.text}
        </>
      )}
    </p>
  );
}
