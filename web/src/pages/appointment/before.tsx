// What a patient is asked for before the consultation: one line that leads there. It is never in
// the way: it comes when it is known, and joining is the button below as it was.

import { useEffect, useState } from "preact/hooks";
import { useWords } from "../../i18n/i18n";
import { useApp, useController } from "../../ui/app";
import { Icon } from "../../ui/icon";

/** How many forms and values wait; null: it is not known, or is not for this reader. */
function useWaiting(patient: string): number | null {
  const controller = useController();
  const [n, setN] = useState<number | null>(null);
  useEffect(() => {
    if (patient === "") return undefined;
    let gone = false;
    const read = async (): Promise<void> => {
      try {
        const api = await controller.service();
        const path = { id: patient };
        const [forms, asked] = await Promise.all([api("GET /patients/{id}/forms", { path }), api("GET /patients/{id}/asked", { path })]);
        if (gone) return;
        setN(forms.items.filter((f) => f.askedBy !== "" && (f.status === "asked" || f.status === "in-progress")).length + asked.items.filter((a) => a.status === "open").length);
      } catch {
        // The greeting is whole without it, and the page behind the line says what is wrong.
      }
    };
    const shown = (): void => {
      if (document.visibilityState === "visible") void read();
    };
    void read();
    // Back from what was asked for, also where the browser has kept the page as it was.
    document.addEventListener("visibilitychange", shown);
    window.addEventListener("pageshow", shown);
    return () => {
      gone = true;
      document.removeEventListener("visibilitychange", shown);
      window.removeEventListener("pageshow", shown);
    };
  }, [patient]);
  return n;
}

export function AskedBefore() {
  const app = useApp();
  const w = useWords();
  const { invitation } = app;
  const own = invitation?.role === "patient";
  const patient = own || invitation?.role === "relative" ? (invitation?.patient ?? "") : "";
  const n = useWaiting(patient);
  if (patient === "") return null;
  return (
    <ul class="sk-acts">
      <li>
        <a class="sk-act" href={own ? "/mine" : `/mine?patient=${encodeURIComponent(patient)}`} data-testid="to-mine" data-waiting={n ?? undefined}>
          <Icon name={n !== null && n > 0 ? "bell" : "user"} />
          {n !== null && n > 0 ? <b>{w.thingsBefore(n)}</b> : <span>{w.toMine(own)}</span>}
          <Icon name="right" size="sm" />
        </a>
      </li>
    </ul>
  );
}
