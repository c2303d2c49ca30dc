// An agreement's fields: on its own page, and in the steps to a new cooperation.

import type { Client } from "../client";
import { CheckField, TextField } from "../form";
import { Icon } from "../../ui/icon";
import type { Agreement, Grant, Paper, Policy } from "../wire";
import { checkLines, type Fix } from "./checklist";
import type { Draft, DraftSpec, Errors } from "./draft";
import { Choices, Group, Part, toggled, type Fields } from "./editor";
import { useAdminWords, type AdminWords } from "./i18n/words";
import { dayWords, periodWords } from "./people";
import { day, found, period, required, type Found } from "./rules";

const mays = ["book", "see", "document"] as const satisfies readonly Grant["may"][number][];
const shares = ["measurements", "wounds", "plan", "questionnaires", "summary"] as const satisfies readonly Policy["shares"][number][];
const papers = ["agreement", "data-protection-assessment"] as const satisfies readonly Paper["kind"][];
const identifications = ["code", "recognised", "link"] as const satisfies readonly Policy["identification"][];

const longestRetention = 3650; // days, as the API allows

/** The agreement with a place for both parties' grants and each paper, so that what is missing is seen. */
export function withPlaces(agreement: Agreement): Agreement {
  const { a, b } = agreement;
  return {
    ...agreement,
    grants: [a, b].map((to) => agreement.grants.find((g) => g.to === to) ?? { to, may: [], actFor: false }),
    papers: papers.map((kind) => agreement.papers.find((p) => p.kind === kind) ?? { kind, reference: "", date: "" }),
  };
}

/** What most agree on: both book and see, a code for who comes by a link, three months. */
export function newAgreement(a: string, b: string, today: string): Agreement {
  return withPlaces({
    id: "", version: 0, a, b, from: today, until: "",
    grants: [a, b].map((to) => ({ to, may: ["book", "see", "document"], actFor: false })),
    policy: { identification: "code", shares: [...shares], retentionDays: 90 },
    papers: [], checklist: [], inForce: false,
  });
}

const written = (p: Paper): boolean => p.reference.trim() !== "" || p.date !== "";

/** Nothing is let that has no grant; a grant that lets nothing is none. */
const given = (g: Grant): boolean => g.may.length > 0;

function check(g: Agreement): Errors {
  const papersFound = g.papers.flatMap((p, i): Found[] => (written(p) ? [...required(`papers[${i}].reference`, p.reference), ...day(`papers[${i}].date`, p.date)] : []));
  const days = g.policy.retentionDays;
  const daysFound: Found[] = Number.isInteger(days) && days >= 1 && days <= longestRetention ? [] : [["policy.retentionDays", "days"]];
  return found(period("", g.from, g.until), daysFound, papersFound);
}

/** Creates an agreement, or changes the one that was read. */
export function agreementDraft(api: Client, start: Agreement): DraftSpec<Agreement> {
  const body = ({ a, b, from, until, grants, policy, papers: all }: Agreement) => ({ a, b, from, until, grants: grants.filter(given), policy, papers: all.filter(written) });
  return {
    fields: ["from", "until", "grants", "policy", "papers"],
    start: withPlaces(start),
    check,
    async send(g) {
      const stored = g.id === "" ? await api("POST /agreements", { body: body(g) }) : await api("PUT /agreements/{id}", { path: { id: g.id }, version: g.version, body: body(g) });
      return withPlaces(stored);
    },
    fetch: async () => withPlaces(await api("GET /agreements/{id}", { path: { id: start.id } })),
  };
}

export function agreementLabel(w: AdminWords, field: keyof Agreement): string {
  const labels: Partial<Record<keyof Agreement, string>> = {
    from: w.form.from, until: w.form.until, grants: w.agreement.grants, policy: w.agreement.policy, papers: w.agreement.papers,
  };
  return labels[field] ?? field;
}

/** What a grant lets, in words: "bestille tid hos folka i Fjord sjukehus og sjå pasientar …". */
export function grantWords(w: AdminWords, grant: Grant, other: string): string {
  const lets = mays.filter((may) => grant.may.includes(may)).map((may) => (may === "document" ? w.agreement.document : w.agreement[may](other)));
  return w.listed(grant.actFor ? [...lets, w.agreement.actFor(other)] : lets);
}

export function agreementSaid(w: AdminWords, field: keyof Agreement, g: Agreement, name: (id: string) => string): string {
  switch (field) {
    case "from":
      return dayWords(w, g.from);
    case "until":
      return g.until === "" ? w.form.forNow : dayWords(w, g.until);
    case "grants":
      return g.grants
        .filter(given)
        .map((grant) => `${w.agreement.can(name(grant.to))} ${grantWords(w, grant, name(grant.to === g.a ? g.b : g.a))}`)
        .join(". ");
    case "policy":
      return [
        w.agreement.identify[g.policy.identification],
        shares.filter((s) => g.policy.shares.includes(s)).map((s) => w.agreement.share[s]).join(", "),
        `${g.policy.retentionDays} ${w.agreement.retentionUnit}`,
      ].join(". ");
    case "papers":
      return g.papers
        .filter(written)
        .map((p) => `${w.agreement.paper[p.kind]}: ${p.reference}, ${dayWords(w, p.date)}`)
        .join(". ");
    default:
      return String(g[field]);
  }
}

export const agreementPeriod = (w: AdminWords, g: Agreement): string => periodWords(w, g.from, g.until);

/** What the parties may do with each other, how, and the papers behind it. */
export function AgreementFields(props: { readonly draft: Draft<Agreement>; readonly fields: Fields<Agreement>; readonly name: (id: string) => string; readonly at?: string | null }) {
  const w = useAdminWords();
  const { fields, name, at = null } = props;
  const g = fields.value;
  const policy = (change: Partial<Policy>) => fields.set({ policy: { ...g.policy, ...change } });
  return (
    <>
      <Part title={w.agreement.grants} id="grants" at={at} error={fields.error("grants")}>
        {g.grants.map((grant, i) => {
          const other = name(grant.to === g.a ? g.b : g.a);
          const set = (change: Partial<Grant>) => fields.set({ grants: g.grants.map((x, n) => (n === i ? { ...x, ...change } : x)) });
          return (
            <Group key={grant.to} legend={w.agreement.can(name(grant.to))}>
              {mays.map((may) => (
                <CheckField
                  key={may}
                  {...fields.at(`grants[${i}].may.${may}`, grant.may.includes(may), (on: boolean) => set({ may: toggled(grant.may, may, on) }))}
                  label={may === "document" ? w.agreement.document : w.agreement[may](other)}
                />
              ))}
              {given(grant) && <CheckField {...fields.at(`grants[${i}].actFor`, grant.actFor, (actFor: boolean) => set({ actFor }))} label={w.agreement.actFor(other)} />}
            </Group>
          );
        })}
      </Part>
      <Part title={w.agreement.policy} error={fields.error("policy")}>
        <Choices
          legend={w.agreement.identification}
          name="identification"
          value={g.policy.identification}
          options={identifications.map((way) => ({ value: way, text: w.agreement.identify[way], help: w.agreement.identifyHelp[way] }))}
          onValue={(identification) => policy({ identification })}
        />
        <Group legend={w.agreement.shares}>
          <div class="sk-ticks">
            {shares.map((share) => (
              <CheckField
                key={share}
                {...fields.at(`policy.shares.${share}`, g.policy.shares.includes(share), (on: boolean) => policy({ shares: toggled(g.policy.shares, share, on) }))}
                label={w.agreement.share[share]}
              />
            ))}
          </div>
        </Group>
        <TextField
          {...fields.at("policy.retentionDays", Number.isNaN(g.policy.retentionDays) ? "" : String(g.policy.retentionDays), (typed) => policy({ retentionDays: Number.parseInt(typed, 10) }))}
          label={w.agreement.retention}
          help={w.agreement.retentionHelp}
          inputMode="numeric"
          maxLength={4}
          class="sk-short"
        />
      </Part>
      <Part title={w.agreement.time} id="time" at={at}>
        <div class="sk-pair">
          <TextField {...fields.text("from")} label={w.form.from} type="date" />
          <TextField {...fields.text("until")} label={w.form.until} type="date" help={w.form.untilHelp} />
        </div>
      </Part>
      <Part title={w.agreement.papers} text={w.agreement.papersText} id="papers" at={at}>
        {g.papers.map((paper, i) => {
          const set = (change: Partial<Paper>) => fields.set({ papers: g.papers.map((x, n) => (n === i ? { ...x, ...change } : x)) });
          return (
            <Group key={paper.kind} legend={w.agreement.paper[paper.kind]}>
              <div class="sk-pair">
                <TextField {...fields.at(`papers[${i}].reference`, paper.reference, (reference) => set({ reference }))} label={w.agreement.reference} help={w.agreement.referenceHelp} autoComplete="off" maxLength={200} />
                <TextField {...fields.at(`papers[${i}].date`, paper.date, (date) => set({ date }))} label={w.agreement.paperDate} type="date" />
              </div>
            </Group>
          );
        })}
      </Part>
    </>
  );
}

/** What is done and what is missing, each with where it is put right. */
export function Checklist(props: { readonly agreement: Agreement; readonly name: (id: string) => string; readonly path: (fix: Fix) => string }) {
  const w = useAdminWords();
  return (
    <ul class="sk-checks" data-testid="checklist">
      {checkLines(w, props.agreement, props.name).map((line) => (
        <li key={line.code} data-done={line.done || undefined} data-code={line.code}>
          <Icon name={line.done ? "check" : "clock"} size="sm" />
          {line.done ? (
            <span>
              {line.text}
              <span class="ds-sr-only">, {w.agreement.done}</span>
            </span>
          ) : (
            <span>
              {w.lacks.all(line.lack)}
              {(line.step.part === "contacts" || line.step.part === "people") && <span class="sk-checks__takes">{w.takes[line.step.part]}</span>}
            </span>
          )}
          {!line.done && (
            <a class="sk-link" data-side="end" href={props.path(line.step)} aria-label={`${w.agreement.fix}: ${line.lack}`}>
              {w.agreement.fix}
            </a>
          )}
        </li>
      ))}
    </ul>
  );
}
