// What the house's pages speak with the service about: generated from its API. Here only what
// it has no name for.

export type * from "../gen/api";

/** A page of a list. next is what to ask the next one by; empty: there is none. */
export interface Page<T> {
  items: T[];
  next: string;
}
