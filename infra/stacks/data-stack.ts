/** What must outlive everything: the table, and the limit of what the account may cost. It cannot be deleted by accident. */
import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { CheckedChoices } from '../choices.ts';
import { CostLimit } from '../constructs/cost-limit.ts';
import { OneTable } from '../constructs/one-table.ts';
import { resourceNames } from '../resource-names.ts';

export interface DataStackProps extends StackProps {
  readonly choices: CheckedChoices;
}

export class DataStack extends Stack {
  constructor(scope: Construct, id: string, { choices, ...props }: DataStackProps) {
    super(scope, id, props);
    new OneTable(this, 'People', {
      tableName: resourceNames(choices).table,
      mostWritesPerSecond: choices.mostWritesPerSecond,
    });
    new CostLimit(this, 'Cost', {
      name: choices.name,
      monthlyUsd: choices.monthlyBudgetUsd,
      email: choices.alarmEmail,
    });
  }
}
