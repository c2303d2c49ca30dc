// Equipment that is booked like a person: added, renamed, and taken out of use.

import { useRef, useState } from "preact/hooks";
import { Icon } from "../../ui/icon";
import { useAsked } from "../asked";
import { FormProblem, SelectField, SubmitButton, TextField, useForm, useUnsaved } from "../form";
import { useHouse, useMay, useSession } from "../house";
import { Empty, PageHead, Shown } from "../parts";
import { problemWords } from "../problems";
import type { Equipment } from "../wire";
import { useBookingWords } from "./i18n/words";
import "./booking.css";

const kinds: readonly Equipment["kind"][] = ["tablet", "head-camera", "other"];
type Body = Omit<Equipment, "id" | "version">;

export function EquipmentPage() {
  const w = useBookingWords();
  const house = useHouse();
  const mayWrite = useMay("calendar.write");
  const own = useSession().act?.organisation ?? "";
  const asking = useAsked(() => house.api("GET /equipment"), []);
  const [open, setOpen] = useState<string | null>(null); // id that is changed; "": a new one
  const items = asking.asked.status === "ready" ? asking.asked.value.items : [];
  const took = (one: Equipment): void => {
    asking.set({ items: items.some((e) => e.id === one.id) ? items.map((e) => (e.id === one.id ? one : e)) : [...items, one] });
    setOpen(null);
  };
  const add = mayWrite && (
    <button class="ds-button" data-size="sm" type="button" aria-expanded={open === ""} data-testid="add-equipment" onClick={() => setOpen("")}>
      <Icon name="plus" size="sm" />
      {w.kit.add}
    </button>
  );
  return (
    <div class="sk-page sk-booking" data-size="sm">
      <PageHead title={w.kit.title} lead={w.kit.lead} back={{ href: "/calendar", text: w.backToCalendar }}>
        {add}
      </PageHead>
      {open === "" && <EquipmentForm start={{ organisation: own, unit: "", name: "", kind: "tablet", active: true }} send={(body) => house.api("POST /equipment", { body })} took={took} close={() => setOpen(null)} />}
      <Shown of={asking} loading={w.kit.loading} rows={4}>
        {(list) =>
          list.items.length === 0 && open !== "" ? (
            <Empty title={w.kit.none} text={w.kit.noneText} />
          ) : (
            <ul class="sk-lines">
              {list.items.map((one) =>
                open === one.id ? (
                  <li key={one.id}>
                    <EquipmentForm start={one} send={(body) => house.api("PUT /equipment/{id}", { path: { id: one.id }, version: one.version, body })} took={took} close={() => setOpen(null)} />
                  </li>
                ) : (
                  <EquipmentLine key={one.id} one={one} may={mayWrite && one.organisation === own} change={() => setOpen(one.id)} took={took} />
                ),
              )}
            </ul>
          )
        }
      </Shown>
    </div>
  );
}

function EquipmentLine(props: { readonly one: Equipment; readonly may: boolean; readonly change: () => void; readonly took: (one: Equipment) => void }) {
  const w = useBookingWords();
  const house = useHouse();
  const { one } = props;
  const [problem, setProblem] = useState<unknown>(null);
  const busy = useRef(false);
  const turn = async (): Promise<void> => {
    if (busy.current) return;
    busy.current = true;
    setProblem(null);
    const { id, version, ...body } = one;
    try {
      props.took(await house.api("PUT /equipment/{id}", { path: { id }, version, body: { ...body, active: !one.active } }));
    } catch (err) {
      setProblem(err);
    } finally {
      busy.current = false;
    }
  };
  return (
    <li class="sk-who" data-testid={`equipment-${one.id}`}>
      <div class="sk-who__who">
        <b>{one.name}</b>
        <span class="sk-subtle sk-small">{[w.kit.kindOf(one.kind), one.active ? "" : w.kit.retired].filter(Boolean).join(", ")}</span>
        {problem !== null && (
          <span class="sk-problem" role="alert">
            <Icon name="info" size="sm" />
            {problemWords(w, problem)}
          </span>
        )}
      </div>
      {props.may && (
        <div class="sk-who__do">
          <button class="ds-button" data-size="sm" data-variant="tertiary" type="button" aria-label={w.kit.renameOf(one.name)} data-testid={`rename-${one.id}`} onClick={props.change}>
            {w.kit.rename}
          </button>
          <button class="ds-button" data-size="sm" data-variant="tertiary" type="button" aria-label={one.active ? w.kit.retireOf(one.name) : w.kit.restoreOf(one.name)} data-testid={`retire-${one.id}`} onClick={() => void turn()}>
            {one.active ? w.kit.retire : w.kit.restore}
          </button>
        </div>
      )}
    </li>
  );
}

function EquipmentForm(props: { readonly start: Body; readonly send: (body: Body) => Promise<Equipment>; readonly took: (one: Equipment) => void; readonly close: () => void }) {
  const w = useBookingWords();
  const form = useForm({
    initial: { name: props.start.name, kind: props.start.kind as string },
    check: ({ name }) => (name.trim() === "" ? { name: w.kit.nameMissing } : {}),
    async send({ name, kind }) {
      const { organisation, unit, active } = props.start;
      props.took(await props.send({ organisation, unit, active, name: name.trim(), kind: kind as Equipment["kind"] }));
    },
  });
  useUnsaved(form.dirty);
  return (
    <form ref={form.ref} class="sk-box sk-panel" noValidate onSubmit={form.submit}>
      <div class="sk-fields">
        <TextField {...form.text("name")} label={w.kit.name} maxLength={80} autoComplete="off" testid="equipment-name" />
        <SelectField {...form.text("kind")} label={w.kit.kind} options={kinds.map((kind) => ({ value: kind, text: w.kit.kindOf(kind) }))} testid="equipment-kind" />
      </div>
      <FormProblem form={form} />
      <div class="sk-row sk-wrap">
        <SubmitButton form={form} testid="equipment-save">
          {w.save}
        </SubmitButton>
        <button class="ds-button" data-variant="tertiary" type="button" onClick={props.close}>
          {w.cancel}
        </button>
      </div>
    </form>
  );
}
