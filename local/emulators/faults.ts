/**
 * Troubles that a test orders from a provider: the answers and silences that a sender must survive without sending
 * twice or losing a message.
 */
import { AwsError } from './aws-error.ts';

export type FaultKind =
  /** It was sent, and the caller never hears of it. */
  | 'timeout-after-accept'
  /** It was not sent, and the caller cannot know. */
  | 'timeout-before-accept'
  | 'throttle'
  | 'reject'
  | '500';

export interface Fault {
  readonly kind: FaultKind;
  /** How many sends it meets; 1 unless said. */
  readonly count?: number;
  /** Milliseconds of real time that the connection stays silent before it is cut; 0 unless said, so that tests need not wait. */
  readonly silentFor?: number;
}

export interface Silence {
  readonly kind: 'silence';
  readonly milliseconds: number;
}

export class Faults {
  #waiting: Fault[] = [];

  failNext(fault: Fault): void {
    for (let left = fault.count ?? 1; left > 0; left -= 1) this.#waiting.push(fault);
  }

  /** Forgets what was ordered and has not happened. */
  clear(): void {
    this.#waiting = [];
  }

  /** Does a send under the next fault ordered, if any. `refusals` are the service's own words. */
  meet<T>(send: () => T, refusals: { readonly throttled: AwsError; readonly rejected: AwsError }): T | Silence {
    const fault = this.#waiting.shift();
    if (fault === undefined) return send();
    switch (fault.kind) {
      case 'timeout-after-accept':
        send();
        return { kind: 'silence', milliseconds: fault.silentFor ?? 0 };
      case 'timeout-before-accept':
        return { kind: 'silence', milliseconds: fault.silentFor ?? 0 };
      case 'throttle':
        throw refusals.throttled;
      case 'reject':
        throw refusals.rejected;
      case '500':
        throw new AwsError('InternalFailure', 'The request processing has failed because of an unknown error.', 500);
    }
  }
}
