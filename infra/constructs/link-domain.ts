/** The owner's own domain in front of the doors: links in mails show the shop's name, and go on working when the API is replaced. */
import { CfnOutput } from 'aws-cdk-lib';
import { CfnApiMapping, DomainName } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Construct } from 'constructs';
import type { Doors } from './doors.ts';

export interface LinkDomainProps {
  readonly domain: string;
  /** ARN; in the region of the installation. It is made beforehand: a deployment that waits for somebody's DNS would hang. */
  readonly certificate: string;
  readonly doors: Doors;
}

export class LinkDomain extends Construct {
  constructor(scope: Construct, id: string, { domain, certificate, doors }: LinkDomainProps) {
    super(scope, id);
    const name = new DomainName(this, 'Name', {
      domainName: domain,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificate),
    });
    const mapping = new CfnApiMapping(this, 'Mapping', { apiId: doors.api.apiId, domainName: name.name, stage: '$default' });
    mapping.node.addDependency(doors.stage);
    new CfnOutput(this, 'Record', {
      value: `CNAME ${domain} ${name.regionalDomainName}`,
      description: `DNS record for ${domain}: where links lead`,
    });
  }
}
