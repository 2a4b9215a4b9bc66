/** Campaigns that cannot be. */
import { inCampaign, type Broken } from './broken.ts';

export const brokenCampaigns: readonly Broken[] = [
  inCampaign('nothing in it', '', '1 the campaign is empty'),
  inCampaign(
    'fields that are missing',
    'segment: fideles\n',
    '1 "on" is missing → write on: …',
    '1 "send" is missing → write send: …',
  ),
  inCampaign(
    'a segment that does not exist',
    'segment: fidele\nsend: rappel\non: 2030-01-01\n',
    '1 there is no segment "fidele" → did you mean "fideles"?',
  ),
  inCampaign(
    'a template that does not exist',
    'segment: fideles\nsend: rapel\non: 2030-01-01\n',
    '2 there is no template "rapel" → did you mean "rappel"?',
  ),
  inCampaign(
    'a channel that its template has not',
    'segment: fideles\nsend: rappel\nchannels: [sms]\non: 2030-01-01\n',
    '3 template "rappel" has no SMS → write templates/rappel/sms.fr.txt',
  ),
  inCampaign('a day of no calendar', 'segment: fideles\nsend: rappel\non: 2030-02-30\n', '3 "2030-02-30" is not a day'),
  inCampaign(
    'a day as the French write it',
    'segment: fideles\nsend: rappel\non: 1/12/2030\n',
    '3 "1/12/2030" is not a day → write 2030-12-01',
  ),
  inCampaign(
    'a weekday without every',
    'segment: fideles\nsend: rappel\non: mardi\n',
    '3 "mardi" comes each week, and every is missing → write every: week',
  ),
  inCampaign(
    'a weekday of the month without every',
    'segment: fideles\nsend: rappel\non: first tuesday\n',
    '3 "first tuesday" comes each month, and every is missing → write every: month',
  ),
  inCampaign(
    'every day',
    'segment: fideles\nsend: rappel\nevery: day\non: 10\n',
    '3 a campaign goes out once, each week or each month → write a journey for what comes each day',
  ),
  inCampaign(
    'every year',
    'segment: fideles\nsend: rappel\nevery: an\non: 2030-01-01\n',
    '3 a campaign goes out once, each week or each month → write on: and the day, without every',
  ),
  inCampaign(
    'every week on a day of the month',
    'segment: fideles\nsend: rappel\nevery: week\non: 15\n',
    '4 "15" is not a day of the week',
  ),
  inCampaign(
    'every week on a date',
    'segment: fideles\nsend: rappel\nevery: week\non: 2030-01-01\n',
    '4 "2030-01-01" is one day, and every says each week → remove every',
  ),
  inCampaign(
    'every week on two days',
    'segment: fideles\nsend: rappel\nevery: week\non: [mardi, jeudi]\n',
    '4 a list stands where text is expected',
  ),
  inCampaign(
    'every month on day 32',
    'segment: fideles\nsend: rappel\nevery: month\non: 32\n',
    '4 no month has a day 32 → write 31 for the last day',
  ),
  inCampaign(
    'every month on a weekday',
    'segment: fideles\nsend: rappel\nevery: month\non: tuesday\n',
    '4 "tuesday" comes several times a month → write first tuesday',
  ),
  inCampaign(
    'every month on the fifth tuesday',
    'segment: fideles\nsend: rappel\nevery: month\non: fifth tuesday\n',
    '4 not every month has a fifth tuesday → write last tuesday',
  ),
  inCampaign(
    'every month on its last day',
    'segment: fideles\nsend: rappel\nevery: month\non: dernier jour\n',
    '4 "dernier jour" is written as a number → write 31: shorter months have it on their last day',
  ),
  inCampaign(
    'a period misspelt',
    'segment: fideles\nsend: rappel\nevery: mont\non: 15\n',
    '3 "mont" is not a period → did you mean "month"?',
  ),
  inCampaign(
    'two weeks',
    'segment: fideles\nsend: rappel\nevery: 2 weeks\non: tuesday\n',
    '3 "2 weeks" is not a period → did you mean "week"?',
  ),
  inCampaign('no day', 'segment: fideles\nsend: rappel\nevery: month\n', '1 "on" is missing → write on: …'),
  inCampaign(
    'a throttle without a span',
    'segment: fideles\nsend: rappel\non: 2030-01-01\nthrottle: 1000\n',
    '4 "1000" is not a throttle → write 1000 per hour',
  ),
  inCampaign(
    'a throttle of nobody',
    'segment: fideles\nsend: rappel\non: 2030-01-01\nthrottle: 0 per hour\n',
    '4 "0 per hour" is not a throttle',
  ),
  inCampaign(
    'words of journeys',
    'start: { on: Signed Up }\nsteps: [{ send: rappel }]\n',
    '1 "on" is missing → write on: …',
    '1 "segment" is missing → write segment: …',
    '1 "send" is missing → write send: …',
    '1 "start" is a word of journeys → write on: and the day',
    '2 "steps" is a word of journeys → write send:',
  ),
  inCampaign(
    'its condition',
    'when: { city: Lyon }\nsend: rappel\non: 2030-01-01\n',
    '1 "segment" is missing → write segment: …',
    '1 "when" is a word of segments → write the condition into a file of segments',
  ),
  inCampaign(
    'template instead of send',
    'segment: fideles\ntemplate: rappel\non: 2030-01-01\n',
    '2 "template" is not a word here → did you mean "send"?',
  ),
];
