// The directory as these pages read it: whole lists, which are some tens or hundreds long.

import type { Client } from "../client";
import type { Agreement, Community, MachineClient, Organisation, Page, Staff } from "../wire";
import type { Directory } from "./missing";

const atOnce = "1000"; // the longest page that the service gives

/** Every item of a list, page after page. */
export async function everything<T>(page: (query: { readonly cursor: string; readonly limit: string }) => Promise<Page<T>>): Promise<T[]> {
  const out: T[] = [];
  let cursor = "";
  do {
    const { items, next } = await page({ cursor, limit: atOnce });
    out.push(...items);
    cursor = next;
  } while (cursor !== "");
  return out;
}

export const allOrganisations = (api: Client): Promise<Organisation[]> => everything((query) => api("GET /organisations", { query }));
export const allAgreements = (api: Client): Promise<Agreement[]> => everything((query) => api("GET /agreements", { query }));
export const allCommunities = (api: Client): Promise<Community[]> => everything((query) => api("GET /communities", { query }));

/** Those who work in an organisation. */
export const staffOf = (api: Client, organisation: string): Promise<Staff[]> => everything((page) => api("GET /staff", { query: { organisation, ...page } }));

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
