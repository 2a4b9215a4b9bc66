/** Findings of cdk-nag that were weighed and stay: each on the narrowest construct, with its reason beside the code. */
import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** By rule, as cdk-nag prints it after the name of its pack. */
export function acknowledge(constructs: readonly IConstruct[], reasons: Readonly<Record<string, string>>): void {
  for (const construct of constructs)
    for (const [rule, reason] of Object.entries(reasons))
      Validations.of(construct).acknowledge({ id: `${packOf(rule)}::${rule}`, reason });
}

/** `Serverless-LambdaDLQ` → `Serverless` */
const packOf = (rule: string): string => rule.slice(0, rule.indexOf('-'));
