/** Something on this machine stands in the way of the start; the message says what it is and what to do, and is all that is printed. */
export class CannotStart extends Error {
  override readonly name = 'CannotStart';
}
