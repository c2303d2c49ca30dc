// The consultation to go to now or next: where and with whom, who is ready, what is asked for,
// and one large button.

import { capital, clock, distance, duration } from "../../i18n/time";
import { Icon } from "../../ui/icon";
import type { Booking } from "../wire";
import { awaited, beginsAt, latecomers, selfIn, stageOf } from "./board";
import { useVisitWords, type VisitWords } from "./i18n/words";
import { Prepare, Ready, Status } from "./parts";
import { about, headline, introduced } from "./said";
import { Tell } from "./tell";

export const callHref = (b: Booking): string => `/call/${encodeURIComponent(b.id)}`;

/** "Neste samtale om 12 minutt", or that it is time, or under way. */
function nearness(w: VisitWords, b: Booking, now: number): string {
  if (stageOf(b, now) === "running") return w.house.runningNow;
  const [late] = latecomers(b);
  if (late) return w.own.lateOne(introduced(w, late), late.readiness.minutes);
  return b.starts > now ? w.house.nextIn(w.house.inTime(distance(w.house, b.starts - now))) : w.house.shouldHaveBegun;
}

export function Next(props: { readonly booking: Booking; readonly now: number; readonly onTold: (booking: Booking) => void }) {
  const w = useVisitWords();
  const { booking, now } = props;
  const stage = stageOf(booking, now);
  const self = selfIn(booking);
  const ready = stage !== "planned";
  const length = duration(w.house, booking.ends - booking.starts);
  const test = self?.readiness.test ?? "";
  return (
    <section class="sk-next" aria-labelledby="next" data-testid="next">
      <div class="sk-stack" data-gap="2">
        <p class="sk-accent">
          <b>{nearness(w, booking, now)}</b>
        </p>
        <h2 class="ds-heading" data-size="lg" id="next">
          {headline(w, booking)}
        </h2>
        <p class="sk-subtle sk-next__facts">
          <Icon name={self?.attends === "visit" ? "pin" : "cam"} size="sm" />
          <span>
            {w.own.places[self?.attends ?? "online"]}. {capital(about(w, booking))}, {length}
          </span>
        </p>
        {beginsAt(booking) !== booking.starts && stage !== "running" && (
          <p class="sk-next__facts" data-testid="new-time">
            <Icon name="clock" size="sm" />
            <span>{w.own.wasAt(clock(w.house, booking.starts))}</span>
          </p>
        )}
      </div>
      <div class="sk-next__ready">
        <Ready booking={booking} people={awaited(booking)} />
        {test !== "" && (
          <p class="sk-next__net">
            <span>{w.own.network}</span>
            <Status said={test === "good" ? { text: w.own.networks.good, icon: "check", look: "ready" } : { text: w.own.networks[test], icon: "net" }} />
          </p>
        )}
      </div>
      <Prepare booking={booking} level="h3" />
      {stage !== "running" && <Tell booking={booking} onTold={props.onTold} />}
      <div class="sk-next__join">
        <a class="ds-button sk-main-button" data-variant={ready ? undefined : "secondary"} href={callHref(booking)} data-testid="join">
          {ready ? w.house.joinNow : w.house.join}
        </a>
      </div>
    </section>
  );
}
