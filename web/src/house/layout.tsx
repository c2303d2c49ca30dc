// The frame around the pages of someone who is signed in: the parts of the service, who one
// is and as what, and what belongs to that.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../ui/icon";
import { useHouse, useMay, useSession } from "./house";
import { useWords, type HouseWords } from "./i18n/words";
import { Brand, initials, LanguageChoice, Notice } from "./parts";
import { problemWords } from "./problems";
import { homeOf, sectionPaths, sectionsOf, type Section } from "./sections";
import { useVisitWords } from "./visits/i18n/words";
import type { Session } from "./wire";

const skipTo = "innhald"; // id of the main part

function sectionWord(w: HouseWords, section: Section): string {
  return { calendar: w.calendar, today: w.today, work: w.work, patients: w.patients, admin: w.admin, seen: w.seen }[section];
}

/** "Koordinator, Fjord sjukehus" */
function actingAs(w: HouseWords, session: Session): string {
  const act = session.act;
  if (!act) return "";
  return [act.title === "" ? w.role(act.role) : act.title, act.organisationName].filter((part) => part !== "").join(", ");
}

/** One's name, and behind it what one can do about being here. */
function Me() {
  const house = useHouse();
  const session = useSession();
  const w = useWords();
  const [open, setOpen] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const place = house.router.place.value;
  const own = useVisitWords().own;
  const mayAnswer = useMay("consultation.answer");
  const mayWrite = useMay("calendar.write");
  const [asked, setAsked] = useState(0); // how many wait for an answer from oneself
  useEffect(() => setOpen(false), [place]);
  useEffect(() => {
    if (!open || !mayAnswer) return;
    // Nobody needs the number before the menu is open; without it the entry still leads there.
    house.api("GET /waiting").then(
      ({ items }) => setAsked(items.filter((item) => item.kind === "asked").length),
      () => undefined,
    );
  }, [open, mayAnswer, house]);
  useEffect(() => {
    if (!open) return;
    const outside = (event: Event): void => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("focusin", outside);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("focusin", outside);
    };
  }, [open]);
  return (
    <div
      class="sk-me"
      ref={root}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        setOpen(false);
        button.current?.focus();
      }}
    >
      <button class="sk-me__button" type="button" ref={button} aria-expanded={open} aria-controls="me" data-testid="me" onClick={() => setOpen(!open)}>
        <span class="sk-me__who">
          <b>{session.person.name}</b>
          <span>{actingAs(w, session)}</span>
        </span>
        <span class="sk-avatar" data-size="sm" aria-hidden="true">
          {initials(session.person.name)}
        </span>
        <span class="ds-sr-only">{w.menu}</span>
      </button>
      <div class="sk-me__menu" id="me" hidden={!open}>
        {session.acts.length > 1 && (
          <a class="sk-me__item" href="/role">
            <Icon name="swap" size="sm" />
            {w.switchRole}
          </a>
        )}
        {mayAnswer && (
          <a class="sk-me__item" href="/answers" data-testid="menu-answers">
            <Icon name="bell" size="sm" />
            {own.answersMenu}
            {asked > 0 && <span class="sk-me__count">{asked}</span>}
          </a>
        )}
        {mayWrite && (
          <a class="sk-me__item" href="/hours" data-testid="menu-hours">
            <Icon name="clock" size="sm" />
            {own.hoursMenu}
          </a>
        )}
        <a class="sk-me__item" href="/sessions">
          <Icon name="screen" size="sm" />
          {w.mySessions}
        </a>
        <LanguageChoice />
        <button class="sk-me__item" type="button" data-testid="sign-out" onClick={() => house.signOut().catch(setProblem)}>
          <Icon name="lock" size="sm" />
          {w.signOut}
        </button>
        {problem !== null && <Notice kind="error">{problemWords(w, problem)}</Notice>}
      </div>
    </div>
  );
}

/** Asks whether to go on without what is typed. */
function Leaving() {
  const house = useHouse();
  const w = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const held = house.router.heldUp.value;
  useEffect(() => {
    if (held !== null && !dialog.current?.open) dialog.current?.showModal();
    if (held === null) dialog.current?.close();
  }, [held]);
  return (
    <dialog class="sk-dialog" ref={dialog} aria-labelledby="leaving" onCancel={() => house.router.answer(false)}>
      <div class="sk-stack">
        <h2 class="ds-heading" data-size="sm" id="leaving">
          {w.unsavedHeading}
        </h2>
        <p>{w.unsavedText}</p>
        <div class="sk-row sk-wrap">
          <button class="ds-button" type="button" onClick={() => house.router.answer(false)}>
            {w.unsavedStay}
          </button>
          <button class="ds-button" data-variant="secondary" type="button" onClick={() => house.router.answer(true)}>
            {w.unsavedGo}
          </button>
        </div>
      </div>
    </dialog>
  );
}

export function Layout(props: { readonly children: ComponentChildren }) {
  const house = useHouse();
  const session = useSession();
  const w = useWords();
  const main = useRef<HTMLElement>(null);
  const here = house.router.place.value.page?.section;
  const sections = session.handle === "" ? sectionsOf(session) : [];
  return (
    <div class="sk-app sk-house">
      <a
        class="sk-skip"
        href={`#${skipTo}`}
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {w.skip}
      </a>
      <header class="sk-house__top">
        <a class="sk-house__brand" href={homeOf(session)} data-testid="brand">
          <Brand />
        </a>
        {sections.length > 1 && (
          <nav class="sk-house__nav" aria-label={w.sections}>
            {sections.map((section) => (
              <a key={section} href={sectionPaths[section]} aria-current={section === here ? "page" : undefined}>
                {sectionWord(w, section)}
              </a>
            ))}
          </nav>
        )}
        {session.handle === "" ? <Me /> : <LanguageChoice />}
      </header>
      <main class="sk-house__main" id={skipTo} tabIndex={-1} ref={main}>
        {props.children}
      </main>
      <Leaving />
    </div>
  );
}
