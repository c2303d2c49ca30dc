// The data protection officer's page: first what was opened in emergencies, which is to be
// gone through; then the way to one patient's record.

import { useState } from "preact/hooks";
import { clock } from "../../i18n/time";
import { Icon } from "../../ui/icon";
import { useAsked } from "../asked";
import { ApiError } from "../client";
import { FormProblem, SubmitButton, TextField, useForm } from "../form";
import { useHouse } from "../house";
import { Empty, Notice, PageHead, Shown } from "../parts";
import { digitsOf } from "../patients/national-id";
import type { Emergencies, EmergencyLine, RecordMark } from "../wire";
import { useSeenWords } from "./i18n/words";
import { asWhat, days, elevenDigits, who } from "./lines";
import { useOlder } from "./older";

const recordPath = (patient: string): string => `/seen/${encodeURIComponent(patient)}`;

export function Officer() {
  const w = useSeenWords();
  const { api } = useHouse();
  const ask = (cursor: string): Promise<Emergencies> => api("GET /emergencies", { query: { cursor } });
  const first = useAsked(() => ask(""), []);
  return (
    <div class="sk-page">
      <PageHead title={w.own.officerTitle} lead={w.own.officerLead} />
      <section class="sk-stack" data-gap="4" aria-labelledby="emergencies">
        <h2 class="ds-heading" data-size="sm" id="emergencies">
          {w.own.emergencies}
        </h2>
        <Shown of={first} loading={w.own.listLoading} rows={4}>
          {(page) => (page.items.length === 0 ? <Empty title={w.own.emergenciesNone} text={w.own.emergenciesNoneText} /> : <OpenedList first={page} ask={ask} />)}
        </Shown>
      </section>
      <Find />
    </div>
  );
}

function OpenedList(props: { readonly first: Emergencies; readonly ask: (cursor: string) => Promise<Emergencies> }) {
  const w = useSeenWords();
  const now = useHouse().now.value;
  const { lines, older } = useOlder(props.first, props.ask);
  return (
    <>
      <p class="sk-subtle">{w.own.emergenciesText}</p>
      {days(w, lines, now).map((day) => (
        <section key={day.title} class="sk-stack" data-gap="2">
          <h3 class="ds-heading" data-size="2xs">
            {day.title}
          </h3>
          <ul class="sk-lines">
            {day.lines.map((line, i) => (
              <Opened key={`${line.at} ${i}`} line={line} />
            ))}
          </ul>
        </section>
      ))}
      {older}
    </>
  );
}

function Opened(props: { readonly line: EmergencyLine }) {
  const w = useSeenWords();
  const { line } = props;
  return (
    <li class="sk-line sk-seen" data-testid="emergency">
      <Icon name="bell" />
      <div class="sk-line__text">
        <span>
          <b>{who(w, line, false)}</b>
          <span class="sk-subtle">, {asWhat(w, line)}</span>
        </span>
        {line.patient === "" ? (
          <span class="sk-subtle">{w.own.emergencyElsewhere}</span>
        ) : (
          <>
            <span class="sk-seen__urgent">{w.own.reason(line.reason)}</span>
            <a class="sk-link" data-side="start" href={recordPath(line.patient)}>
              {w.own.toRecord}
            </a>
          </>
        )}
      </div>
      <span class="sk-subtle sk-small sk-seen__when">{w.house.at(clock(w.house, line.at))}</span>
    </li>
  );
}

/**
 * The way to a record by identity number: it goes in a body, and stands in no address. The
 * answer is the same for who isn't here and for another organisation's.
 */
function Find() {
  const w = useSeenWords();
  const { api, router } = useHouse();
  const [several, setSeveral] = useState<readonly RecordMark[]>([]);
  const [refused, setRefused] = useState(""); // the number that led nowhere
  const form = useForm({
    initial: { nationalId: "" },
    check: ({ nationalId }) => (elevenDigits(nationalId) ? {} : { nationalId: w.own.nationalIdRule }),
    async send({ nationalId }) {
      setRefused("");
      setSeveral([]);
      try {
        const { items } = await api("POST /seen/find", { body: { nationalId: digitsOf(nationalId) } });
        const [only, ...others] = items;
        if (only && others.length === 0) router.go(recordPath(only.patient));
        else setSeveral(items);
      } catch (err) {
        if (!(err instanceof ApiError && err.code === "refused")) throw err;
        setRefused(digitsOf(nationalId));
      }
    },
  });
  return (
    <section class="sk-stack" data-gap="4" aria-labelledby="find">
      <h2 class="ds-heading" data-size="sm" id="find">
        {w.own.findTitle}
      </h2>
      <form ref={form.ref} noValidate class="sk-form sk-seen-find" onSubmit={form.submit}>
        <TextField {...form.text("nationalId")} label={w.own.nationalId} help={w.own.nationalIdHelp} inputMode="numeric" autoComplete="off" maxLength={30} class="sk-seen-number" />
        <p>
          <SubmitButton form={form} testid="find-record">
            {w.own.find}
          </SubmitButton>
        </p>
      </form>
      <FormProblem form={form} />
      {refused !== "" && refused === digitsOf(form.values.nationalId) && <Notice>{w.own.notFound}</Notice>}
      {several.length > 0 && (
        <div class="sk-stack" data-gap="2" role="status">
          <p>{w.own.several}</p>
          <ul class="sk-stack" data-gap="2">
            {several.map((mark, i) => (
              <li key={mark.patient}>
                <a class="sk-link" data-side="start" href={recordPath(mark.patient)}>
                  {w.own.recordOf(i + 1)}
                </a>
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}
