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
export const allMachines = (api: Client): Promise<MachineClient[]> => everything((cursor) => api("GET /machines", { query: { cursor } }));

/** Those who work in an organisation; "" for all whom the reader may see. */
export const allStaff = (api: Client, organisation = ""): Promise<Staff[]> => everything((cursor) => api("GET /staff", { query: { organisation, cursor } }));

export async function wholeDirectory(api: Client): Promise<Directory> {
  const [organisations, agreements, staff] = await Promise.all([allOrganisations(api), allAgreements(api), allStaff(api)]);
  return { organisations, agreements, staff };
}
