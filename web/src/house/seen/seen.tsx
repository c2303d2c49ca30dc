// Who has seen what: patients about themselves, and the data protection officer about one
// patient at a time.

import { useState } from "preact/hooks";
import { Icon } from "../../ui/icon";
import { useAsked } from "../asked";
import { FormProblem, SubmitButton, TextField, useForm } from "../form";
import { useHouse, useSession, type PageProps } from "../house";
import { Empty, Live, Notice, PageHead, Shown } from "../parts";
import { problemWords } from "../problems";
import type { Seen, SeenLine } from "../wire";
import { useSeenWords } from "./i18n/words";
import { asWhat, because, days, urgent, when, who } from "./lines";
import "./seen.css";

/** /seen: one's own, or the officer's way to a patient's. */
export function SeenPage(props: PageProps) {
  const { api } = useHouse();
  const session = useSession();
  if (session.act?.role === "data-protection") return <Officer />;
  const patient = props.query.get("patient") ?? ""; // whose relative one is
  return <About mine={patient === ""} ask={(cursor) => api("GET /seen", { query: { patient, cursor } })} back={session.handle !== ""} />;
}

/** /seen/{id}: about one patient, for the officer. */
export function SeenOfPage(props: PageProps) {
  const { api } = useHouse();
  const patient = props.params.id ?? "";
  return <About mine={false} ask={(cursor) => api("GET /patients/{patient}/seen", { path: { patient }, query: { cursor } })} back={false} />;
}

const idRule = /^[A-Za-z0-9_-]{1,64}$/;

function Officer() {
  const w = useSeenWords();
  const { router } = useHouse();
  const form = useForm({
    initial: { id: "" },
    // An identity number must stand in no address.
    check: ({ id }) => (/^\d{6} ?\d{5}$/.test(id.trim()) ? { id: w.own.patientIdNotNational } : idRule.test(id.trim()) ? {} : { id: w.own.patientIdRule }),
    send: ({ id }) => {
      router.go(`/seen/${encodeURIComponent(id.trim())}`);
      return Promise.resolve();
    },
  });
  return (
    <div class="sk-page">
      <PageHead title={w.own.officerTitle} lead={w.own.officerLead} />
      <form ref={form.ref} noValidate class="sk-form sk-seen-find" onSubmit={form.submit}>
        <TextField {...form.text("id")} label={w.own.patientId} help={w.own.patientIdHelp} autoComplete="off" maxLength={64} />
        <p>
          <SubmitButton form={form} testid="show-seen">
            {w.own.show}
          </SubmitButton>
        </p>
      </form>
      <FormProblem form={form} />
    </div>
  );
}

interface AboutProps {
  /** It is oneself that it is about. */
  readonly mine: boolean;
  readonly ask: (cursor: string) => Promise<Seen>;
  /** One has come from the call's page. */
  readonly back: boolean;
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
        {...(props.mine ? {} : { back: { href: "/seen", text: w.own.officerTitle } })}
      />
      <Shown of={first} loading={w.own.listLoading} rows={6}>
        {(page) => (page.items.length === 0 ? <Empty title={w.own.none(props.mine)} text={w.own.noneText} /> : <List {...props} first={page} />)}
      </Shown>
    </div>
  );
}

function List(props: AboutProps & { readonly first: Seen }) {
  const w = useSeenWords();
  const now = useHouse().now.value;
  const [lines, setLines] = useState<readonly SeenLine[]>(props.first.items);
  const [next, setNext] = useState(props.first.next);
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState("");
  const [problem, setProblem] = useState<unknown>(null);

  const older = async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      const page = await props.ask(next);
      setLines((before) => [...before, ...page.items]);
      setNext(page.next);
      setSaid(w.own.olderShown(page.items.length));
    } catch (err) {
      setProblem(err);
    } finally {
      setBusy(false);
    }
  };

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
      <Live text={said} />
      {problem !== null && <Notice kind="error">{problemWords(w.house, problem)}</Notice>}
      {next !== "" && (
        <p>
          <button class="ds-button" data-variant="secondary" type="button" data-testid="older" aria-busy={busy || undefined} onClick={() => void older()}>
            {busy ? w.own.olderLoading : w.own.older}
          </button>
        </p>
      )}
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
        {line.refused && (
          <span class="sk-status">
            <Icon name="x" size="sm" />
            {w.own.refused}
          </span>
        )}
        <span class={line.refused ? "sk-subtle" : undefined}>{w.own.action(line.action)}</span>
        {urgent(line) && line.reason === "" && <span class="sk-seen__urgent">{w.own.emergency}</span>}
        {line.reason !== "" && <span class="sk-seen__urgent">{w.own.reason(line.reason)}</span>}
        {reasons !== "" && !urgent(line) && <span class="sk-subtle sk-small">{reasons}</span>}
      </div>
      <span class="sk-subtle sk-small sk-seen__when">{when(w, line)}</span>
    </li>
  );
}
