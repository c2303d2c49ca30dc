// Where one is signed in, and ending it elsewhere.

import { useState } from "preact/hooks";
import { clock, date, sameDay } from "../i18n/time";
import { Icon } from "../ui/icon";
import { useAsked } from "./asked";
import { useHouse } from "./house";
import { useWords, type HouseWords } from "./i18n/words";
import { Live, Notice, PageHead, Shown } from "./parts";
import { problemWords } from "./problems";
import type { SessionPlace } from "./wire";

// What the server calls them (identity: browser and system, as "firefox/windows"), and what they call themselves.
const browsers: Readonly<Record<string, string>> = { firefox: "Firefox", chrome: "Chrome", edge: "Edge", safari: "Safari", opera: "Opera", samsung: "Samsung Internet" };
const systems: Readonly<Record<string, string>> = { windows: "Windows", macos: "macOS", linux: "Linux", android: "Android", ios: "iOS", ipados: "iPadOS", chromeos: "ChromeOS" };

/** "firefox/windows" → "Firefox på Windows" */
export function deviceWords(w: HouseWords, device: string): string {
  const [browser = "", system = ""] = device.split("/");
  return w.device(browsers[browser] ?? w.unknownBrowser, systems[system] ?? "");
}

/** "i dag kl. 10.05", "måndag 23. november kl. 10.05" */
function whenWords(w: HouseWords, at: number, now: number): string {
  return `${sameDay(at, now) ? w.today.toLowerCase() : date(w, at)} ${w.at(clock(w, at))}`;
}

export function SessionsPage() {
  const house = useHouse();
  const w = useWords();
  const asking = useAsked(() => house.api("GET /sessions"), []);
  const [said, setSaid] = useState("");
  const [problem, setProblem] = useState<unknown>(null);
  const now = house.now.value;

  const end = async (what: () => Promise<unknown>, then: string): Promise<void> => {
    setProblem(null);
    try {
      await what();
      setSaid(then);
    } catch (err) {
      setProblem(err);
    }
    await asking.refresh();
  };

  const row = (place: SessionPlace) => (
    <li class="sk-line" key={place.id} data-testid="session">
      <Icon name={/android|ios/.test(place.device) ? "phone" : "screen"} />
      <div class="sk-line__text">
        <b>{deviceWords(w, place.device)}</b>
        <span class="sk-subtle sk-small">
          {[place.act?.title, place.act?.organisationName].filter((part) => part).join(", ")}
        </span>
        <span class="sk-subtle sk-small">
          {w.signedInAt(whenWords(w, place.signedIn, now))}. {w.lastSeenAt(whenWords(w, place.lastSeen, now))}.
        </span>
      </div>
      {place.here ? (
        <span class="sk-status" data-state="ready">
          <Icon name="check" size="sm" />
          {w.thisOne}
        </span>
      ) : (
        <button
          class="ds-button"
          data-variant="secondary"
          type="button"
          aria-label={w.endOneWhere(deviceWords(w, place.device))}
          onClick={() => void end(() => house.api("DELETE /sessions/{id}", { path: { id: place.id } }), w.endedOne)}
        >
          {w.endOne}
        </button>
      )}
    </li>
  );

  return (
    <div class="sk-page">
      <PageHead title={w.sessionsTitle} lead={w.sessionsText} />
      {problem !== null && <Notice kind="error">{problemWords(w, problem)}</Notice>}
      <Live text={said} />
      <Shown of={asking} loading={w.sessionsLoading}>
        {({ items }) => (
          <div class="sk-stack" data-gap="5">
            <ul class="sk-lines">{[...items].sort((a, b) => Number(b.here) - Number(a.here) || b.lastSeen - a.lastSeen).map(row)}</ul>
            {items.length > 1 ? (
              <p>
                <button class="ds-button" data-variant="secondary" type="button" data-testid="end-others" onClick={() => void end(() => house.api("DELETE /sessions"), w.endedAll)}>
                  {w.endAll}
                </button>
              </p>
            ) : (
              <p class="sk-subtle">{said === "" ? w.onlyHere : said}</p>
            )}
          </div>
        )}
      </Shown>
    </div>
  );
}
