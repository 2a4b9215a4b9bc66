/** What SNS lets this account send as SMS. It counts only when config/ sends any. */
import { GetSMSAttributesCommand, GetSMSSandboxAccountStatusCommand } from '@aws-sdk/client-sns';
import type { Account } from '../account.ts';
import { calling } from '../trouble.ts';
import { fine, type Finding, wrong } from './finding.ts';

/** US dollars a month, until AWS raises it. */
const firstLimit = 1;

export async function lookAtTextMessages(
  { clients, choices: { region } }: Account,
  sendsSms: boolean,
): Promise<readonly Finding[]> {
  const { IsInSandbox: inSandbox } = await calling('sns:GetSMSSandboxAccountStatus', () =>
    clients.sns.send(new GetSMSSandboxAccountStatusCommand({})),
  );
  const { attributes } = await calling('sns:GetSMSAttributes', () =>
    clients.sns.send(new GetSMSAttributesCommand({ attributes: ['MonthlySpendLimit'] })),
  );
  const limit = Number(attributes?.['MonthlySpendLimit'] ?? firstLimit);
  const findings = [sandbox(inSandbox === true, region), spendLimit(limit, region)];
  return sendsSms ? findings : findings.map(canWait);
}

const snsConsole = (region: string): string =>
  `https://${region}.console.aws.amazon.com/sns/v3/home?region=${region}#/mobile/text-messaging`;

function sandbox(inSandbox: boolean, region: string): Finding {
  const about = 'SMS sandbox';
  if (!inSandbox) return fine(about, 'Text messages go to anybody.');
  return wrong(
    about,
    'Text messages are in the sandbox of SNS: they go to at most ten numbers that you verified yourself.',
    'Ask AWS to leave the SMS sandbox; the answer takes about a day:',
    snsConsole(region),
  );
}

/** Some countries ask more than that for a dozen. */
function spendLimit(limit: number, region: string): Finding {
  const about = 'SMS limit';
  const says = `AWS lets the account spend ${limit} $ a month on text messages.`;
  if (limit > firstLimit) return fine(about, says);
  return wrong(
    about,
    `${says} That is about 12 to 20 messages in Europe; then SNS sends none until next month.`,
    'Ask AWS for a higher "SMS monthly spend limit" (Service Quotas, or the support page that this one leads to):',
    snsConsole(region),
  );
}

function canWait(finding: Finding): Finding {
  return finding.kind === 'wrong'
    ? fine(finding.about, `${finding.says} Nothing in config/ sends SMS, so it can wait.`)
    : finding;
}
