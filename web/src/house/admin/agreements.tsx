// Agreements: the list, and the page of one with its checklist.

import { Icon } from "../../ui/icon";
import { useAsked } from "../asked";
import { useHouse, useMay, type PageProps } from "../house";
import { Empty, PageHead } from "../parts";
import type { Agreement } from "../wire";
import { AgreementFields, agreementDraft, agreementLabel, agreementPeriod, agreementSaid, Checklist } from "./agreement-form";
import { checkLines, fixPath } from "./checklist";
import { allAgreements, allOrganisations } from "./directory";
import { DraftForm, useDraft, useFields } from "./editor";
import { AdminFrame, type Line, Loaded, SearchedLines } from "./frame";
import { useAdminWords, type AdminWords } from "./i18n/words";
import { remaining } from "./pair";
import { byName, nameIn } from "./people";

/** How an agreement stands, in two or three words. */
function state(w: AdminWords, agreement: Agreement, name: (id: string) => string): NonNullable<Line["state"]> {
  const open = remaining(checkLines(w, agreement, name));
  if (open > 0) return { text: w.agreement.missing(open), icon: "clock" };
  return agreement.inForce ? { text: w.agreement.inForce, icon: "check", kind: "ready" } : { text: w.agreement.notInForce, icon: "x" };
}

export function AgreementsPage() {
  const w = useAdminWords();
  const { api } = useHouse();
  const may = useMay("agreement.write");
  const asking = useAsked(() => Promise.all([allAgreements(api), allOrganisations(api)]), []);
  const add = may && (
    <a class="ds-button" href="/admin/new-pair">
      <Icon name="plus" size="sm" />
      {w.overview.newPair}
    </a>
  );
  return (
    <AdminFrame>
      <Loaded of={asking} title={w.agreement.list}>
        {([agreements, organisations]) => {
          const name = nameIn(w, organisations);
          const lines = byName(
            agreements.map((g): Line => ({ key: g.id, href: `/admin/agreements/${g.id}`, name: w.agreement.between(name(g.a), name(g.b)), about: agreementPeriod(w, g), state: state(w, g, name) })),
          );
          return (
            <>
              <PageHead title={w.agreement.list}>{lines.length > 0 && add}</PageHead>
              {lines.length === 0 ? (
                <Empty title={w.agreement.none} text={w.agreement.noneText}>
                  {add}
                </Empty>
              ) : (
                <SearchedLines lines={lines} label={w.agreement.list} count={w.staff.hits} />
              )}
            </>
          );
        }}
      </Loaded>
    </AdminFrame>
  );
}

export function AgreementPage({ params, query }: PageProps) {
  const w = useAdminWords();
  const { api } = useHouse();
  const id = params["id"] ?? "";
  const asking = useAsked(() => Promise.all([api("GET /agreements/{id}", { path: { id } }), allOrganisations(api)]), [id]);
  return (
    <AdminFrame>
      <Loaded of={asking} title={w.agreement.title} rows={8} back={{ href: "/admin/agreements", text: w.agreement.list }}>
        {([agreement, organisations]) => <OneAgreement agreement={agreement} name={nameIn(w, organisations)} at={query.get("at")} />}
      </Loaded>
    </AdminFrame>
  );
}

function OneAgreement(props: { readonly agreement: Agreement; readonly name: (id: string) => string; readonly at: string | null }) {
  const w = useAdminWords();
  const { api } = useHouse();
  const may = useMay("agreement.write");
  const { name } = props;
  const draft = useDraft(() => agreementDraft(api, props.agreement));
  const fields = useFields(draft);
  const stored = fields.value;
  const open = remaining(checkLines(w, stored, name));
  return (
    <>
      <PageHead
        title={w.agreement.between(name(stored.a), name(stored.b))}
        lead={`${agreementPeriod(w, props.agreement)}. ${stored.inForce ? w.agreement.inForce : w.agreement.notInForce}.`}
        back={{ href: "/admin/agreements", text: w.agreement.list }}
      />
      <section class="sk-stack" data-gap="2">
        <h2 class="ds-heading" data-size="sm">
          {open === 0 ? w.agreement.allDone : w.agreement.checklist}
        </h2>
        <Checklist agreement={stored} name={name} path={(fix) => fixPath(stored, fix)} />
      </section>
      <DraftForm draft={draft} label={(field) => agreementLabel(w, field)} say={(field, g) => agreementSaid(w, field, g, name)} may={may}>
        <AgreementFields draft={draft} fields={fields} name={name} at={props.at} />
      </DraftForm>
    </>
  );
}
