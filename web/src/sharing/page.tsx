// Who sees what of a patient's: decided by themselves, or written down by who treats them. Each tick
// is kept at once, and what could not be kept stands as it was.

import { useState } from "preact/hooks";
import type { PatientSharing } from "../gen/api";
import { dayOf, partsOf } from "../i18n/norway";
import { clock, timeWords } from "../i18n/time";
import { useAsked } from "../house/asked";
import { ApiError } from "../house/client";
import { CheckField } from "../house/form";
import { useHouse, useSession, type PageProps } from "../house/house";
import { useWords } from "../house/i18n/words";
import { Notice, PageHead, Shown } from "../house/parts";
import { problemWords } from "../house/problems";
import { sharingWords } from "./i18n/words";
import { decided, items, relatives, shown, type Item } from "./rules";
import "./sharing.css";

/** /sharing: one's own; /patients/{id}/sharing. */
export function SharingPage({ params }: PageProps) {
  const house = useHouse();
  const session = useSession();
  const w = sharingWords[house.language.value];
  const own = session.act?.role === "patient";
  const patient = params["id"] ?? (own ? session.person.id : "");
  const asking = useAsked(() => house.api("GET /patients/{id}/sharing", { path: { id: patient } }), [patient]);
  if (patient === "")
    return (
      <div class="sk-page">
        <PageHead title={w.title} />
        <Notice>{w.nobody}</Notice>
      </div>
    );
  return (
    <div class="sk-page">
      <PageHead title={w.title} lead={own ? w.lead : w.leadOther} {...(params["id"] === undefined ? {} : { back: { href: `/patients/${encodeURIComponent(patient)}`, text: w.toPatient } })} />
      <Shown of={asking} loading={w.loading} rows={6}>
        {(sharing) => <Parties patient={patient} sharing={sharing} set={asking.set} again={asking.refresh} />}
      </Shown>
    </div>
  );
}

function Parties(props: { readonly patient: string; readonly sharing: PatientSharing; readonly set: (sharing: PatientSharing) => void; readonly again: () => Promise<void> }) {
  const house = useHouse();
  const language = house.language.value;
  const w = sharingWords[language];
  const { sharing, patient } = props;
  const [busy, setBusy] = useState(""); // which tick is on its way
  const [said, setSaid] = useState("");
  const [problem, setProblem] = useState<unknown>(null);
  const houseWords = useWords();

  const decide = async (item: Item, party: string, show: boolean): Promise<void> => {
    if (busy !== "") return;
    setBusy(`${item} ${party}`);
    setSaid("");
    setProblem(null);
    try {
      props.set(await house.api("PUT /patients/{id}/sharing", { path: { id: patient }, version: sharing.version, body: { ...sharing, rules: decided(sharing.rules, item, party, show) } }));
      setSaid(w.saved);
    } catch (err) {
      if (err instanceof ApiError && err.code === "changed") await props.again();
      setProblem(err);
    } finally {
      setBusy("");
    }
  };

  return (
    <div class="sk-stack" data-gap="6" data-testid="sharing">
      {problem !== null && <Notice kind="error">{problem instanceof ApiError && problem.code === "changed" ? w.changed : problemWords(houseWords, problem)}</Notice>}
      {sharing.parties.map(({ party, name }) => (
        <fieldset key={party} class="sk-share" data-testid="sharing-party" data-party={party} aria-describedby={party === relatives ? "sharing-relatives" : undefined}>
          <legend class="ds-heading" data-size="xs">
            {party === relatives ? w.relatives : name === "" ? w.organisation(party) : name}
          </legend>
          {party === relatives && (
            <p class="sk-field__help" id="sharing-relatives">
              {w.relativesHelp}
            </p>
          )}
          {items.map((item) => {
            // Seen as it will be while it is on its way: a tick that springs back at once would look refused.
            const is = shown(sharing.rules, item, party);
            return (
              <CheckField
                key={item}
                name={`${party} ${item}`}
                label={w.items[item]}
                value={busy === `${item} ${party}` ? !is : is}
                error=""
                onValue={(show) => void decide(item, party, show)}
                testid={`sharing-${item}`}
              />
            );
          })}
        </fieldset>
      ))}
      <p role="status" class="sk-subtle" data-testid="sharing-said">
        {said || (sharing.setBy !== "" && w.by(sharing.setBy, whenOf(language, sharing.setAt)))}
      </p>
      <p class="sk-subtle">{w.emergency}</p>
    </div>
  );
}

/** "3. desember kl. 10.15" */
function whenOf(language: keyof typeof timeWords, ms: number): string {
  const w = timeWords[language];
  const [, month, day] = partsOf(dayOf(ms)) ?? [1970, 0, 1];
  return `${day}. ${w.month(month)} ${w.at(clock(w, ms))}`;
}
