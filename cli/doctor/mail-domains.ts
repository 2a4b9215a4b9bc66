/** Do mailbox providers believe our mails? What SES says of each domain, beside what the world's DNS says. */
import { GetEmailIdentityCommand, type GetEmailIdentityCommandOutput } from '@aws-sdk/client-sesv2';
import type { Account } from '../account.ts';
import { type Dns, type DnsRecord, type Found, lookUp, recordTable } from '../dns-records.ts';
import { calling, Trouble } from '../trouble.ts';
import { fine, type Finding, wrong } from './finding.ts';
import { sesConsole } from './mail-account.ts';

interface Looked {
  readonly record: DnsRecord;
  readonly found: Found;
}

/** `records`: all that the stacks ask for. */
export async function lookAtMailDomains(account: Account, records: readonly DnsRecord[], dns: Dns): Promise<readonly Finding[]> {
  const domains = [...new Set([...Object.values(account.names.mailDomains), ...records.map(({ of }) => of)])];
  const findings = await Promise.all(
    domains.map(async (domain) => {
      const own = records.filter(({ of }) => of === domain);
      const looked = await Promise.all(
        own.map(async (record) => ({ record, found: await lookUp(dns, record, account.choices.domain) })),
      );
      const inDns = dnsFindings(domain, looked);
      const dnsIsRight = inDns.every(({ kind }) => kind === 'fine');
      return isMailDomain(account, domain) ? [...inDns, ...(await sesFindings(account, domain, dnsIsRight))] : inDns;
    }),
  );
  return findings.flat();
}

const isMailDomain = ({ names: { mailDomains } }: Account, domain: string): boolean =>
  Object.values(mailDomains).includes(domain);

function dnsFindings(domain: string, looked: readonly Looked[]): readonly Finding[] {
  const about = `DNS of ${domain}`;
  const lost = looked.flatMap(({ found }) => (found.kind === 'unseen' ? [found.because] : []));
  if (lost[0] !== undefined)
    return [
      {
        kind: 'unseen',
        about,
        says: `The DNS of ${domain} cannot be asked from here (${lost[0]}).`,
        next: ['Look again in a few minutes, or from another network.'],
      },
    ];
  const open = looked.filter(({ found }) => found.kind !== 'right');
  if (open.length === 0) return [fine(about, `All ${looked.length} records stand.`)];
  const others = open.flatMap(({ record, found }) =>
    found.kind === 'other' ? [`${record.type} ${record.name} says now: ${found.says}`] : [],
  );
  return [
    wrong(
      about,
      `${open.length === 1 ? 'A record is' : `${open.length} records are`} missing or different: ${whatFor(open)}.`,
      `Where the DNS of your shop is kept, ${others.length === 0 ? 'add' : 'add or correct'}:`,
      '',
      ...recordTable(open.map(({ record }) => record)),
      ...(others.length === 0 ? [] : ['', ...others]),
    ),
  ];
}

const whatFor = (open: readonly Looked[]): string => [...new Set(open.map(({ record }) => record.what))].join('; ');

async function sesFindings(account: Account, domain: string, dnsIsRight: boolean): Promise<readonly Finding[]> {
  const about = `SES and ${domain}`;
  const identity = await identityOf(account, domain);
  if (identity === undefined)
    return [wrong(about, `SES does not know ${domain}.`, 'Deploy again: `npm run -s relance -- deploy`.')];
  const dkim = identity.DkimAttributes?.Status ?? 'NOT_STARTED';
  const mailFrom = identity.MailFromAttributes?.MailFromDomainStatus ?? 'PENDING';
  if (dkim === 'SUCCESS' && mailFrom === 'SUCCESS')
    return [fine(about, 'Mails are signed (DKIM), and bounces come back to a domain of its own (SPF).')];
  const consequences = [
    ...(dkim === 'SUCCESS' ? [] : [`DKIM is ${inWords(dkim)}, so no mail may leave from this domain`]),
    ...(mailFrom === 'SUCCESS' ? [] : [`the bounce domain is ${inWords(mailFrom)}, so SPF does not speak for your mails`]),
  ];
  const gaveUp = dkim === 'FAILED' || mailFrom === 'FAILED';
  const page = sesConsole(account.choices.region, `identities/${domain}`);
  return [wrong(about, `${capital(consequences.join('; '))}.`, ...nextStep(gaveUp, dnsIsRight, page))];
}

/** SES looks for the records by itself for 72 hours. */
function nextStep(gaveUp: boolean, dnsIsRight: boolean, page: string): readonly string[] {
  const first = dnsIsRight ? 'The records stand' : 'Add the records above';
  if (gaveUp)
    return [`${first}. SES has given up looking for them: open the domain, choose Edit and save, and it looks again.`, page];
  return [`${first}; SES sees them by itself, mostly within an hour. Then look again.`];
}

const inWords = (status: string): string =>
  ({
    PENDING: 'not confirmed yet',
    NOT_STARTED: 'not confirmed yet',
    FAILED: 'refused',
    TEMPORARY_FAILURE: 'not to be seen just now',
  })[status] ?? status;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

async function identityOf({ clients }: Account, domain: string): Promise<GetEmailIdentityCommandOutput | undefined> {
  try {
    return await calling('ses:GetEmailIdentity', () => clients.ses.send(new GetEmailIdentityCommand({ EmailIdentity: domain })));
  } catch (error) {
    if (error instanceof Trouble && error.kind === 'absent') return undefined;
    throw error;
  }
}
