// The directory as these pages read it: whole lists, which are some tens or hundreds long.

import type { Client } from "../client";
import type { Agreement, Community, MachineClient, Organisation, Page, Staff } from "../wire";
import type { Directory } from "./missing";

/** Every item of a list, page after page. */
export async function everything<T>(page: (cursor: string) => Promise<Page<T>>): Promise<T[]> {
  const out: T[] = [];
  let cursor = "";
  do {
    const { items, next } = await page(cursor);
    out.push(...items);
    cursor = next;
  } while (cursor !== "");
  return out;
}

export const allOrganisations = (api: Client): Promise<Organisation[]> => everything((cursor) => api("GET /organisations", { query: { cursor } }));
export const allAgreements = (api: Client): Promise<Agreement[]> => everything((cursor) => api("GET /agreements", { query: { cursor } }));
export const allCommunities = (api: Client): Promise<Community[]> => everything((cursor) => api("GET /communities", { query: { cursor } }));

/** Those who work in an organisation. */
export const staffOf = (api: Client, organisation: string): Promise<Staff[]> => everything((cursor) => api("GET /staff", { query: { organisation, cursor } }));

/** The organisations whose people the reader may see: their own, or all where they act for the host. */
export function staffed(organisations: readonly Organisation[], own: string): Organisation[] {
  const atHost = organisations.some((o) => o.host && o.id === own);
  return organisations.filter((o) => atHost || o.id === own);
}

/** Those who work in several organisations, each once. */
export async function staffOfAll(api: Client, organisations: readonly Organisation[]): Promise<Staff[]> {
  const lists = await Promise.all(organisations.map((o) => staffOf(api, o.id)));
  return [...new Map(lists.flat().map((s) => [s.id, s])).values()];
}

/** The systems of several organisations. */
export async function machinesOf(api: Client, organisations: readonly Organisation[]): Promise<MachineClient[]> {
  const lists = await Promise.all(organisations.map((o) => api("GET /machines", { query: { organisation: o.id } })));
  return lists.flatMap((list) => list.items);
}

/** @param of whose people, by organisation; all whom the reader may see where it isn't given */
export async function wholeDirectory(api: Client, own: string, of?: readonly string[]): Promise<Directory> {
  const [organisations, agreements] = await Promise.all([allOrganisations(api), allAgreements(api)]);
  const wanted = staffed(organisations, own).filter((o) => !of || of.includes(o.id));
  return { organisations, agreements, staff: await staffOfAll(api, wanted) };
}
