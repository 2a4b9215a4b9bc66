/**
 * A sub-domain that mails leave from: signed by DKIM, with a bounce domain of its own so that SPF speaks for it too. The
 * records that the owner adds to their DNS stand in the stack's outputs as `<type> <name> <value>`.
 */
import { CfnOutput } from 'aws-cdk-lib';
import { DkimIdentity, EasyDkimSigningKeyLength, EmailIdentity, type IConfigurationSet, Identity } from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';

export interface MailDomainProps {
  readonly domain: string;
  readonly region: string;
  readonly configurationSet: IConfigurationSet;
  /** Where DMARC reports go. */
  readonly reportsTo?: string;
}

interface DnsRecord {
  readonly id: string;
  readonly type: 'CNAME' | 'MX' | 'TXT';
  readonly name: string;
  readonly value: string;
  readonly what: string;
}

export class MailDomain extends Construct {
  constructor(scope: Construct, id: string, props: MailDomainProps) {
    super(scope, id);
    const { domain, configurationSet } = props;
    const mailFromDomain = `bounce.${domain}`;
    const identity = new EmailIdentity(this, 'Identity', {
      identity: Identity.domain(domain),
      dkimIdentity: DkimIdentity.easyDkim(EasyDkimSigningKeyLength.RSA_2048_BIT),
      mailFromDomain,
      configurationSet, // also for mails that are sent by hand, from the console
      feedbackForwarding: false, // bounces come back as events
    });
    const signatures = identity.dkimRecords.map(({ name, value }, index): DnsRecord => ({
      id: `Dkim${index + 1}`,
      type: 'CNAME',
      name,
      value,
      what: 'DKIM, which signs the mails',
    }));
    for (const record of [...signatures, ...ownRecords(props, mailFromDomain)]) {
      new CfnOutput(this, record.id, {
        value: `${record.type} ${record.name} ${record.value}`,
        description: `DNS record for ${domain}: ${record.what}`,
      });
    }
  }
}

/** DMARC stands at the sub-domain and leaves the policy of the shop's own domain alone. `p=none` observes; tighten it later. */
const ownRecords = ({ domain, region, reportsTo }: MailDomainProps, mailFromDomain: string): readonly DnsRecord[] => [
  {
    id: 'MailFromMx',
    type: 'MX',
    name: mailFromDomain,
    value: `10 feedback-smtp.${region}.amazonses.com`,
    what: 'where bounces come back to',
  },
  { id: 'Spf', type: 'TXT', name: mailFromDomain, value: 'v=spf1 include:amazonses.com ~all', what: 'SPF, which lets SES send' },
  {
    id: 'Dmarc',
    type: 'TXT',
    name: `_dmarc.${domain}`,
    value: reportsTo === undefined ? 'v=DMARC1; p=none' : `v=DMARC1; p=none; rua=mailto:${reportsTo}`,
    what: 'DMARC, which large mailbox providers ask for',
  },
];
