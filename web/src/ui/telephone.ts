/** A telephone number as an address; RFC 3966 wants it without spaces. */
export const telephone = (phone: string): string => `tel:${phone.replace(/[^+\d]/g, "")}`;
