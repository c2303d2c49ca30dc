// The second step: the times at which all who must be there can, the best first.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { capital } from "../../../i18n/time";
import { Icon } from "../../../ui/icon";
import { useAsked } from "../../asked";
import { SelectField } from "../../form";
import { useHouse } from "../../house";
import { Failed, Heading, Loading, Notice } from "../../parts";
import type { CommonTime, CommonTimes } from "../../wire";
import { ByHand } from "../by-hand";
import { useBookingWords } from "../i18n/words";
import { calledRole, minuteWords, shortWhen } from "../say";
import { Slots, type Slot } from "../slots";
import type { StepProps } from "./page";
import { fits, partiesOf, peopleFor, requiredOf, searchOf, whole } from "./plan";

const shownFirst = 5;
const asked = 20;
const furtherBy = 8; // weeks

export function TimesStep(props: StepProps & { readonly found: readonly CommonTime[]; readonly setFound: (found: readonly CommonTime[]) => void; readonly back: () => void }) {
  const { plan, act, offered, error } = props;
  const w = useBookingWords();
  const house = useHouse();
  const root = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState(shownFirst);
  const [wishes, setWishes] = useState(plan.earliest > 0 || plan.latest > 0);
  const search = useMemo(() => searchOf(plan, offered.colleagues, house.now.peek(), asked), [plan.parties, plan.patient, plan.invited, plan.minutes, plan.equipment, plan.deadline, plan.earliest, plan.latest, plan.weeks]);
  const asking = useAsked<CommonTimes>(() => house.api("POST /times", { body: search }), [search]);
  const ready = asking.asked.status === "ready" ? asking.asked.value : null;

  useEffect(() => {
    if (!ready) return;
    props.setFound(ready.items);
    act({ do: "found", times: ready.items });
    // The first time takes the focus, unless one is busy with something else on the page.
    requestAnimationFrame(() => {
      const at = document.activeElement;
      if (at === document.body || at?.tagName === "H1") root.current?.querySelector<HTMLElement>("input[name=times]")?.focus();
    });
  }, [ready]);

  const titles = useMemo(() => new Map(offered.colleagues.map((c) => [c.person, c.title.toLocaleLowerCase("nb")])), [offered]);
  const required = requiredOf(plan);
  const minutes = whole(plan.minutes, 5, 480) ?? 30;
  const items = ready?.items ?? [];
  const byHand: Slot[] = plan.hand.filter((t) => !items.some((f) => f.starts === t)).map((starts) => ({ starts, ends: starts + minutes * 60_000, found: null }));
  const slots: Slot[] = [...items.filter((t, i) => i < shown || plan.times.includes(t.starts)).map((t) => ({ starts: t.starts, ends: t.ends, found: t })), ...byHand];
  const parties = partiesOf(plan);
  const called = (index: number): string => calledRole(w, parties[index]?.role ?? "patient", offered.colleagues.find((c) => c.person === parties[index]?.person)?.name ?? "");
  const further = (): void => act({ do: "set", change: { weeks: plan.weeks + furtherBy } });

  const heading = !ready ? w.plan.step[1]! : items.length === 0 ? w.plan.timesNone(required) : ready.free > 12 ? w.plan.timesMany(ready.free, required) : w.plan.timesFound(ready.free, required);
  return (
    <div class="sk-stack" ref={root}>
      <div class="sk-stack" data-gap="2">
        <Heading title={w.plan.title}>{heading}</Heading>
        {ready && <p class="sk-subtle">{items.length === 0 ? w.plan.timesNoneText : plan.mode === "book" ? w.plan.timesLeadBook : w.plan.timesLead}</p>}
      </div>
      {asking.asked.status === "loading" && <Loading text={w.plan.searching} rows={5} />}
      {asking.asked.status === "failed" && <Failed error={asking.asked.error} again={asking.again} />}
      {ready && ready.faults.length > 0 && (
        <Notice icon="user">
          {ready.faults.map((f) => (
            <span key={f.party} class="sk-block">
              {w.plan.fault(capital(called(f.party)), f.rule)}
            </span>
          ))}
        </Notice>
      )}
      {error("times") && (
        <p class="sk-problem" tabIndex={-1} data-invalid>
          <Icon name="info" size="sm" />
          <span>{error("times")}</span>
        </p>
      )}
      {slots.length > 0 && (
        <Slots
          slots={slots}
          name="times"
          kind="checkbox"
          required={required}
          isChosen={(slot) => plan.times.includes(slot.starts)}
          onChoose={(slot, on) => act({ do: "choose", starts: slot.starts, on })}
          bar={(slot) => {
            if (!slot.found || fits(plan, slot.found, items)) return "";
            const [person] = peopleFor(plan, slot.found).values();
            return w.plan.otherPerson(slot.found.parties.find((p) => p.person === person)?.name ?? "");
          }}
          titles={titles}
          {...(items[0] ? { best: items[0].starts } : {})}
        />
      )}
      {ready && (
        <div class="sk-row sk-wrap">
          {items.length > shown && (
            <button class="ds-button" data-size="sm" data-variant="secondary" type="button" data-testid="more-times" onClick={() => setShown(shown + shownFirst)}>
              {w.plan.showMore}
            </button>
          )}
          <button class="ds-button" data-size="sm" data-variant={items.length === 0 ? "secondary" : "tertiary"} type="button" data-testid="look-ahead" onClick={further}>
            {w.plan.lookAhead}
          </button>
          <button class="ds-button" data-size="sm" data-variant="tertiary" type="button" aria-expanded={wishes} data-testid="wishes" onClick={() => setWishes(!wishes)}>
            {w.plan.wishes}
          </button>
        </div>
      )}
      {ready?.nearly.map((near) => (
        <p key={`${near.starts}/${near.without}`} class="sk-nearly sk-small sk-subtle">
          <Icon name="info" size="sm" />
          <span>
            {near.without < 0
              ? w.plan.nearlyShort(shortWhen(w, near.starts, house.now.value), w.minutes(near.minutes))
              : w.plan.nearlyWithout(shortWhen(w, near.starts, house.now.value), called(near.without))}{" "}
            {near.without < 0 ? (
              <button class="sk-inline" type="button" data-testid="shorten" onClick={() => act({ do: "set", change: { minutes: String(near.minutes) } })}>
                {w.plan.shorten}
              </button>
            ) : (
              <button
                class="sk-inline"
                type="button"
                data-testid="make-optional"
                onClick={() => {
                  const who = plan.parties.filter((p) => p.person !== "" || p.anyOf.length > 0)[near.without];
                  if (who) act({ do: "party", key: who.key, change: { required: false } });
                  else props.back();
                }}
              >
                {w.plan.makeOptional(called(near.without))}
              </button>
            )}
          </span>
        </p>
      ))}
      {wishes && (
        <div class="sk-fields">
          <HourSelect label={w.plan.earliest} name="earliest" value={plan.earliest} onValue={(earliest) => act({ do: "set", change: { earliest } })} />
          <HourSelect label={w.plan.latest} name="latest" value={plan.latest} onValue={(latest) => act({ do: "set", change: { latest } })} />
        </div>
      )}
      <details class="sk-more">
        <summary data-testid="by-hand">{w.plan.handTitle}</summary>
        <ByHand
          now={house.now.value}
          action={w.plan.addTime}
          onTime={(starts) => act({ do: "hand", starts })}
        />
      </details>
    </div>
  );
}

function HourSelect(props: { readonly label: string; readonly name: string; readonly value: number; readonly onValue: (minute: number) => void }) {
  const w = useBookingWords();
  const hours = Array.from({ length: 13 }, (_, i) => (i + 7) * 60);
  return (
    <SelectField
      name={props.name}
      label={props.label}
      value={String(props.value)}
      error=""
      options={[{ value: "0", text: w.plan.anyTime }, ...hours.map((m) => ({ value: String(m), text: w.at(minuteWords(w, m)) }))]}
      onValue={(v) => props.onValue(Number(v))}
      testid={props.name}
    />
  );
}
