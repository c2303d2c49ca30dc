// The stage: the large picture, the others below or beside it, all at fixed places. Tiles
// keep their order in the document when another becomes the large one, so that no picture
// stops; the grid alone moves them.

import type { ComponentChildren } from "preact";
import type { Role } from "../../gen/protocol";
import { useWords } from "../../i18n/i18n";
import { presentPeople, tiles } from "../../state/view";
import { useApp } from "../../ui/app";
import { Icon } from "../../ui/icon";
import { Sound } from "../../ui/media";
import { isStaff } from "../../ui/people";
import { DrawBar, ShownPhoto } from "./draw";
import { Corner, Tile } from "./tile";

/** How many columns and rows the small tiles take. */
export function rowsFor(small: number, layout: "cp" | "cn" | "cs"): { readonly columns: number; readonly rows: number } {
  if (small === 0) return { columns: 1, rows: 0 };
  const most = layout === "cp" ? (small === 4 ? 2 : 3) : layout === "cn" ? 4 : 5;
  const rows = Math.ceil(small / most);
  return { columns: Math.ceil(small / rows), rows };
}

export function Stage(props: { readonly layout: "cp" | "cn" | "cs"; readonly own: Role; readonly children?: ComponentChildren }) {
  const app = useApp();
  const w = useWords();
  const call = app.call;
  if (!call) return null;
  const all = tiles(app);
  const corner = props.layout === "cs" ? undefined : all.find((t) => t.self && t.source === "camera");
  const shown = all.filter((t) => t !== corner);
  const alone = !shown.some((t) => t.large);
  const small = shown.filter((t) => !t.large).length + (props.children ? 1 : 0);
  const { columns, rows } = rowsFor(small, props.layout);
  return (
    <section
      class="sk-call__stage"
      aria-label={w.pictures}
      data-small={small}
      data-rows={rows}
      style={{ "--sk-n": String(columns), "--sk-cols": String(Math.max(4, columns)), "--sk-fold": String(Math.min(3, Math.max(1, small))), "--sk-small-rows": String(Math.max(1, small)) }}
    >
      {alone && (
        <div class="sk-tile sk-tile--empty" data-large>
          <div>
            <Icon name="people" size="lg" />
            <h2 class="ds-heading" data-size="xs">
              {w.alone}
            </h2>
            <p class="sk-subtle">{isStaff(props.own) ? w.aloneStaff : w.alonePatient}</p>
          </div>
          <ShownPhoto />
          <DrawBar />
        </div>
      )}
      {shown.map((tile) => (
        <Tile key={tile.key} tile={tile} person={call.participants.find((p) => p.id === tile.participant)} />
      ))}
      {corner && <Corner tile={corner} />}
      {props.children}
      {presentPeople(call)
        .filter((p) => p.id !== call.self)
        .map((p) => (
          <Sound key={p.id} participant={p.id} name={p.name} role={p.role} />
        ))}
    </section>
  );
}
