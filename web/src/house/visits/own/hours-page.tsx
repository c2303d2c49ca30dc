// /hours: one's own working hours, absences and calendars elsewhere; with ?subject= and
// ?organisation= those of a person, unit or equipment that one sees to.

import { useAsked } from "../../asked";
import { useHouse, useSession, type PageProps } from "../../house";
import { PageHead } from "../../parts";
import { Absences } from "./absences";
import { Feeds } from "./feeds";
import { HoursEditor } from "./hours-editor";
import { useMineWords } from "./i18n/words";
import "./own.css";

export function HoursPage(props: PageProps) {
  const w = useMineWords();
  const me = useSession().person.id;
  const subject = props.query.get("subject") ?? "";
  const organisation = props.query.get("organisation") ?? "";
  if (subject !== "" && subject !== me) return <OthersHours key={`${subject} ${organisation}`} subject={subject} organisation={organisation} />;
  return (
    <div class="sk-page">
      <PageHead title={w.mine.hoursTitle} lead={w.mine.hoursLead} />
      <Absences person="" />
      <div class="sk-hours__more">
        <div>
          <HoursEditor subject="" organisation={organisation} />
        </div>
        <Feeds />
      </div>
    </div>
  );
}

/** What the subject is called; none of these lists has to have it. */
function useSubject(subject: string, organisation: string): { readonly name: string; readonly person: boolean } {
  const { api } = useHouse();
  const asking = useAsked(async () => {
    const none = () => null;
    const [colleagues, equipment, house] = await Promise.all([
      api("GET /colleagues").catch(none),
      api("GET /equipment").catch(none),
      organisation === "" ? null : api("GET /organisations/{id}", { path: { id: organisation } }).catch(none),
    ]);
    const person = colleagues?.items.find((c) => c.person === subject);
    const thing = equipment?.items.find((e) => e.id === subject) ?? house?.units.find((u) => u.id === subject);
    return { name: person?.name ?? thing?.name ?? "", person: person !== undefined };
  }, [subject, organisation]);
  return asking.asked.value ?? { name: "", person: false };
}

function OthersHours(props: { readonly subject: string; readonly organisation: string }) {
  const w = useMineWords();
  const { name, person } = useSubject(props.subject, props.organisation);
  return (
    <div class="sk-page">
      <PageHead title={w.mine.hoursTitleOf(name)} />
      {person && <Absences person={props.subject} />}
      <HoursEditor {...props} />
    </div>
  );
}
