// What waits to be seen to: the oldest first, taken by whoever puts their name on it. Two who
// take the same at once are told who was first.

import { useEffect, useRef, useState } from "preact/hooks";
import type { WorkItem, WorkList } from "../gen/api";
import { dayOf, partsOf } from "../i18n/norway";
import { clock, timeWords } from "../i18n/time";
import { Icon } from "../ui/icon";
import { useAsked } from "../house/asked";
import { FormProblem, SubmitButton, TextArea, useForm } from "../house/form";
import { useHouse, type PageProps } from "../house/house";
import { Empty, PageHead, Shown } from "../house/parts";
import { workWords } from "./i18n/words";
import "./work.css";

const every = 30_000; // ms between looking for news while somebody is there

/** /work */
export function WorkPage(_: PageProps) {
  const house = useHouse();
  const w = workWords[house.language.value];
  const asking = useAsked(() => house.api("GET /work"), []);
  const now = house.now.value;
  const looked = useRef(now);
  useEffect(() => {
    if (now - looked.current < every || !house.active()) return;
    looked.current = now;
    void asking.refresh();
  }, [now]);
  return (
    <div class="sk-page" data-testid="work">
      <PageHead title={w.title} lead={w.lead} />
      <Shown of={asking} loading={w.loading} rows={4}>
        {(list) => <List list={list} set={asking.set} />}
      </Shown>
    </div>
  );
}

function List(props: { readonly list: WorkList; readonly set: (list: WorkList) => void }) {
  const house = useHouse();
  const w = workWords[house.language.value];
  const [said, setSaid] = useState("");
  const saying = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (said !== "") saying.current?.focus(); // what was pressed is gone
  }, [said]);
  const { items } = props.list;
  const open = items.filter((item) => item.acknowledgedAt === 0);
  const taken = items.filter((item) => item.acknowledgedAt > 0);
  const done = (item: WorkItem, already: boolean): void => {
    props.set({ items: [...open.filter((i) => i.id !== item.id), item, ...taken.filter((i) => i.id !== item.id)] });
    setSaid(already ? w.already(item.acknowledgedBy, whenOf(house.language.value, item.acknowledgedAt)) : w.mine(item.patientName));
  };
  return (
    <div class="sk-stack" data-gap="6">
      {said !== "" && (
        <p class="sk-row sk-ok" role="status" tabIndex={-1} ref={saying} data-testid="work-said">
          <Icon name="check" size="sm" />
          {said}
        </p>
      )}
      {open.length === 0 ? (
        <Empty title={w.none} text={w.noneText} />
      ) : (
        <section class="sk-stack" data-gap="2">
          <h2 class="ds-heading" data-size="xs">
            {w.waits(open.length)}
          </h2>
          <ul class="sk-worklist">
            {open.map((item) => (
              <Waiting key={item.id} item={item} onDone={done} />
            ))}
          </ul>
        </section>
      )}
      {taken.length > 0 && (
        <section class="sk-stack" data-gap="2">
          <h2 class="ds-heading" data-size="xs">
            {w.done}
          </h2>
          <ul class="sk-worklist">
            {taken.map((item) => (
              <li key={item.id} data-testid="work-taken">
                <About item={item} />
                <p class="sk-row">
                  <Icon name="check" size="sm" />
                  {w.by(item.acknowledgedBy, whenOf(house.language.value, item.acknowledgedAt))}
                </p>
                {item.words !== "" && <p>{item.words}</p>}
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function About(props: { readonly item: WorkItem }) {
  const house = useHouse();
  const w = workWords[house.language.value];
  const { item } = props;
  return (
    <>
      <h3 class="ds-heading" data-size="2xs">
        {item.patientName}
      </h3>
      <p>{w.answer(w.formNames[item.questionnaire] ?? item.questionnaire, item.item, item.points)}</p>
    </>
  );
}

function Waiting(props: { readonly item: WorkItem; readonly onDone: (item: WorkItem, already: boolean) => void }) {
  const house = useHouse();
  const w = workWords[house.language.value];
  const { item } = props;
  const [taking, setTaking] = useState(false);
  const form = useForm({
    initial: { words: "" },
    async send({ words }) {
      const answer = await house.api("POST /work/{work}/acknowledge", { path: { work: item.id }, body: { words: words.trim() } });
      props.onDone(answer.item, answer.already);
    },
  });
  return (
    <li data-testid="work-item" data-id={item.id}>
      <About item={item} />
      <p class="sk-row sk-subtle">
        <Icon name="clock" size="sm" />
        {w.since(whenOf(house.language.value, item.madeAt))}
      </p>
      {taking ? (
        <form ref={form.ref} noValidate class="sk-form" onSubmit={form.submit}>
          <TextArea {...form.text("words")} label={w.words} help={w.wordsHelp} rows={2} maxLength={500} testid="work-words" />
          <FormProblem form={form} />
          <p class="sk-row">
            <SubmitButton form={form} testid="work-keep">
              {w.keep}
            </SubmitButton>
            <button class="ds-button" data-variant="tertiary" type="button" onClick={() => setTaking(false)}>
              {w.cancel}
            </button>
          </p>
        </form>
      ) : (
        <p class="sk-row sk-worklist__do">
          <button class="ds-button" data-variant="secondary" type="button" data-testid="work-take" onClick={() => setTaking(true)}>
            {w.acknowledge}
          </button>
          <a class="sk-link" href={`/patients/${encodeURIComponent(item.patient)}/forms`}>
            {w.openPatient}
          </a>
        </p>
      )}
    </li>
  );
}

/** "3. desember kl. 10.15" */
function whenOf(language: keyof typeof timeWords, ms: number): string {
  const w = timeWords[language];
  const [, month, day] = partsOf(dayOf(ms)) ?? [1970, 0, 1];
  return `${day}. ${w.month(month)} ${w.at(clock(w, ms))}`;
}
