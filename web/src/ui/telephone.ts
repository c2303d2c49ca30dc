/** A telephone number as an address; RFC 3966 wants it without spaces. */
export const telephone = (phone: string): string => `tel:${phone.replace(/[^+\d]/g, "")}`;

/**
 * A telephone number as people in Norway read it: 12 34 56 78, of mobiles 412 34 567. Others
 * stay as they are.
 */
export function readable(phone: string): string {
  const digits = /^(?:\+47)?(\d{8})$/.exec(phone.replace(/\s/g, ""))?.[1];
  if (digits === undefined) return phone;
  const mobile = /^[49]/.test(digits);
  return digits.replace(mobile ? /^(\d{3})(\d{2})(\d{3})$/ : /^(\d{2})(\d{2})(\d{2})(\d{2})$/, mobile ? "$1 $2 $3" : "$1 $2 $3 $4");
}
