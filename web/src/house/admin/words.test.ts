import { describe, expect, test } from "vitest";
import type { Agreement } from "../wire";
import { agreementSaid, grantWords, newAgreement, withPlaces } from "./agreement-form";
import { everything, staffed } from "./directory";
import { adminWords } from "./i18n/words";
import { newOrganisation, organisationSaid, withPlaces as withContacts } from "./organisation-form";

const w = adminWords.nn;
const name = (id: string): string => ({ hf: "Fjord sjukehus", k: "Fjordvik kommune" })[id] ?? id;

describe("an agreement in words", () => {
  test("says what one may do with the other, in the order of the page and not of the list", () => {
    expect(grantWords(w, { to: "k", may: ["see", "book"], actFor: true }, "Fjord sjukehus")).toBe(
      "bestille tid hos folka i Fjord sjukehus, sjå pasientar i Fjord sjukehus som har sagt ja til det og gjere det òg på vegner av Fjord sjukehus (interkommunal teneste)",
    );
  });

  test("says both ways, and leaves out who is let nothing", () => {
    const agreement: Agreement = { ...newAgreement("hf", "k", "2026-11-23"), grants: [{ to: "hf", may: ["book"], actFor: false }, { to: "k", may: [], actFor: false }] };
    expect(agreementSaid(w, "grants", agreement, name)).toBe("Fjord sjukehus kan bestille tid hos folka i Fjordvik kommune");
  });

  test("says papers with their day, and the end that there is not", () => {
    const agreement = withPlaces({ ...newAgreement("hf", "k", "2026-11-23"), papers: [{ kind: "agreement", reference: "Sak 2026/17", date: "2026-11-01" }] });
    expect(agreementSaid(w, "papers", agreement, name)).toBe("Underskriven avtale: Sak 2026/17, 1. november 2026");
    expect(agreementSaid(w, "until", agreement, name)).toBe("inntil vidare");
  });

  test("begins with the same for both, and a place for each paper", () => {
    const fresh = newAgreement("hf", "k", "2026-11-23");
    expect(fresh.grants.map((g) => g.to)).toEqual(["hf", "k"]);
    expect(fresh.papers.map((p) => [p.kind, p.reference])).toEqual([["agreement", ""], ["data-protection-assessment", ""]]);
  });
});

describe("an organisation's contacts", () => {
  const organisation = { ...newOrganisation("municipality"), contacts: [{ for: "data-protection", name: "Eva Ness", phone: "", email: "eva@k.no" }] as const };

  test("have a place for each kind, in one order", () => {
    expect(withContacts({ ...organisation, contacts: [...organisation.contacts] }).contacts.map((c) => c.for)).toEqual(["clinical", "technical", "data-protection"]);
  });

  test("are said without the empty places", () => {
    expect(organisationSaid(w, "contacts", withContacts({ ...organisation, contacts: [...organisation.contacts] }))).toBe("Personvernkontakt: Eva Ness, eva@k.no");
  });
});

describe("a list of the service's", () => {
  test("is read to its end, page by page", async () => {
    const pages: Record<string, { items: number[]; next: string }> = { "": { items: [1, 2], next: "b" }, b: { items: [3], next: "" } };
    expect(await everything((query) => Promise.resolve(pages[query.cursor]!))).toEqual([1, 2, 3]);
  });

  test("of people is asked for one's own organisation, and by the host's for all", () => {
    const host = { ...newOrganisation("hospital"), id: "hf", host: true };
    const town = { ...newOrganisation("municipality"), id: "k" };
    expect(staffed([host, town], "hf").map((o) => o.id)).toEqual(["hf", "k"]);
    expect(staffed([host, town], "k").map((o) => o.id)).toEqual(["k"]);
  });
});
