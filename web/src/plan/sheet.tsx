// The plan on paper: one A4 sheet, black on white, with the patient's name, which stands nowhere
// else. It is a child of the body and unseen on the screen, so that the sheet is all that is printed.

import { render } from "preact";
import type { MeasuredKind, PatientPlan } from "../gen/api";
import type { Language } from "../gen/protocol";
import { date, moment } from "../i18n/time";
import { fieldOf, partiesOf, zones } from "./fields";
import type { PlanWords } from "./i18n/words";
import { kindSentence, kindTitle } from "./limits-view";
import { ZoneMark } from "./parts";
import { approvedAt, fit, quoted } from "./said";

export interface SheetProps {
  readonly plan: PatientPlan;
  readonly kinds: readonly MeasuredKind[];
  readonly w: PlanWords;
  readonly language: Language;
  readonly now: number;
  readonly name: string; // empty: a line to write it on
}

export function Sheet(props: SheetProps) {
  const { plan, kinds, w, language, now } = props;
  const matters = fieldOf(plan, "matters").text;
  const sentences = plan.limits.map((of) => `${kindTitle(kinds, of.kind, language)}: ${kindSentence(w, kinds, of, language)}`);
  const approved = approvedAt(plan);
  return (
    <article data-fit={fit([...plan.fields.map((f) => f.text), ...sentences])} lang={language}>
      <header>
        <h1>{w.sheetTitle}</h1>
        <p>
          {w.sheetName}: {props.name === "" ? <span class="sk-sheet__line" /> : <b>{props.name}</b>}
        </p>
      </header>
      <section>
        <h2>{w.matters}</h2>
        <p class="sk-sheet__matters">{matters === "" ? w.unwritten : quoted(matters, language)}</p>
      </section>
      {zones.map((zone) => (
        <section key={zone} data-zone={zone}>
          <h2>
            <ZoneMark zone={zone}>{w.zone[zone]}</ZoneMark>
          </h2>
          <p>{fieldOf(plan, zone).text || w.unwritten}</p>
        </section>
      ))}
      {sentences.length > 0 && (
        <section>
          <h2>{w.numbers}</h2>
          <ul>
            {sentences.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </section>
      )}
      <footer>
        <p>
          <b>{w.version(plan.version)}.</b> {approved > 0 ? w.sheetApproved(date(w.time, approved)) : w.sheetDraft}
          {approved > 0 && `: ${partiesOf(plan).map((p) => p.by).join(", ")}`}
        </p>
        <p>{w.sheetPrinted(moment(w.time, now))}</p>
      </footer>
    </article>
  );
}

/** Puts the sheet into the page until the returned function is called. */
export function putSheet(props: SheetProps): () => void {
  const root = document.createElement("div");
  root.className = "sk-sheet";
  document.body.append(root);
  render(<Sheet {...props} />, root);
  return () => {
    render(null, root);
    root.remove();
  };
}
