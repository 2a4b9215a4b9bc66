/** Mail as it deploys: signed domains, records to add, and what comes back about each message, from SES alone. */
import { describe, expect, test } from 'vitest';
import { ofType, synthesise, type Template } from '../../infra/synthesise.ts';
import { synthesised } from './synthesised.ts';

const outputsOf = ({ Outputs }: Template): readonly string[] => Object.values(Outputs).map(({ Value }) => String(Value));

export function mailTests(): void {
  describe('mail', () => {
    test('leaves from two sub-domains, one for marketing and one for what is owed', async () => {
      const identities = ofType((await synthesised()).messaging, 'AWS::SES::EmailIdentity').map(({ Properties }) => Properties);
      expect(identities).toMatchObject(
        ['news.example.com', 'mail.example.com'].map((domain) => ({
          EmailIdentity: domain,
          DkimSigningAttributes: { NextSigningKeyLength: 'RSA_2048_BIT' },
          MailFromAttributes: { MailFromDomain: `bounce.${domain}` },
          ConfigurationSetAttributes: { ConfigurationSetName: 'relance' },
          FeedbackAttributes: { EmailForwardingEnabled: false },
        })),
      );
    });

    test('comes with the DNS records that the owner has to add', async () => {
      const records = outputsOf((await synthesised()).messaging);
      for (const domain of ['news.example.com', 'mail.example.com']) {
        expect(records).toContain(`MX bounce.${domain} 10 feedback-smtp.eu-west-3.amazonses.com`);
        expect(records).toContain(`TXT bounce.${domain} v=spf1 include:amazonses.com ~all`);
        expect(records).toContain(`TXT _dmarc.${domain} v=DMARC1; p=none`);
      }
      expect(records.filter((record) => /^CNAME \S+DkimDNSTokenName\d \S+DkimDNSTokenValue\d$/.test(record))).toHaveLength(6);
      expect(records).toHaveLength(12);
    });

    test('is told about by events that SES itself writes for our configuration set', async () => {
      const { messaging } = await synthesised();
      expect(ofType(messaging, 'AWS::SES::ConfigurationSet')[0]?.Properties).toMatchObject({
        Name: 'relance',
        SuppressionOptions: { SuppressedReasons: ['BOUNCE', 'COMPLAINT'] },
        ReputationOptions: { ReputationMetricsEnabled: true },
      });
      const [destination] = ofType(messaging, 'AWS::SES::ConfigurationSetEventDestination');
      expect(destination?.Properties['EventDestination']).toEqual({
        Enabled: true,
        MatchingEventTypes: ['send', 'delivery', 'deliveryDelay', 'bounce', 'complaint', 'reject', 'renderingFailure'],
        SnsDestination: { TopicARN: 'arn:aws:sns:eu-west-3:000000000000:relance-feedback' },
      });
      const policies = ofType(messaging, 'AWS::SNS::TopicPolicy').map(({ Properties }) => JSON.stringify(Properties));
      const feedback = policies.find((policy) => policy.includes(':relance-feedback"]'));
      expect(feedback).toContain('"Principal":{"Service":"ses.amazonaws.com"}');
      expect(feedback).toContain('"AWS:SourceAccount":"000000000000"');
      expect(feedback).toContain('"AWS:SourceArn":"arn:aws:ses:eu-west-3:000000000000:configuration-set/relance"');
    });

    test('feedback reaches its queue as SES wrote it, from this topic alone', async () => {
      const { engine } = await synthesised();
      const topic = 'arn:aws:sns:eu-west-3:000000000000:relance-feedback';
      const subscriptions = ofType(engine, 'AWS::SNS::Subscription').map(({ Properties }) => Properties);
      expect(subscriptions).toMatchObject([{ TopicArn: topic, Protocol: 'sqs', RawMessageDelivery: true }]);
      const policies = ofType(engine, 'AWS::SQS::QueuePolicy').map(({ Properties }) => JSON.stringify(Properties));
      const own = policies.find((policy) => policy.includes('/relance-feedback"]'));
      expect(own).toContain(`"Condition":{"ArnEquals":{"aws:SourceArn":"${topic}"}}`);
    });

    test('links lead to the own domain where there is one, and its record is told', async () => {
      const certificate = 'arn:aws:acm:eu-west-3:111122223333:certificate/0b5c';
      const { engine, messaging } = await synthesise({
        name: 'shop',
        region: 'eu-west-3',
        domain: 'example.org',
        alarmEmail: 'you@example.org',
        monthlyBudgetUsd: 50,
        dmarcReports: 'dmarc@example.org',
        links: { domain: 'links.example.org', certificate },
      });
      expect(JSON.stringify(engine)).toContain('"LINK_ORIGIN":"https://links.example.org"');
      expect(outputsOf(engine).filter((output) => output.startsWith('CNAME links.example.org '))).toHaveLength(1);
      expect(outputsOf(messaging)).toContain('TXT _dmarc.news.example.org v=DMARC1; p=none; rua=mailto:dmarc@example.org');
      const [mapping] = ofType(engine, 'AWS::ApiGatewayV2::ApiMapping');
      expect(mapping?.Properties).toMatchObject({ DomainName: 'links.example.org', Stage: '$default' });
      expect(JSON.stringify(engine)).not.toContain('relance-');
    });
  });
}
