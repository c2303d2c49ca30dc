// The rules of a new password, as the service has them (identity: checkPassword). Here they are
// only hints while typing; the service decides, and knows the most common ones too.

export type PasswordRule = "length" | "variety" | "email";

const least = 12; // characters
const different = 5; // characters
const namePart = 4; // letters: shorter parts of an address are in ordinary words

/** Which rules the password meets. */
export function passwordRules(password: string, email: string): Readonly<Record<PasswordRule, boolean>> {
  // Characters as the service counts them: code points of the composed form (RFC 8265 §4.2.2).
  const characters = [...password.normalize("NFC").toLowerCase()];
  const text = characters.join("");
  const parts = (email.toLowerCase().split("@")[0] ?? "").split(/\P{L}+/u);
  return {
    length: characters.length >= least,
    variety: new Set(characters).size >= different,
    email: text !== "" && !parts.some((part) => [...part].length >= namePart && text.includes(part)),
  };
}
