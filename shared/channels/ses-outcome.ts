/**
 * What an error of SES says about the message: will never go, may go later, or nobody knows (promise 2). In doubt it is
 * "unknown": a mail that is not repeated does less harm than one that comes twice.
 */
import type { SendOutcome } from './channel.ts';

type Failure = Exclude<SendOutcome, { readonly kind: 'accepted' }>;

/** Too fast, too many today, or not allowed in at all: the message was not looked at. */
const throttles = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'RequestThrottled',
  'RequestThrottledException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'LimitExceededException',
  'SlowDown',
]);

/** Our keys, clock or rights are wrong: says nothing about the message, and is repaired without it. */
const locksOut = new Set([
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
]);

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

/** SES reports quota and rate under several names, of which some are a refusal's. */
const overQuota = /maximum sending rate|sending quota|message quota|daily quota|rate exceeded/i;

/** The SDK names a connection that timed out like an answer that did; only its words tell them apart. */
const connectionTimedOut = /did not establish a connection/i;

export function outcomeOfError(error: unknown): Failure {
  if (!(error instanceof Error)) return { kind: 'unknown', because: 'an error without a name' };
  const { name, message } = error;
  const because = message === '' ? name : `${name}: ${withoutAddresses(message)}`;
  const status = statusOf(error);
  if (status === undefined) return { kind: wasNeverSent(error) ? 'throttled' : 'unknown', because };
  if (throttles.has(name) || status === 429 || (status < 500 && overQuota.test(message))) return { kind: 'throttled', because };
  if (locksOut.has(name) || status === 401 || status === 403) return { kind: 'throttled', because };
  if (status === 408 || status < 400 || status >= 500) return { kind: 'unknown', because };
  return { kind: 'refused', because };
}

const wasNeverSent = (error: Error): boolean =>
  locksOut.has(error.name) ||
  neverConnected.has(codeOf(error) ?? '') ||
  (error.name === 'TimeoutError' && connectionTimedOut.test(error.message));

/** The HTTP status with which SES answered; undefined when it did not answer. */
function statusOf(error: Error): number | undefined {
  if (!('$metadata' in error) || typeof error.$metadata !== 'object' || error.$metadata === null) return undefined;
  const { $metadata } = error;
  return 'httpStatusCode' in $metadata && typeof $metadata.httpStatusCode === 'number' ? $metadata.httpStatusCode : undefined;
}

const codeOf = (error: Error): string | undefined => ('code' in error && typeof error.code === 'string' ? error.code : undefined);

/** SES quotes addresses in its messages; logs carry none. */
const withoutAddresses = (text: string): string => text.replace(/[^\s<>,;:"']+@[^\s<>,;:"']+/g, '<address>').slice(0, 300);
