// Who has seen what: patients about themselves, relatives about the patient, and the data
// protection officer about one patient at a time.

import type { ComponentChildren } from "preact";
import { Icon } from "../../ui/icon";
import { useAsked } from "../asked";
import { useHouse, useMay, useSession, type PageProps } from "../house";
import { Empty, PageHead, Shown } from "../parts";
import type { Seen, SeenLine } from "../wire";
import { useSeenWords } from "./i18n/words";
import { asWhat, because, days, deed, urgent, when, who } from "./lines";
import { Officer } from "./officer";
import { useOlder } from "./older";
import "./seen.css";

/** /seen: one's own, or the officer's way to a patient's. */
export function SeenPage(props: PageProps) {
  const { api } = useHouse();
  const session = useSession();
  if (session.act?.role === "data-protection") return <Officer />;
  const patient = props.query.get("patient") ?? ""; // empty: one's own, or the patient whom a relative's link is about
  const mine = patient === "" && session.act?.role !== "relative";
  return <About mine={mine} ask={(cursor) => api("GET /seen", { query: { patient, cursor } })} back={session.handle !== ""} />;
}

/** /seen/{id}: about one patient, for the officer. */
export function SeenOfPage(props: PageProps) {
  const { api } = useHouse();
  const w = useSeenWords();
  const mayErase = useMay("patient.erase");
  const patient = props.params.id ?? "";
  return (
    <About mine={false} ask={(cursor) => api("GET /patients/{patient}/seen", { path: { patient }, query: { cursor } })} back={false}>
      {mayErase && (
        <a class="ds-button" data-variant="secondary" data-color="danger" href={`/seen/${encodeURIComponent(patient)}/erase`}>
          {w.own.erase}
        </a>
      )}
    </About>
  );
}

interface AboutProps {
  /** It is oneself that it is about. */
  readonly mine: boolean;
  readonly ask: (cursor: string) => Promise<Seen>;
  /** One has come from the call's page. */
  readonly back: boolean;
  /** What can be done beside reading, once it is read. */
  readonly children?: ComponentChildren;
}

function About(props: AboutProps) {
  const w = useSeenWords();
  const first = useAsked(() => props.ask(""), []);
  return (
    <div class="sk-page">
      {props.back && (
        <button class="sk-link sk-head__back" data-side="start" type="button" onClick={() => history.back()}>
          <Icon name="left" size="sm" />
          {w.own.toCall}
        </button>
      )}
      <PageHead
        title={w.own.title(props.mine)}
        lead={w.own.lead(props.mine)}
        {...(props.mine || props.back ? {} : { back: { href: "/seen", text: w.own.officerTitle } })}
      >
        {first.asked.status === "ready" && props.children}
      </PageHead>
      <Shown of={first} loading={w.own.listLoading} rows={6}>
        {(page) => (page.items.length === 0 ? <Empty title={w.own.none(props.mine)} text={w.own.noneText} /> : <List {...props} first={page} />)}
      </Shown>
    </div>
  );
}

function List(props: AboutProps & { readonly first: Seen }) {
  const w = useSeenWords();
  const now = useHouse().now.value;
  const { lines, older } = useOlder(props.first, props.ask);

  return (
    <div class="sk-stack" data-gap="6">
      {days(w, lines, now).map((day) => (
        <section key={day.title} class="sk-stack" data-gap="2">
          <h2 class="ds-heading" data-size="xs">
            {day.title}
          </h2>
          <ul class="sk-lines">
            {day.lines.map((line, i) => (
              <Line key={`${line.at} ${i}`} line={line} mine={props.mine} />
            ))}
          </ul>
        </section>
      ))}
      {older}
    </div>
  );
}

function Line(props: { readonly line: SeenLine; readonly mine: boolean }) {
  const w = useSeenWords();
  const { line, mine } = props;
  const about = asWhat(w, line);
  const reasons = because(w, line, mine);
  return (
    <li class="sk-line sk-seen" data-testid="seen-line" data-urgent={urgent(line) || undefined}>
      <Icon name={urgent(line) ? "bell" : line.refused ? "lock" : "eye"} />
      <div class="sk-line__text">
        <span>
          <b>{who(w, line, mine)}</b>
          {about !== "" && <span class="sk-subtle">, {about}</span>}
        </span>
        <span>{deed(w, line)}</span>
        {urgent(line) && line.reason === "" && <span class="sk-seen__urgent">{w.own.emergency}</span>}
        {line.reason !== "" && <span class="sk-seen__urgent">{w.own.reason(line.reason)}</span>}
        {reasons !== "" && !urgent(line) && <span class="sk-subtle sk-small">{reasons}</span>}
      </div>
      <span class="sk-subtle sk-small sk-seen__when">{when(w, line)}</span>
    </li>
  );
}
