// What the steps to a new cooperation share.

import { Heading } from "../parts";

/** A step's question, and what it takes. */
export function StepHead(props: { readonly title: string; readonly lead: string }) {
  return (
    <header class="sk-stack" data-gap="2">
      <Heading>{props.title}</Heading>
      <p class="sk-lead">{props.lead}</p>
    </header>
  );
}
