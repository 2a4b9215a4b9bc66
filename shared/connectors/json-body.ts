/** The bytes of a request as JSON. Read only after they were proven, or within the size that a door allows. */
import { InvalidInput } from '../kernel/errors.ts';
import { parseJson, parseJsonInParts, type Json } from '../kernel/json.ts';

/** A byte order mark is skipped. Throws InvalidInput for what is empty, not UTF-8 or not JSON. */
export const jsonBody = (body: Uint8Array): Json => parseJson(textBody(body));

/** The same for a body of many calls: what is nested too deep is left to the call that holds it (`isCut`). */
export const jsonBodyInParts = (body: Uint8Array): Json => parseJsonInParts(textBody(body));

function textBody(body: Uint8Array): string {
  if (body.length === 0) throw new InvalidInput([{ where: '', problem: 'the body is empty; JSON was expected' }]);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    // Another encoding read as UTF-8 would put wrong letters into names for good.
    throw new InvalidInput([{ where: '', problem: 'the body is not UTF-8' }]);
  }
}
