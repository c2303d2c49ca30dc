// The wound in the call's panel: the tab "Sår". The nurse's opens on the camera, the others' on what is
// known.

import { useMemo } from "preact/hooks";
import type { Language } from "../gen/protocol";
import type { WoundDesk } from "./desk";
import { NurseWound, type NurseProps } from "./nurse";
import { ReaderProvider, type Reader } from "./parts";
import { wordsOf } from "./reading";
import { WoundView } from "./view";

export interface WoundTabProps extends NurseProps {
  readonly desk: WoundDesk;
  readonly language: Language;
  /** The service's clock, ms; it is drawn anew when this changes, each half minute or so. */
  readonly now: number;
  /** Whoever holds the tablet takes photos and assesses. */
  readonly entry: boolean;
  /** Who answers for the treatment, by name. */
  readonly responsible: string;
  readonly show: Reader["show"];
}

export function WoundTab(props: WoundTabProps) {
  const { desk, language, now, entry, responsible, show } = props;
  const reader: Reader = useMemo(() => ({ desk, w: wordsOf(language), language, now, dense: !entry, responsible, show }), [desk, language, now, entry, responsible, show]);
  return <ReaderProvider value={reader}>{entry ? <NurseWound takeStill={props.takeStill} /> : <WoundView whole={false} />}</ReaderProvider>;
}
