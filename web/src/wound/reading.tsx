// What the call and the pages have in common: a desk for as long as they are shown.

import { useEffect, useMemo } from "preact/hooks";
import type { Language } from "../gen/protocol";
import { WoundDesk, type DeskConfig } from "./desk";
import { woundWords, type WoundWords } from "./i18n/words";
import { Pictures } from "./pictures";

export type MakeDesk = Omit<DeskConfig, "pictures" | "key"> & { readonly fetchPicture: (path: string) => Promise<Blob> };

/** 128 random bits. */
function key(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function makeDesk(of: MakeDesk): WoundDesk {
  const { fetchPicture, ...config } = of;
  const pictures = new Pictures({ fetch: fetchPicture, patient: of.patient, urls: { create: (blob) => URL.createObjectURL(blob), revoke: (url) => URL.revokeObjectURL(url) } });
  return new WoundDesk({ ...config, pictures, key });
}

/** A desk that is open while the part is shown. by: what makes it another one. */
export function useDesk(of: MakeDesk, by: readonly unknown[]): WoundDesk {
  const desk = useMemo(() => makeDesk(of), by);
  useEffect(() => {
    desk.open();
    return () => desk.close();
  }, [desk]);
  return desk;
}

/** Calls when the browser says that there is a network again. */
export function onOnline(tell: () => void): () => void {
  window.addEventListener("online", tell);
  return () => window.removeEventListener("online", tell);
}

export const wordsOf = (language: Language): WoundWords => woundWords[language];
