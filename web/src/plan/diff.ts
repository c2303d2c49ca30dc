// What has changed in a text since an earlier one, word by word: the longest run of words in
// common stays. Texts are two thousand characters at most, so the plain table is quick. Pure.

export interface Piece {
  readonly how: "same" | "added" | "removed";
  readonly text: string;
}

/** Words with the space after them, so that the pieces together are the text. */
const words = (text: string): readonly string[] => text.match(/\S+\s*|\s+/g) ?? [];

export function diff(before: string, after: string): readonly Piece[] {
  const a = words(before);
  const b = words(after);
  // A word is the same whatever space follows it.
  const same = (i: number, j: number): boolean => a[i]!.trimEnd() === b[j]!.trimEnd();
  const common: Uint16Array[] = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1)); // of a[i:] and b[j:]
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--) common[i]![j] = same(i, j) ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
  const out: { how: Piece["how"]; text: string }[] = [];
  const add = (how: Piece["how"], text: string): void => {
    const last = out.at(-1);
    if (last?.how === how) last.text += text;
    else out.push({ how, text });
  };
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && same(i, j)) {
      add("same", b[j]!);
      i++;
      j++;
    } else if (i < a.length && (j >= b.length || common[i + 1]![j]! >= common[i]![j + 1]!)) add("removed", a[i++]!);
    else add("added", b[j++]!);
  }
  return out;
}

export const changed = (pieces: readonly Piece[]): boolean => pieces.some((p) => p.how !== "same");
