// A time of the day that is typed: "8.30", "0830", "08:30". Not the browser's own field, which
// shows AM and PM wherever the browser speaks English.

import { minutesIn } from "../../../i18n/norway";
import { fieldTime } from "../../day";
import { TextField, type FieldOf } from "../../form";
import { useMineWords, type MineWords } from "./i18n/words";

/** A finished time as the reader's language writes it; what is being typed as it stands. */
export function shownTime(w: MineWords, value: string): string {
  return /^\d\d:\d\d$/.test(value) ? w.house.clock(value.slice(0, 2), value.slice(3)) : value;
}

/** What is typed, finished: "8.3" stays, "830" is "08:30". */
export function finishedTime(typed: string): string {
  const minutes = minutesIn(typed);
  return minutes === null ? typed.trim() : fieldTime(minutes);
}

export function TimeField(props: FieldOf<string> & { readonly label: string; readonly testid?: string }) {
  const w = useMineWords();
  const { value, onValue } = props;
  return (
    <div
      onFocusOut={() => {
        if (finishedTime(value) !== value) onValue(finishedTime(value));
      }}
    >
      <TextField {...props} value={shownTime(w, value)} inputMode="numeric" autoComplete="off" maxLength={5} class="sk-until__field" />
    </div>
  );
}
