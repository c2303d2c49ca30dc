// One value to be entered with large keys or by a device, and one kind over time. The keypad, its
// queue and the trend are those of the call; here they stand without one.

import { useComputed } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { browserOf } from "../devices/browser";
import { Desk, DeskContext, Entry } from "../health";
import { useHealth } from "../health/host";
import { kindName, kindOf } from "../health/kinds";
import { createShelf } from "../health/shelf";
import { TrendView } from "../health/trend";
import { useHouse, type PageProps } from "../house/house";
import { Loading, Notice } from "../house/parts";
import { initialState } from "../state/state";
import { StateProvider } from "../ui/app";
import { Icon } from "../ui/icon";
import { useMineWords } from "./i18n/words";
import { Frame, onwards, usePatient } from "./parts";
import { courseText } from "./said";

/** 128 random bits. */
const key = (): string => [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");

function factory(): IDBFactory | undefined {
  try {
    return globalThis.indexedDB;
  } catch {
    return undefined; // forbidden: values are kept by the page alone
  }
}

/** The measurements' desk for a patient at home, and the state that their parts read. */
function AtHome(props: { readonly patient: string; readonly children: ComponentChildren }) {
  const house = useHouse();
  const state = useComputed(() => ({ ...initialState(), language: house.language.value, now: house.now.value }));
  const [desk, setDesk] = useState<Desk | null>(null);
  useEffect(() => {
    const d = new Desk({
      client: () => Promise.resolve(house.api),
      hear: () => () => undefined, // no call tells anything here
      say: () => false,
      patient: props.patient,
      consultation: "",
      self: "home",
      name: "",
      now: () => Date.now(),
      shelf: createShelf(factory()),
      key,
      online(tell) {
        window.addEventListener("online", tell);
        return () => window.removeEventListener("online", tell);
      },
    });
    d.open();
    setDesk(d);
    return () => d.close();
  }, [props.patient]);
  return (
    <StateProvider value={state}>
      {desk && <DeskContext.Provider value={desk}>{props.children}</DeskContext.Provider>}
    </StateProvider>
  );
}

export function MeasurePage({ params, query }: PageProps) {
  const { patient, own } = usePatient(query);
  return (
    <AtHome patient={patient}>
      <Measuring kind={params["kind"] ?? ""} patient={patient} own={own} />
    </AtHome>
  );
}

function useBack(patient: string, own: boolean) {
  const w = useMineWords();
  return { href: `/mine${onwards(patient, own)}`, text: own ? w.back : w.titleOf };
}

function Measuring(props: { readonly kind: string; readonly patient: string; readonly own: boolean }) {
  const { desk, state } = useHealth();
  const house = useHouse();
  const w = useMineWords();
  const language = house.language.value;
  const back = useBack(props.patient, props.own);
  const known = kindOf(state.kinds, props.kind) !== undefined;
  useEffect(() => {
    if (known) desk.choose(props.kind);
  }, [known, desk, props.kind]);
  const { saved } = state;
  const waits = saved && state.unsent.find((i) => i.key === saved.key);
  const ready = state.panel !== null && state.typed?.kind === props.kind;
  const sent = saved?.kind === props.kind && !waits;
  return (
    <Frame title={known ? w.measureTitle(kindName(state.kinds, props.kind, language)) : w.title} back={back}>
      {state.reading === "refused" || (state.panel && !known) ? (
        <Notice>{w.unknown}</Notice>
      ) : !ready ? (
        <Loading text={w.loading} />
      ) : (
        <>
          <p class="sk-mine__state" role="status" data-testid="value-state" data-sent={sent || undefined}>
            {sent ? w.sentValue : waits?.state === "waiting" ? w.keptValue : waits?.state === "sending" ? w.sendsValue : ""}
          </p>
          <Devices />
          <div class="sk-mine__entry">
            <Entry one save={w.save} />
          </div>
          {saved && (
            <a class="ds-button sk-second-button" data-variant="secondary" href={back.href} data-testid="ready">
              {w.ready}
            </a>
          )}
        </>
      )}
    </Frame>
  );
}

type Kit = typeof import("../bluetooth/index");

/** A device's values, where the browser can have them: nothing of it is loaded before it is pressed. */
function Devices() {
  const { desk } = useHealth();
  const house = useHouse();
  const w = useMineWords();
  const [kit, setKit] = useState<{ readonly parts: Kit; readonly devices: InstanceType<Kit["HealthDevices"]> } | null>(null);
  const able = useMemo(() => isSecureContext && "bluetooth" in navigator, []);
  useEffect(() => () => kit?.devices.close(), [kit]);
  if (!able) return null; // a keypad is there, and nothing is missed
  const open = async (): Promise<void> => {
    const parts = await import("../bluetooth/index").catch(() => null);
    if (!parts) return;
    const devices = new parts.HealthDevices({
      bluetooth: parts.bluetoothOf(navigator),
      secure: isSecureContext,
      browser: browserOf(navigator.userAgent, navigator.maxTouchPoints > 1),
      now: () => Date.now(),
      language: () => house.language.peek(),
      onReading: (values) => desk.take(values),
      onSample: () => undefined,
      records: parts.recordsOfThePage(),
    });
    void devices.start();
    setKit({ parts, devices });
  };
  if (!kit) {
    return (
      <button class="ds-button sk-second-button" data-variant="secondary" type="button" data-testid="device" onClick={() => void open()}>
        <Icon name="bt" />
        {w.device}
      </button>
    );
  }
  const { DevicePanel } = kit.parts;
  return <DevicePanel devices={kit.devices} language={house.language.value} now={() => Date.now()} onClose={() => setKit(null)} />;
}

export function ValuesPage({ params, query }: PageProps) {
  const { patient, own } = usePatient(query);
  return (
    <AtHome patient={patient}>
      <Course kind={params["kind"] ?? ""} patient={patient} own={own} />
    </AtHome>
  );
}

function Course(props: { readonly kind: string; readonly patient: string; readonly own: boolean }) {
  const { desk, state } = useHealth();
  const house = useHouse();
  const w = useMineWords();
  const language = house.language.value;
  const back = useBack(props.patient, props.own);
  const known = kindOf(state.kinds, props.kind);
  useEffect(() => {
    if (known) desk.openTrend(props.kind);
  }, [known !== undefined, desk, props.kind]);
  useEffect(() => {
    // The trend's own way back leads out of the page.
    if (known && state.trend === null && state.panel && opened.current) house.router.go(back.href);
    if (state.trend) opened.current = true;
  }, [state.trend === null]);
  const opened = useMemo(() => ({ current: false }), []);
  const course = courseText(w, known, state.panel?.rows.find((r) => r.kind === props.kind)?.recent ?? [], language);
  return (
    <Frame title={known ? kindName(state.kinds, props.kind, language) : w.title} back={back}>
      {state.reading === "refused" ? <Notice>{w.unknown}</Notice> : null}
      {props.own && course !== "" && (
        <p class="sk-lead" data-testid="course">
          {course}
        </p>
      )}
      {state.trend ? <div class="sk-mine__trend"><TrendView trend={state.trend} /></div> : <Loading text={w.loading} />}
    </Frame>
  );
}
