/** What SES lets this account do in this region: sandbox, quota, standing, suppression, plan. */
import { GetAccountCommand, type GetAccountCommandOutput } from '@aws-sdk/client-sesv2';
import type { Account } from '../account.ts';
import { calling } from '../trouble.ts';
import { fine, type Finding, wrong } from './finding.ts';

export async function lookAtMailAccount({ clients, choices: { region } }: Account): Promise<readonly Finding[]> {
  const account = await calling('ses:GetAccount', () => clients.ses.send(new GetAccountCommand({})));
  return [
    sandbox(account, region),
    quota(account, region),
    standing(account),
    suppression(account, region),
    plan(account),
  ].flat();
}

export const sesConsole = (region: string, page: string): string =>
  `https://${region}.console.aws.amazon.com/ses/home?region=${region}#/${page}`;

function sandbox(
  { ProductionAccessEnabled: production, Details: details }: GetAccountCommandOutput,
  region: string,
): readonly Finding[] {
  const about = 'SES sandbox';
  if (production === true) return [fine(about, 'Mails go to anybody: the account has left the sandbox of SES.')];
  const says =
    'E-mail is in the sandbox of SES: at most 200 mails a day, one a second, and only to addresses that you verified yourself.';
  if (details?.ReviewDetails?.Status === 'PENDING')
    return [
      wrong(
        about,
        says,
        'You have asked AWS for production access. Wait for the answer, which comes by mail within a day or so.',
      ),
    ];
  return [
    wrong(
      about,
      says,
      'Ask AWS for production access; the answer takes about a day. Say that you write to your own customers, that they',
      'agreed to it, and that bounces, complaints and unsubscriptions are handled by themselves:',
      sesConsole(region, 'account'),
    ),
  ];
}

/** From here on a day may end before the mails do. */
const nearlyAll = 0.8;

function quota(
  { SendQuota: told, ProductionAccessEnabled: production }: GetAccountCommandOutput,
  region: string,
): readonly Finding[] {
  const { Max24HourSend: most = 0, SentLast24Hours: sent = 0, MaxSendRate: rate = 0 } = told ?? {};
  const says = `${number(sent)} of ${number(most)} mails were sent in the last 24 hours, at most ${number(rate)} a second.`;
  // -1 is SES's word for no limit.
  if (most < 0 || sent < most * nearlyAll) return [fine('Send quota', says)];
  const ask =
    production === true
      ? ['Ask AWS for a higher quota before the next campaign:', sesConsole(region, 'account')]
      : ['The quota grows with production access (see SES sandbox). Until then the rest waits.'];
  return [wrong('Send quota', says, ...ask)];
}

function standing({ SendingEnabled: sending, EnforcementStatus: status }: GetAccountCommandOutput): readonly Finding[] {
  const about = 'Standing with SES';
  if (sending === false || status === 'SHUTDOWN')
    return [
      wrong(
        about,
        'AWS has stopped the sending of this account. No mail leaves.',
        'AWS wrote why to the root address of the account: too many bounces or complaints, as a rule. Answer that mail, and set',
        '`paused: true` in config/brand.yaml meanwhile.',
      ),
    ];
  if (status === 'PROBATION')
    return [
      wrong(
        about,
        'AWS is looking into this account because of bounces or complaints, and may stop its sending.',
        'Stop writing to old lists today, and answer the mail that AWS sent to the root address of the account.',
      ),
    ];
  return [fine(about, 'AWS has no complaint about this account.')];
}

function suppression({ SuppressionAttributes: told }: GetAccountCommandOutput, region: string): readonly Finding[] {
  const about = 'Suppression list of SES';
  const missing = (['BOUNCE', 'COMPLAINT'] as const).filter((reason) => !(told?.SuppressedReasons ?? []).includes(reason));
  if (missing.length === 0) return [fine(about, 'SES itself refuses addresses that bounced or complained.')];
  return [
    wrong(
      about,
      `SES does not remember ${missing.map((reason) => (reason === 'BOUNCE' ? 'bounces' : 'complaints')).join(' and ')} for the account.`,
      'Relance keeps its own list; switch this one on as well, for what else sends in the account:',
      `aws sesv2 put-account-suppression-attributes --suppressed-reasons BOUNCE COMPLAINT --region ${region}`,
    ),
  ];
}

/** A plan is a choice and no fault; what it costs is said. */
function plan({ PricingAttributes: told }: GetAccountCommandOutput): readonly Finding[] {
  const about = 'SES plan';
  if (told?.CurrentPlan === undefined) return [fine(about, 'SES does not say which plan the account is on.')];
  if (told.CurrentPlan === 'NONE') return [fine(about, 'À la carte: 0.10 $ for 1,000 mails.')];
  if (told.NextPlan === 'NONE') return [fine(about, `${told.CurrentPlan} until the end of the month, then à la carte.`)];
  return [
    fine(
      about,
      `${told.CurrentPlan}. À la carte is the cheapest (0.10 $ for 1,000 mails; Essentials 0.16 $): \`relance setup\` changes it.`,
    ),
  ];
}

const number = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 1 });
