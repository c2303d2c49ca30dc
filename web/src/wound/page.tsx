// The wounds on a page of their own, for who treats, outside of the call.

import { useMemo } from "preact/hooks";
import { useUnsaved } from "../house/form";
import { useHouse, type PageProps } from "../house/house";
import { PageHead, Refused } from "../house/parts";
import { useHouseDesk } from "./house-desk";
import { ReaderProvider, type Reader } from "./parts";
import { wordsOf } from "./reading";
import { WoundView } from "./view";
import "./wound.css";

/** /patients/{id}/wounds */
export function WoundsPage({ params }: PageProps) {
  const patient = params["id"] ?? "";
  return <WoundsOf key={patient} patient={patient} />;
}

function WoundsOf(props: { readonly patient: string }) {
  const house = useHouse();
  const { patient } = props;
  const desk = useHouseDesk(patient);
  const language = house.language.value;
  const now = house.now.value;
  const w = wordsOf(language);
  const reader: Reader = useMemo(() => ({ desk, w, language, now, dense: false, responsible: "", show: null }), [desk, w, language, now]);
  const state = desk.state.value;
  useUnsaved(Object.keys(state.begun).length > 0);
  return (
    <div class="sk-page">
      <PageHead title={w.titleOf} back={{ href: `/patients/${encodeURIComponent(patient)}`, text: w.toPatient }} />
      {state.reading === "refused" ? (
        <Refused error={state.error} />
      ) : (
        <ReaderProvider value={reader}>
          <WoundView whole />
        </ReaderProvider>
      )}
    </div>
  );
}
