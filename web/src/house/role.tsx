// In which organisation and as what one works now: large choices, skipped where there is one.

import { useEffect, useState } from "preact/hooks";
import { capital } from "../i18n/time";
import { Icon } from "../ui/icon";
import { useHouse } from "./house";
import { useWords } from "./i18n/words";
import { Column, Heading, Loading, Notice } from "./parts";
import { problemWords } from "./problems";
import { homeOf } from "./sections";
import type { Act } from "./wire";

/** Chooses an assignment, and goes where the work begins. */
function useChoose(): { choose(act: Act): Promise<void>; problem: unknown; chosen: string } {
  const house = useHouse();
  const [problem, setProblem] = useState<unknown>(null);
  const [chosen, setChosen] = useState("");
  return {
    problem,
    chosen,
    async choose(act) {
      if (chosen !== "") return;
      setProblem(null);
      setChosen(act.assignment);
      try {
        const session = await house.api("POST /session/role", { body: { assignment: act.assignment } });
        if (house.router.place.value.path === "/role") house.router.go(homeOf(session), "replace");
        house.signedIn(session);
      } catch (err) {
        setProblem(err);
        setChosen("");
      }
    },
  };
}

export function ChooseRole() {
  const house = useHouse();
  const w = useWords();
  const { choose, problem, chosen } = useChoose();
  const standing = house.standing.value;
  const session = standing.kind === "in" ? standing.session : null;
  const acts = session?.acts ?? [];
  const only = acts.length === 1 && session?.stage === "role" ? acts[0] : undefined;
  useEffect(() => {
    if (only) void choose(only);
  }, [only]);
  if (only && problem === null) {
    return (
      <Column>
        <Loading text={w.loading} />
      </Column>
    );
  }
  if (acts.length === 0) {
    return (
      <Column>
        <div class="sk-stack" data-gap="3">
          <Heading>{w.roleNone}</Heading>
          <p class="sk-lead">{w.roleNoneText}</p>
        </div>
        <p>
          <button class="ds-button" data-variant="secondary" type="button" onClick={() => void house.signOut().catch(() => undefined)}>
            {w.signOut}
          </button>
        </p>
      </Column>
    );
  }
  return (
    <Column>
      <div class="sk-stack" data-gap="3">
        <Heading>{w.roleTitle}</Heading>
        <p class="sk-lead">{w.roleText}</p>
      </div>
      {problem !== null && <Notice kind="error">{problemWords(w, problem)}</Notice>}
      <ul class="sk-choices" data-testid="roles">
        {acts.map((act) => (
          <li key={act.assignment}>
            <button class="sk-choice" type="button" aria-busy={chosen === act.assignment || undefined} onClick={() => void choose(act)}>
              <Icon name={act.role === "nurse" ? "home" : "hosp"} />
              <span>
                <b>{act.title === "" ? capital(w.role(act.role)) : act.title}</b>
                <span>{[act.unit, act.organisationName].filter((part) => part !== "").join(", ")}</span>
              </span>
              {session?.act?.assignment === act.assignment ? <span class="sk-status">{w.now}</span> : <Icon name="right" size="sm" />}
            </button>
          </li>
        ))}
      </ul>
      {session?.stage === "full" && (
        <p class="sk-column__foot">
          <a class="sk-link" data-side="start" href={homeOf(session)}>
            <Icon name="left" size="sm" />
            {w.back}
          </a>
        </p>
      )}
    </Column>
  );
}
