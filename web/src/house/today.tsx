// The day's consultations of the own organisation.

import { useAsked } from "./asked";
import { useHouse } from "./house";
import { useWords } from "./i18n/words";
import { Empty, PageHead, Shown } from "./parts";

export function TodayPage() {
  const house = useHouse();
  const w = useWords();
  const asking = useAsked(() => house.api("GET /day"), []);
  return (
    <div class="sk-page">
      <PageHead title={w.dayTitle} />
      <Shown of={asking} loading={w.dayLoading}>
        {({ items }) => (items.length === 0 ? <Empty title={w.dayEmpty} /> : <p>{items.length}</p>)}
      </Shown>
    </div>
  );
}
