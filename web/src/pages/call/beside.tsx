// Who is beside one, off camera: everyone in the call may know who listens.

import { useState } from "preact/hooks";
import type { Companion } from "../../gen/protocol";
import { useWords } from "../../i18n/i18n";
import { useApp, useController } from "../../ui/app";
import { Icon } from "../../ui/icon";

const most = 6; // signaling/protocol Beside

/** Names with who they are, and a way to add and take away. */
export function BesideEditor() {
  const controller = useController();
  const app = useApp();
  const w = useWords();
  const [name, setName] = useState("");
  const [role, setRole] = useState("");
  const people = app.beside;
  const set = (next: readonly Companion[]) => controller.setBeside(next);
  return (
    <section class="sk-beside" aria-labelledby="beside">
      <h3 class="ds-heading" data-size="2xs" id="beside">
        {w.besideAsk}
      </h3>
      <p class="sk-subtle">{w.besideWhy}</p>
      {people.length > 0 && (
        <ul>
          {people.map((person, i) => (
            <li key={`${person.name}/${i}`}>
              <span>
                {person.name}
                {person.role !== "" && <span class="sk-subtle">, {person.role}</span>}
              </span>
              <button
                class="ds-button"
                data-variant="tertiary"
                data-size="sm"
                type="button"
                aria-label={w.removeBeside(person.name)}
                onClick={() => set(people.filter((_, at) => at !== i))}
              >
                <Icon name="x" size="xs" />
              </button>
            </li>
          ))}
        </ul>
      )}
      {people.length < most && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const trimmed = name.trim();
            if (trimmed === "") return;
            set([...people, { name: trimmed.slice(0, 80), role: role.trim().slice(0, 80) }]);
            setName("");
            setRole("");
          }}
        >
          <div class="sk-field">
            <label for="beside-name">{w.personName}</label>
            <input id="beside-name" class="sk-input" autocomplete="off" maxLength={80} value={name} onInput={(e) => setName(e.currentTarget.value)} />
          </div>
          <div class="sk-field">
            <label for="beside-role">{w.personRole}</label>
            <input
              id="beside-role"
              class="sk-input"
              autocomplete="off"
              maxLength={80}
              placeholder={w.personRoleHint}
              value={role}
              onInput={(e) => setRole(e.currentTarget.value)}
            />
          </div>
          <button class="ds-button" data-variant="secondary" type="submit">
            {w.add}
          </button>
        </form>
      )}
    </section>
  );
}

/** The nurse's list of who is in the room with her, in the place of a tile. */
export function WithMe(props: { readonly onEdit: () => void }) {
  const app = useApp();
  const w = useWords();
  return (
    <section class="sk-withme" aria-labelledby="with-me">
      <div class="sk-spread">
        <h2 class="ds-heading" data-size="2xs" id="with-me">
          {w.beside}
        </h2>
        <button class="sk-inline" type="button" onClick={props.onEdit}>
          {w.edit}
        </button>
      </div>
      {app.beside.length === 0 ? (
        <p class="sk-subtle">{w.nobodyBeside}</p>
      ) : (
        <ul>
          {app.beside.map((person, i) => (
            <li key={`${person.name}/${i}`}>
              {person.name}
              {person.role !== "" && <span>{person.role}</span>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
