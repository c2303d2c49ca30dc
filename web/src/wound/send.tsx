// Sending a photo as a file: by the patient, and by who treats where the call's camera is not used.

import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../ui/icon";
import { Button, Glyph, Message, ProblemLine, useReader } from "./parts";
import type { Problem } from "./state";

/** A picture from the telephone's camera or its album, looked at before it is sent. */
export function SendPhoto(props: { readonly wound: string; readonly title: string; readonly text: string }) {
  const { desk, w } = useReader();
  const [file, setFile] = useState<{ readonly file: File; readonly url: string } | null>(null);
  const [state, setState] = useState<"" | "busy" | "sent">("");
  const [problem, setProblem] = useState<Problem>("");
  const camera = useRef<HTMLInputElement>(null);
  const album = useRef<HTMLInputElement>(null);
  const alive = useRef(true);
  useEffect(() => () => void (alive.current = false), []);
  // What is looked at is given back when another one is, or when one leaves.
  useEffect(() => () => void (file && URL.revokeObjectURL(file.url)), [file]);
  const choose = (from: HTMLInputElement) => {
    const chosen = from.files?.[0];
    from.value = ""; // the same one may be chosen again
    if (!chosen) return;
    setFile({ file: chosen, url: URL.createObjectURL(chosen) });
    setState("");
    setProblem("");
  };
  const send = async () => {
    if (!file || state === "busy") return;
    setState("busy");
    setProblem("");
    const failed = await desk.sendFile(file.file, `${file.file.name} ${file.file.lastModified}`, props.wound);
    if (!alive.current) return;
    setProblem(failed);
    setState(failed === "" ? "sent" : "");
    if (failed !== "") return;
    setFile(null);
  };
  return (
    <section class="sk-wound__part sk-wound__send" aria-labelledby="own-send">
      <h2 class="ds-heading" data-size="xs" id="own-send">
        {props.title}
      </h2>
      {props.text !== "" && <p class="sk-subtle">{props.text}</p>}
      {/* Named kinds: an iPhone then makes a JPEG of its own kind. */}
      <input ref={camera} hidden type="file" accept="image/jpeg,image/png,image/webp" capture="environment" data-testid="own-camera" onChange={(event) => choose(event.currentTarget)} />
      <input ref={album} hidden type="file" accept="image/jpeg,image/png,image/webp" data-testid="own-file" onChange={(event) => choose(event.currentTarget)} />
      {file ? (
        <>
          <p>{w.look}</p>
          <img class="sk-wound__preview" src={file.url} alt={w.look} data-testid="own-preview" />
          {problem === "no-network" ? <Message kind="offline">{w.waitsPlain}</Message> : <ProblemLine problem={problem} />}
          <button class="ds-button sk-wound__save" type="button" data-fullwidth aria-disabled={state === "busy" || undefined} data-testid="own-send" onClick={() => void send()}>
            <Icon name="send" size="sm" />
            {state === "busy" ? w.sending : w.sendIt}
          </button>
          <Button kind="secondary" onClick={() => setFile(null)}>
            {w.another}
          </Button>
        </>
      ) : (
        <>
          <button class="ds-button sk-wound__save" type="button" data-fullwidth data-testid="own-take" onClick={() => camera.current?.click()}>
            <Glyph name="still" size="lg" />
            {w.takeOwn}
          </button>
          <Button kind="secondary" id="own-choose" onClick={() => album.current?.click()}>
            {w.chooseOwn}
          </Button>
        </>
      )}
      <p role="status" data-testid="own-sent">
        {state === "sent" && (
          <span class="sk-status" data-state="ready">
            <Icon name="check" size="xs" />
            {w.sent}
          </span>
        )}
      </p>
    </section>
  );
}
