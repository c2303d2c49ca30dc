// What has been done, said in place; it takes the focus, because what was pressed is often gone.

import { useEffect, useRef } from "preact/hooks";
import { Notice } from "../../parts";

export function Done(props: { readonly text: string }) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (props.text !== "") ref.current?.focus();
  }, [props.text]);
  if (props.text === "") return null;
  return (
    <div ref={ref} class="sk-done" tabIndex={-1}>
      <Notice icon="check">{props.text}</Notice>
    </div>
  );
}
