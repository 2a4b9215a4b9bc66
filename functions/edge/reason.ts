/** An error's name and message for people who look into what was parked, without the people it may quote. */

const longest = 300;

/** E-mail addresses, phone numbers and quoted documents are left out; what the code says stays. */
export function reasonWithoutPeople(error: unknown): string {
  if (!(error instanceof Error)) return 'something that is no error was thrown';
  const message = error.message
    .replaceAll(/[[{"].*[\]}"]/gs, '…')
    .replaceAll(/[^\s<>(),;:'"]+@[^\s<>(),;:'"]+/g, '…')
    .replaceAll(/\+?\d[\d ().-]{5,}\d/g, '…');
  return `${error.name}: ${message}`.slice(0, longest);
}
