// The administrator's first page: what is missing, and the way to a new cooperation.

import { dayOf } from "../../i18n/norway";
import { Icon } from "../../ui/icon";
import { useAsked } from "../asked";
import { useHouse, useMay, useSession } from "../house";
import { PageHead, Shown } from "../parts";
import { wholeDirectory } from "./directory";
import { AdminFrame, Lines } from "./frame";
import { useAdminWords } from "./i18n/words";
import { missing, type MissingLine } from "./missing";

const atMost = 8; // people listed here; the rest are on their own page

export function OverviewPage() {
  const w = useAdminWords();
  const house = useHouse();
  const own = useSession().act?.organisation ?? "";
  const asking = useAsked(() => wholeDirectory(house.api, own), []);
  return (
    <AdminFrame>
      <PageHead title={w.overview.title} lead={w.overview.newPairText}>
        {useMay("agreement.write") && (
          <a class="ds-button" href="/admin/new-pair" data-testid="new-pair">
            <Icon name="plus" size="sm" />
            {w.overview.newPair}
          </a>
        )}
      </PageHead>
      <Shown of={asking} loading={w.loading}>
        {(directory) => {
          const { cooperations, organisations, people } = missing(w, directory, dayOf(house.now.value));
          if (cooperations.length + organisations.length + people.length === 0) {
            return (
              <section class="sk-stack" data-gap="2" aria-labelledby="missing">
                <h2 class="ds-heading" data-size="sm" id="missing">
                  {w.overview.nothing}
                </h2>
                <p class="sk-subtle">{w.overview.nothingText}</p>
              </section>
            );
          }
          return (
            <div class="sk-stack" data-gap="6">
              <MissingPart title={w.overview.agreements} lines={cooperations} go={w.overview.goOn} />
              <MissingPart title={w.overview.organisations} lines={organisations} go={w.overview.fix} />
              <MissingPart title={w.overview.people} lines={people} go={w.overview.see} rest="/admin/staff" />
            </div>
          );
        }}
      </Shown>
    </AdminFrame>
  );
}

function MissingPart(props: { readonly title: string; readonly lines: readonly MissingLine[]; readonly go: string; readonly rest?: string }) {
  const w = useAdminWords();
  if (props.lines.length === 0) return null;
  const shown = props.rest === undefined ? props.lines : props.lines.slice(0, atMost);
  return (
    <section class="sk-stack" data-gap="3">
      <h2 class="ds-heading" data-size="xs">
        {props.title}
      </h2>
      <Lines label={props.title} go={props.go} lines={shown.map((line) => ({ key: line.key, href: line.path, name: line.what, about: line.why }))} />
      {props.rest !== undefined && shown.length < props.lines.length && (
        <a class="sk-link" data-side="start" href={props.rest}>
          {w.overview.more(props.lines.length - shown.length)}
        </a>
      )}
    </section>
  );
}
