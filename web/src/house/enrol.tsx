// A new member of staff's way in: password and second factor.

export function EnrolPage() {
  return null;
}
