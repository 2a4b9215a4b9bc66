/** What an error of SES says about the mail. */
import { outcomeOfErrors } from './provider-outcome.ts';

export const outcomeOfError = outcomeOfErrors({
  /** SES reports quota and rate under several names, of which some are a refusal's. */
  overQuota: /maximum sending rate|sending quota|message quota|daily quota|rate exceeded/i,
  withoutPeople: (text) => text.replace(/[^\s<>,;:"']+@[^\s<>,;:"']+/g, '<address>'),
});
