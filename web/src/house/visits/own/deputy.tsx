// Another in one's place: a colleague of the same role where one works.

import { useEffect } from "preact/hooks";
import { FormProblem, SelectField, SubmitButton, useForm } from "../../form";
import { useAsked } from "../../asked";
import { ApiError } from "../../client";
import { useHouse } from "../../house";
import { Shown } from "../../parts";
import type { Booking, Colleague } from "../../wire";
import { deputies } from "./answers";
import { useMineWords } from "./i18n/words";

interface DeputyProps {
  readonly booking: Booking;
  readonly onSent: (booking: Booking, name: string) => void;
  readonly onCancel: () => void;
}

export function DeputyForm(props: DeputyProps) {
  const { api } = useHouse();
  const w = useMineWords();
  const asking = useAsked(() => api("GET /colleagues"), []);
  return (
    <div class="sk-asked__more">
      <Shown of={asking} loading={w.mine.deputyLoading} rows={2}>
        {({ items }) => {
          const who = deputies(props.booking, items);
          return who.length === 0 ? <p class="sk-subtle">{w.mine.deputyNone}</p> : <Choose {...props} who={who} />;
        }}
      </Shown>
    </div>
  );
}

function Choose(props: DeputyProps & { readonly who: readonly Colleague[] }) {
  const { api } = useHouse();
  const w = useMineWords();
  const name = (id: string): string => props.who.find((c) => c.person === id)?.name ?? "";
  const form = useForm<{ person: string }>({
    initial: { person: "" },
    check: (v) => (v.person === "" ? { person: w.mine.deputyChoose } : {}),
    async send(v) {
      props.onSent(await api("POST /bookings/{id}/deputy", { path: { id: props.booking.id }, body: { participant: "", person: v.person } }), name(v.person));
    },
    fieldFor: (field, err) => (err instanceof ApiError && err.code === "taken" ? "person" : field),
    wordsFor: (err) => (err instanceof ApiError && err.code === "taken" ? w.mine.deputyBusy(err.problem?.taken?.[0]?.name ?? "") : undefined),
  });
  useEffect(() => {
    const first = form.ref.current?.elements.namedItem("person");
    if (first instanceof HTMLElement) first.focus();
  }, []);
  return (
    <form ref={form.ref} class="sk-form" noValidate onSubmit={form.submit} data-testid="deputy-form">
      <p class="sk-subtle sk-small">{w.mine.deputyText}</p>
      <SelectField
        {...form.text("person")}
        label={w.mine.deputyWho}
        testid="deputy-who"
        options={[{ value: "", text: w.mine.deputyChoose }, ...props.who.map((c) => ({ value: c.person, text: [c.name, c.title, c.unit].filter((x) => x !== "").join(", ") }))]}
      />
      <FormProblem form={form} />
      <div class="sk-row sk-wrap">
        <SubmitButton form={form} testid="deputy-send">
          {w.mine.deputySend}
        </SubmitButton>
        <button class="ds-button" data-variant="tertiary" type="button" onClick={props.onCancel}>
          {w.house.cancel}
        </button>
      </div>
    </form>
  );
}
