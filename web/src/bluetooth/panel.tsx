// What the nurse's button "Apparat" opens: one large button, the devices that are connected, what
// they kept from before, and help. It draws what HealthDevices tells; the connections are not its own,
// so that values go on coming when the panel is closed.

import "./devices.css";
import type { ReadonlySignal } from "@preact/signals";
import type { Language } from "../gen/protocol";
import { clock, distance, moment, sameDay, timeWords } from "../i18n/time";
import { Icon, type IconName } from "../ui/icon";
import { tolerance } from "./clock";
import type { Devices, DevicesState, DeviceView, Offer, Shown } from "./devices";
import type { HealthService } from "./gatt";
import { deviceWords, numberText, unitOf, valueText, type DeviceWords } from "./i18n/words";

export interface DevicePanelProps {
  readonly devices: Devices;
  readonly language: Language;
  readonly now: () => number; // ms since 1970, UTC
  /** Back to entry by hand; left out: there is no way back to show. */
  readonly onClose?: () => void;
}

interface Drawn {
  readonly w: DeviceWords;
  readonly language: Language;
  readonly now: number;
}

const lowBattery = 20; // per cent
const day = 24 * 60 * 60_000; // ms

/** "Blodtrykk 148/86 mmHg, Puls 71 /min" */
const spoken = ({ w, language }: Drawn, shown: readonly Shown[]): string => shown.map((s) => `${w.kinds[s.kind]} ${valueText(language, s.kind, s.values)}`).join(", ");

/** Today's as "10.11". */
function timeText({ language, now }: Drawn, at: number): string {
  const t = timeWords[language];
  return sameDay(at, now) ? clock(t, at) : moment(t, at);
}

const titleOf = (w: DeviceWords, d: DeviceView): string => (d.service ? w.devices[d.service] : d.name || w.nameless);

function Values({ of: d, shown }: { readonly of: Drawn; readonly shown: readonly Shown[] }) {
  return (
    <dl class="sk-device__values">
      {shown.map((s) => (
        <div key={s.kind} data-kind={s.kind}>
          <dt>{d.w.kinds[s.kind]}</dt>
          <dd class="sk-num">
            <b>{numberText(d.language, s.values)}</b> {unitOf(s.kind)}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function statusOf(w: DeviceWords, d: DeviceView, offers: boolean): { readonly icon: IconName; readonly word: string; readonly state?: "ready" | "new" } {
  switch (d.status) {
    case "connecting":
      return { icon: "refresh", word: w.connecting };
    case "connected":
      return { icon: "refresh", word: w.asking };
    case "waiting":
      if (offers) return { icon: "bell", word: w.storedBelow, state: "new" };
      return d.live.length > 0 ? { icon: "voice", word: w.measuring, state: "new" } : { icon: "check", word: w.waiting, state: "ready" };
    case "lost":
      return { icon: "refresh", word: w.lost };
    case "failed":
      return { icon: "x", word: w.failed };
    default: {
      const never: never = d.status;
      return never;
    }
  }
}

function clockText({ w, language }: Drawn, ahead: number): string {
  const by = Math.abs(ahead) > 2 * day ? w.manyDays : distance(timeWords[language], ahead);
  return ahead > 0 ? w.clockAhead(by) : w.clockBehind(by);
}

function Device({ of: d, device, devices, offers }: { readonly of: Drawn; readonly device: DeviceView; readonly devices: Devices; readonly offers: boolean }) {
  const { w } = d;
  const title = titleOf(w, device);
  const status = statusOf(w, device, offers);
  const model = [device.maker, device.model || device.name].filter(Boolean).join(" ");
  const shown = device.live.length > 0 ? device.live : device.last?.shown;
  const warning = device.failure ? w.failures[device.failure] : device.fault ? w.faults[device.fault] : null;
  return (
    <li class="sk-device" data-testid="device" data-status={device.status} data-service={device.service ?? ""}>
      <div class="sk-spread">
        <h3 class="ds-heading" data-size="2xs">{title}</h3>
        <button class="ds-button" data-variant="tertiary" type="button" data-testid="device-remove" aria-label={w.removeNamed(title)} onClick={() => devices.remove(device.id)}>
          {w.remove}
        </button>
      </div>
      <p class="sk-device__model sk-small sk-subtle">
        {model !== title && <span>{model}</span>}
        {device.battery !== null && <span data-low={device.battery <= lowBattery || undefined}>{device.battery <= lowBattery ? w.batteryLow(device.battery) : w.battery(device.battery)}</span>}
      </p>
      <p class="sk-status" role="status" data-state={status.state} data-testid="device-status">
        <Icon name={status.icon} size="xs" />
        {status.word}
      </p>
      {shown && <Values of={d} shown={shown} />}
      {device.last && device.live.length === 0 && <p class="sk-small sk-subtle">{[w.measuredAt(timeText(d, device.last.at)), ...device.last.marks.map((m) => w.marks[m])].join(" · ")}</p>}
      {warning && (
        <p class="sk-device__warning" role="status" data-testid="device-warning">
          <Icon name="info" size="sm" />
          <span>{warning}</span>
        </p>
      )}
      {device.clockAhead !== null && Math.abs(device.clockAhead) > tolerance && <p class="sk-small sk-subtle">{clockText(d, device.clockAhead)}</p>}
      {device.status === "failed" && (
        <div class="sk-device__buttons">
          <button class="ds-button" data-variant="secondary" type="button" data-testid="device-retry" aria-label={`${w.tryAgain}: ${title}`} onClick={() => devices.retry(device.id)}>
            {w.tryAgain}
          </button>
        </div>
      )}
    </li>
  );
}

function whenText(d: Drawn, { measuredAt, marks }: Offer): string {
  if (measuredAt === null) return d.w.storedUntimed;
  const time = timeText(d, measuredAt);
  return marks.includes("clock-off") ? d.w.measuredAt(time) : d.w.storedAt(time);
}

function Offered({ of: d, offer, devices }: { readonly of: Drawn; readonly offer: Offer; readonly devices: Devices }) {
  const { w } = d;
  const what = spoken(d, offer.shown);
  const button = (word: string, testid: string, variant: string, press: () => void) => (
    <button class="ds-button" data-variant={variant} type="button" data-testid={testid} aria-label={`${word}: ${what}`} onClick={press}>
      {word}
    </button>
  );
  return (
    <li class="sk-device" data-testid="device-offer">
      <Values of={d} shown={offer.shown} />
      <p class="sk-small">{whenText(d, offer)}</p>
      {offer.marks.length > 0 && <p class="sk-small sk-subtle">{offer.marks.map((m) => w.marks[m]).join(" · ")}</p>}
      <div class="sk-device__buttons">
        {offer.measuredAt !== null && button(w.useThen, "offer-then", "secondary", () => devices.accept(offer.id, "then"))}
        {offer.perhapsNow && button(w.useNow, "offer-now", "secondary", () => devices.accept(offer.id, "now"))}
        {button(w.decline, "offer-decline", "tertiary", () => devices.decline(offer.id))}
      </div>
    </li>
  );
}

function Notice({ icon, title, text }: { readonly icon: IconName; readonly title?: string; readonly text: string }) {
  return (
    <div class="sk-notice" data-kind="offline" role="status">
      <Icon name={icon} />
      {title && <b>{title}</b>}
      <p>{text}</p>
    </div>
  );
}

/** The large button, and how the last press of it ended. */
function Choose({ of: { w }, state, devices }: { readonly of: Drawn; readonly state: DevicesState; readonly devices: Devices }) {
  if (state.support !== "ready") {
    const { title, text } = w.withoutBluetooth[state.support];
    return <Notice icon="info" title={title} text={`${text} ${w.byHand}`} />;
  }
  const more = state.devices.length > 0;
  return (
    <>
      {!more && <p class="sk-body">{w.lead}</p>}
      {/* Never disabled: a disabled button loses the focus that the browser's list gives back. */}
      <button class="ds-button sk-devices__choose" data-variant={more ? "secondary" : "primary"} type="button" data-testid="device-choose" aria-busy={state.choosing || undefined} onClick={() => void devices.choose()}>
        <Icon name="bt" />
        {state.choosing ? w.choosing : more ? w.chooseMore : w.choose}
      </button>
      {state.ended && <Notice icon="info" text={state.ended === "none" ? w.nothingChosen : w.failures[state.ended]} />}
      {state.known.length > 0 && (
        <div class="sk-stack" data-gap="2">
          <h3 class="ds-heading" data-size="2xs">{w.known}</h3>
          {state.known.map((d) => (
            <button key={d.id} class="ds-button" data-variant="secondary" type="button" data-testid="device-known" onClick={() => devices.connectKnown(d.id)}>
              {w.connectKnown(d.name || w.nameless)}
            </button>
          ))}
        </div>
      )}
    </>
  );
}

function Help({ w }: { readonly w: DeviceWords }) {
  return (
    <details class="sk-devices__help" data-testid="device-help">
      <summary>{w.help}</summary>
      <p>{w.helpAll}</p>
      {(Object.keys(w.helpFor) as HealthService[]).map((service) => (
        <section key={service}>
          <h3 class="ds-heading" data-size="2xs">{w.devices[service]}</h3>
          <ul>
            {w.helpFor[service].map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ul>
        </section>
      ))}
    </details>
  );
}

/** A reading that has come, for who doesn't see it. What runs would speak without end. */
function Announced({ of: d, state }: { readonly of: Drawn; readonly state: ReadonlySignal<DevicesState> }) {
  const latest = state.value.devices.flatMap((device) => (device.last && !device.last.marks.includes("median") ? [device.last] : [])).sort((a, b) => b.at - a.at)[0];
  return (
    <p class="ds-sr-only" role="status">
      {latest && spoken(d, latest.shown)}
    </p>
  );
}

export function DevicePanel({ devices, language, now, onClose }: DevicePanelProps) {
  const state = devices.state.value;
  const w = deviceWords[language];
  const d: Drawn = { w, language, now: now() };
  return (
    <section class="sk-devices" aria-labelledby="devices-title" data-testid="devices">
      <div class="sk-spread">
        <h2 class="ds-heading" data-size="xs" id="devices-title">{w.title}</h2>
        {onClose && (
          <button class="ds-button" data-variant="tertiary" type="button" data-testid="devices-close" onClick={onClose}>
            <Icon name="left" size="sm" />
            {w.close}
          </button>
        )}
      </div>
      <Announced of={d} state={devices.state} />
      <Choose of={d} state={state} devices={devices} />
      {state.devices.length > 0 && (
        <ul class="sk-devices__list">
          {state.devices.map((device) => (
            <Device key={device.id} of={d} device={device} devices={devices} offers={state.offers.some((o) => o.device === device.id)} />
          ))}
        </ul>
      )}
      {state.offers.length > 0 && (
        <section class="sk-stack" data-gap="2" aria-labelledby="devices-stored">
          <h3 class="ds-heading" data-size="2xs" id="devices-stored">{w.stored}</h3>
          <p class="sk-small sk-subtle">{w.storedWhy}</p>
          <ul class="sk-devices__list">
            {state.offers.map((offer) => (
              <Offered key={offer.id} of={d} offer={offer} devices={devices} />
            ))}
          </ul>
        </section>
      )}
      <Help w={w} />
    </section>
  );
}
