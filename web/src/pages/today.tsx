// The coordinator's and the administrator's day: times, who, and how many are here. No call.

import { clock, date, useWords } from "../i18n/i18n";
import type { Visit } from "../gen/protocol";
import { useApp } from "../ui/app";
import { Icon } from "../ui/icon";
import { byRole, called } from "../ui/people";
import { Heading, LanguageChoice } from "../ui/shell";

function Row(props: { readonly visit: Visit }) {
  const w = useWords();
  const { visit } = props;
  const running = visit.state === "running";
  return (
    <li class="sk-visit" data-now={running || undefined}>
      <b class="sk-num">
        {clock(w, visit.starts)}–{clock(w, visit.ends)}
      </b>
      <span>
        <span class="sk-person__name">{w.consultation}</span>
        <span class="sk-subtle">{byRole(visit.people).map((p) => called(w, p)).join(", ")}</span>
      </span>
      <span class="sk-status" data-state={running ? "new" : undefined}>
        <Icon name={visit.state === "ended" ? "check" : visit.here > 0 ? "people" : "clock"} size="sm" />
        {w.todayState(visit.state)}
        {visit.state !== "ended" && visit.state !== "planned" && `. ${w.todayHere(visit.here)}`}
      </span>
    </li>
  );
}

export function Today() {
  const app = useApp();
  const w = useWords();
  const invitation = app.invitation;
  if (!invitation) return null;
  return (
    <div class="sk-app" data-testid="today">
      <header class="sk-app__top">
        <span class="sk-brand">
          <Icon name="hosp" />
          {invitation.organisation || w.service}
        </span>
        <LanguageChoice />
      </header>
      <main class="sk-app__main">
        <div class="sk-stack" data-gap="2">
          <Heading title={w.todayTitle}>{w.todayHeading(date(w, app.now))}</Heading>
          <p class="sk-subtle">
            {invitation.name}, {invitation.title || (invitation.kind === "admin" ? w.admin : w.coordinator)}
          </p>
        </div>
        {invitation.today.length === 0 ? (
          <div class="sk-empty">
            <b>{w.todayEmpty}</b>
            <span class="sk-subtle">{w.todayEmptyText}</span>
          </div>
        ) : (
          <ul class="sk-visits">
            {invitation.today.map((visit) => (
              <Row key={visit.id} visit={visit} />
            ))}
          </ul>
        )}
      </main>
    </div>
  );
}
