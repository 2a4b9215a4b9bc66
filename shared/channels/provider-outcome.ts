/**
 * What an error of a provider in AWS says about the message: will never go, may go later, or nobody knows (promise 2). In
 * doubt it is "unknown": a message that is not repeated does less harm than one that comes twice.
 */
import type { SendOutcome } from './channel.ts';

export type Failure = Exclude<SendOutcome, { readonly kind: 'accepted' }>;

/** What is this provider's own, beside what all of AWS answers. */
export interface ProviderErrors {
  /** More names for: too fast, or too many. */
  readonly throttles?: readonly string[];
  /** More names for: our keys, rights or settings are wrong. */
  readonly locksOut?: readonly string[];
  /** Words in which it reports rate and quota under the name of a refusal. */
  readonly overQuota: RegExp;
  /** It quotes addresses or numbers in its messages; logs carry none. */
  readonly withoutPeople: (text: string) => string;
}

/** Too fast, too many today, or not allowed in at all: the message was not looked at. */
const throttles = [
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'RequestThrottled',
  'RequestThrottledException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'LimitExceededException',
  'SlowDown',
];

/** Our keys, clock or rights are wrong: says nothing about the message, and is repaired without it. */
const locksOut = [
  'AccessDenied',
  'AccessDeniedException',
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignature',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'MissingAuthenticationToken',
  'NotAuthorized',
  'OptInRequired',
  'RequestExpired',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
];

/** Nothing was ever connected, so nothing was sent. */
const neverConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
]);

/** The SDK names a connection that timed out like an answer that did; only its words tell them apart. */
const connectionTimedOut = /did not establish a connection/i;

const longestReason = 300;

export function outcomeOfErrors(provider: ProviderErrors): (error: unknown) => Failure {
  const slowsDown = new Set([...throttles, ...(provider.throttles ?? [])]);
  const keepsOut = new Set([...locksOut, ...(provider.locksOut ?? [])]);
  return (error) => {
    if (!(error instanceof Error)) return { kind: 'unknown', because: 'an error without a name' };
    const { name, message } = error;
    const because = message === '' ? name : `${name}: ${provider.withoutPeople(message).slice(0, longestReason)}`;
    const status = statusOf(error);
    if (status === undefined) return { kind: keepsOut.has(name) || wasNeverSent(error) ? 'throttled' : 'unknown', because };
    if (slowsDown.has(name) || status === 429 || (status < 500 && provider.overQuota.test(message)))
      return { kind: 'throttled', because };
    if (keepsOut.has(name) || status === 401 || status === 403) return { kind: 'throttled', because };
    if (status === 408 || status < 400 || status >= 500) return { kind: 'unknown', because };
    return { kind: 'refused', because };
  };
}

const wasNeverSent = (error: Error): boolean =>
  neverConnected.has(codeOf(error) ?? '') || (error.name === 'TimeoutError' && connectionTimedOut.test(error.message));

/** The HTTP status of the answer; undefined when there was none. */
function statusOf(error: Error): number | undefined {
  if (!('$metadata' in error) || typeof error.$metadata !== 'object' || error.$metadata === null) return undefined;
  const { $metadata } = error;
  return 'httpStatusCode' in $metadata && typeof $metadata.httpStatusCode === 'number' ? $metadata.httpStatusCode : undefined;
}

const codeOf = (error: Error): string | undefined => ('code' in error && typeof error.code === 'string' ? error.code : undefined);
