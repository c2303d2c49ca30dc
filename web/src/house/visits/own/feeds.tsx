// One's calendar in other programs, and calendars elsewhere whose busy times are read here.

import { useRef, useState } from "preact/hooks";
import { date } from "../../../i18n/time";
import { Icon } from "../../../ui/icon";
import { Part } from "../../admin/editor";
import { useAsked, type Asking } from "../../asked";
import { FormProblem, TextField, useForm } from "../../form";
import { useHouse } from "../../house";
import { Live, Notice, Shown } from "../../parts";
import { problemWords } from "../../problems";
import type { CalendarFeed, CalendarFeeds } from "../../wire";
import { whenSaid } from "../said";
import { Done } from "./done";
import { isFeedAddress } from "./hours";
import { useMineWords, type MineWords } from "./i18n/words";
import { Sure } from "./sure";

/** Why a calendar was not read, and what to do. */
export function faultSaid(w: MineWords, feed: CalendarFeed): string {
  if (feed.fault === "") return "";
  return [w.mine.faults[feed.fault], feed.fault === "unknown-zone" && feed.details !== "" ? w.mine.faultZone(feed.details) : ""].filter((x) => x !== "").join(" ");
}

export function Feeds() {
  const { api } = useHouse();
  const w = useMineWords();
  const asking = useAsked(() => api("GET /feeds"), []);
  return (
    <Part title={w.mine.feeds}>
      <Shown of={asking} loading={w.mine.feedsLoading} rows={3}>
        {(feeds) => (
          <>
            <Out feeds={feeds} asking={asking} />
            <In feeds={feeds} asking={asking} />
          </>
        )}
      </Shown>
    </Part>
  );
}

interface FeedsProps {
  readonly feeds: CalendarFeeds;
  readonly asking: Asking<CalendarFeeds>;
}

function Out(props: FeedsProps) {
  const { api } = useHouse();
  const w = useMineWords();
  const { out, outMade } = props.feeds;
  const [copied, setCopied] = useState<"" | "yes" | "no">("");
  const [made, setMade] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const address = useRef<HTMLInputElement>(null);
  const make = async (): Promise<void> => {
    props.asking.set(await api("POST /feeds/out"));
    setCopied("");
    setMade(true);
  };
  const first = async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    await make().catch(setProblem);
    setBusy(false);
  };
  const copy = async (): Promise<void> => {
    address.current?.select();
    // Without the browser's leave the address stays marked, to be copied by hand.
    setCopied(await navigator.clipboard.writeText(out).then(() => "yes" as const, () => "no" as const));
  };
  return (
    <section class="sk-feed" aria-labelledby="feed-out">
      <div class="sk-stack" data-gap="2">
        <h3 class="ds-heading" data-size="xs" id="feed-out">
          {w.mine.feedOut}
        </h3>
        <p class="sk-subtle">{w.mine.feedOutText}</p>
      </div>
      {problem !== null && <Notice kind="error">{problemWords(w.house, problem)}</Notice>}
      {out === "" && outMade > 0 ? (
        <>
          <p>{w.mine.feedOutHidden(date(w.house, outMade))}</p>
          <Sure label={w.mine.feedMakeNew} text={w.mine.feedMakeSure} yes={w.mine.feedMakeYes} run={make} testid="feed-renew" />
        </>
      ) : out === "" ? (
        <p>
          <button class="ds-button" data-variant="secondary" type="button" aria-busy={busy || undefined} data-testid="feed-make" onClick={() => void first()}>
            {w.mine.feedMake}
          </button>
        </p>
      ) : (
        <>
          <div class="sk-feed__out">
            <input ref={address} class="sk-input" type="text" readOnly value={out} aria-label={w.mine.feedOutAddress} data-testid="feed-out" onFocus={(event) => event.currentTarget.select()} />
            <button class="ds-button" data-variant="secondary" type="button" data-testid="feed-copy" onClick={() => void copy()}>
              {copied === "yes" && <Icon name="check" size="sm" />}
              {copied === "yes" ? w.mine.copied : w.mine.copy}
            </button>
          </div>
          <p class="sk-subtle sk-small">{copied === "no" ? w.mine.copyFailed : w.mine.feedOutSecret}</p>
          {made && (
            <p class="sk-status" data-state="ready">
              <Icon name="check" size="sm" />
              {w.mine.feedMade}
            </p>
          )}
          <Sure label={w.mine.feedMakeNew} text={w.mine.feedMakeSure} yes={w.mine.feedMakeYes} run={make} testid="feed-renew" />
        </>
      )}
      <Live text={copied === "yes" ? w.mine.copied : copied === "no" ? w.mine.copyFailed : made ? w.mine.feedMade : ""} />
    </section>
  );
}

function In(props: FeedsProps) {
  const house = useHouse();
  const w = useMineWords();
  const now = house.now.value;
  const [said, setSaid] = useState("");
  const form = useForm<{ address: string }>({
    initial: { address: "" },
    check: (v) => (isFeedAddress(v.address) ? {} : { address: w.mine.feedAddressRule }),
    async send(v) {
      props.asking.set(await house.api("POST /feeds", { body: { address: v.address.trim() } }));
      setSaid(w.mine.feedAdded);
      form.reset({ address: "" });
    },
    wordsFor: (_, field) => (field === "address" ? w.mine.feedAddressInside : undefined),
  });
  return (
    <section class="sk-feed" aria-labelledby="feed-in">
      <div class="sk-stack" data-gap="2">
        <h3 class="ds-heading" data-size="xs" id="feed-in">
          {w.mine.feedIn}
        </h3>
        <p class="sk-subtle">{w.mine.feedInText}</p>
      </div>
      {props.feeds.in.length === 0 ? (
        <p class="sk-subtle sk-small">{w.mine.feedInNone}</p>
      ) : (
        <ul class="sk-lines">
          {props.feeds.in.map((feed) => (
            <li key={feed.id} class="sk-away" data-testid="feed">
              <div class="sk-line__text">
                <b class="sk-break">{feed.host}</b>
                <span class="sk-subtle sk-small">
                  {feed.readAt === 0 ? w.mine.feedNever : `${w.mine.feedReadAt(whenSaid(w, feed.readAt, now))}, ${w.mine.feedBusy(feed.busy)}`}
                </span>
                {feed.since > 0 && <span class="sk-subtle sk-small">{w.mine.feedSince(whenSaid(w, feed.since, now))}</span>}
                {feed.fault !== "" && (
                  <span class="sk-problem">
                    <Icon name="info" size="sm" />
                    <span>{faultSaid(w, feed)}</span>
                  </span>
                )}
              </div>
              <Sure
                label={w.mine.feedRemove}
                name={w.mine.feedRemoveOf(feed.host)}
                text={w.mine.feedRemoveSure}
                yes={w.mine.feedRemoveYes}
                testid={`remove-${feed.id}`}
                run={async () => {
                  props.asking.set(await house.api("DELETE /feeds/{id}", { path: { id: feed.id } }));
                  setSaid(w.mine.feedRemoved);
                }}
              />
            </li>
          ))}
        </ul>
      )}
      <Done text={said} />
      <form ref={form.ref} class="sk-form" noValidate onSubmit={form.submit}>
        <TextField {...form.text("address")} label={w.mine.feedAddress} help={w.mine.feedAddressHelp} autoComplete="off" spellcheck={false} autoCapitalize="none" maxLength={2000} testid="feed-address" />
        <FormProblem form={form} />
        <p>
          <button class="ds-button" data-variant="secondary" type="submit" aria-busy={form.busy || undefined} data-testid="feed-add">
            {w.mine.feedAdd}
          </button>
        </p>
      </form>
    </section>
  );
}
