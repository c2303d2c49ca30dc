// A field that finds one of many by what is typed: names, the fewer the more letters (WAI-ARIA
// combobox with a list). Enter takes the one that is marked, and goes on.

import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Icon } from "../../ui/icon";
import { matches } from "../admin/people";

export interface Found {
  readonly value: string;
  readonly text: string;
  readonly about?: string;
}

const mostShown = 30; // lines: whoever has more types another letter

export function Combobox(props: {
  readonly label: string;
  readonly name: string;
  readonly chosen: Found | null;
  readonly options: readonly Found[];
  readonly onChoose: (value: string) => void;
  /** Goes on to what comes next, after Enter has chosen. */
  readonly onDone?: () => void;
  readonly none: string; // what is said where nothing is found
  readonly error?: string;
  readonly help?: string;
  /** The first is marked before anything is typed. */
  readonly first?: boolean;
  readonly labelHidden?: boolean;
}) {
  const { chosen, options, name } = props;
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null); // null: what is chosen stands
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const list = useRef<HTMLUListElement>(null);
  const query = (typed ?? "").trim();
  const hits = (query === "" ? options : options.filter((o) => matches(`${o.text} ${o.about ?? ""}`, query))).slice(0, mostShown);
  const value = typed ?? chosen?.text ?? "";

  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [active]);

  const close = (): void => {
    setOpen(false);
    setActive(-1);
  };
  const take = (option: Found): void => {
    setTyped(null);
    close();
    props.onChoose(option.value);
  };
  const show = (at: number): void => {
    setOpen(true);
    setActive(at);
  };
  const described = [props.help ? `${id}-help` : "", props.error ? `${id}-error` : ""].filter(Boolean).join(" ");

  return (
    <div class="sk-field sk-combo">
      <label for={id} class={props.labelHidden ? "ds-sr-only" : undefined}>
        {props.label}
      </label>
      {props.help && (
        <p class="sk-field__help" id={`${id}-help`}>
          {props.help}
        </p>
      )}
      <div class="sk-combo__box">
        <input
          id={id}
          name={name}
          class="sk-input"
          type="text"
          role="combobox"
          autocomplete="off"
          spellcheck={false}
          aria-expanded={open}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={open && active >= 0 && hits[active] ? `${id}-${active}` : undefined}
          aria-invalid={props.error ? true : undefined}
          aria-describedby={described || undefined}
          data-testid={name}
          value={value}
          onFocus={(event) => {
            event.currentTarget.select();
            if (!chosen) show(props.first ? 0 : -1);
          }}
          onInput={(event) => {
            setTyped(event.currentTarget.value);
            show(event.currentTarget.value.trim() === "" ? (props.first ? 0 : -1) : 0);
          }}
          onBlur={() => {
            close();
            if (typed === null) return;
            const [only, more] = hits;
            if (query === "") props.onChoose("");
            else if (only && !more) props.onChoose(only.value);
            setTyped(null);
          }}
          onKeyDown={(event) => {
            if (event.key === "ArrowDown" || event.key === "ArrowUp") {
              event.preventDefault();
              const by = event.key === "ArrowDown" ? 1 : -1;
              show(open ? Math.min(Math.max(active + by, 0), hits.length - 1) : 0);
            } else if (event.key === "Enter") {
              const hit = open ? hits[active] : undefined;
              if (!hit) return; // the form's own
              event.preventDefault();
              event.stopPropagation();
              take(hit);
              props.onDone?.();
            } else if (event.key === "Tab" && !event.shiftKey && open && typed !== null && hits[active]) {
              take(hits[active]); // and the focus goes where it goes
            } else if (event.key === "Escape" && open) {
              event.preventDefault();
              setTyped(null);
              close();
            }
          }}
        />
        <Icon name="search" size="sm" />
        <ul class="sk-combo__list" id={`${id}-list`} role="listbox" aria-label={props.label} ref={list} hidden={!open}>
          {hits.map((option, i) => (
            <li
              key={option.value}
              id={`${id}-${i}`}
              role="option"
              aria-selected={i === active}
              // Before the field loses focus, which closes the list.
              onPointerDown={(event) => {
                event.preventDefault();
                take(option);
                props.onDone?.();
              }}
            >
              <b>{option.text}</b>
              {option.about && <span class="sk-subtle">{option.about}</span>}
            </li>
          ))}
          {hits.length === 0 && (
            <li class="sk-subtle" role="option" aria-selected={false} aria-disabled="true">
              {props.none}
            </li>
          )}
        </ul>
      </div>
      {props.error && (
        <p class="sk-problem" id={`${id}-error`}>
          <Icon name="info" size="sm" />
          <span>{props.error}</span>
        </p>
      )}
    </div>
  );
}
