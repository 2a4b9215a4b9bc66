/**
 * The calls of the SES v2 API about the account and its domains: REST with JSON. Mails go through v1 (ses-actions.ts).
 */
import { AwsError } from './aws-error.ts';
import type { JsonFields } from './json-fields.ts';
import { type OwnerAccount, pricingPlans } from './owner-account.ts';
import type { Ses } from './ses.ts';

export interface SesV2Call {
  readonly account: OwnerAccount;
  readonly ses: Ses;
  readonly fields: JsonFields;
  /** What of the path names a thing, decoded. */
  readonly name: string;
}

interface Route {
  readonly method: string;
  readonly path: RegExp;
  readonly action: string;
  readonly answer: (call: SesV2Call) => Readonly<Record<string, unknown>>;
}

const routes: readonly Route[] = [
  { method: 'GET', path: /^\/v2\/email\/account$/, action: 'GetAccount', answer: getAccount },
  { method: 'GET', path: /^\/v2\/email\/identities\/([^/]+)$/, action: 'GetEmailIdentity', answer: getEmailIdentity },
  {
    method: 'PUT',
    path: /^\/v2\/email\/account\/pricing-attributes$/,
    action: 'PutAccountPricingAttributes',
    answer: putAccountPricingAttributes,
  },
];

/** Undefined when no action has this method and path. */
export function sesV2Route(method: string, path: string): { readonly route: Route; readonly name: string } | undefined {
  for (const route of routes) {
    const match = route.method === method ? route.path.exec(path) : null;
    if (match !== null) return { route, name: decodeURIComponent(match[1] ?? '') };
  }
  return undefined;
}

const sandboxQuota = { max24HourSend: 200, maxSendRate: 1 };

function getAccount({ account, ses }: SesV2Call): Readonly<Record<string, unknown>> {
  const { production, sending, enforcement, suppressed, plan } = account.mail;
  const quota = { ...ses.sendQuota(), ...(production ? {} : sandboxQuota) };
  return {
    ProductionAccessEnabled: production,
    SendingEnabled: sending,
    EnforcementStatus: enforcement,
    SendQuota: {
      Max24HourSend: quota.max24HourSend,
      MaxSendRate: quota.maxSendRate,
      SentLast24Hours: quota.sentLast24Hours,
    },
    SuppressionAttributes: { SuppressedReasons: suppressed },
    ...(plan === undefined ? {} : { PricingAttributes: { CurrentPlan: plan } }),
  };
}

function getEmailIdentity({ account, name }: SesV2Call): Readonly<Record<string, unknown>> {
  const domain = account.mailDomains.get(name);
  if (domain === undefined) throw new AwsError('NotFoundException', `Email identity ${name} does not exist.`, 404);
  return {
    IdentityType: 'DOMAIN',
    VerifiedForSendingStatus: domain.dkim === 'SUCCESS',
    DkimAttributes: { SigningEnabled: true, Status: domain.dkim, Tokens: ['one', 'two', 'three'] },
    MailFromAttributes: {
      MailFromDomain: `bounce.${name}`,
      MailFromDomainStatus: domain.mailFrom,
      BehaviorOnMxFailure: 'USE_DEFAULT_VALUE',
    },
  };
}

/** A first step down from the plan that new accounts begin with takes effect at once. */
function putAccountPricingAttributes({ account, fields }: SesV2Call): Readonly<Record<string, unknown>> {
  const plan = pricingPlans.find((known) => known === fields.text('Plan'));
  if (plan === undefined) throw new AwsError('BadRequestException', 'There is no such plan.');
  account.mail = { ...account.mail, plan };
  return {};
}
