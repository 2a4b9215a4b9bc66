/**
 * What an error of SNS says about the text message. The names are those of its API reference, "Publish", as the SDK spells
 * them. A number that has opted out is refused, as is one that is none, or an account that may send nothing there.
 */
import { outcomeOfErrors } from './provider-outcome.ts';

export const outcomeOfError = outcomeOfErrors({
  throttles: ['Throttled', 'KMSThrottling', 'KMSThrottlingException'],
  locksOut: [
    'AuthorizationError',
    'AuthorizationErrorException',
    'InvalidSecurity',
    'InvalidSecurityException',
    // A key of the account that is gone or switched off says nothing about the message.
    'KMSAccessDenied',
    'KMSAccessDeniedException',
    'KMSDisabled',
    'KMSDisabledException',
    'KMSInvalidState',
    'KMSInvalidStateException',
    'KMSNotFound',
    'KMSNotFoundException',
    'KMSOptInRequired',
  ],
  overQuota: /rate exceeded|sending rate|quota|spend(?:ing)? limit/i,
  // What it refuses it quotes: "+33612345678 is not valid to publish to", "not authorized to perform SNS:Publish on resource: +336…".
  withoutPeople: (text) => text.replace(/\+?\d(?:[\s().-]?\d){6,}/g, '<number>'),
});
