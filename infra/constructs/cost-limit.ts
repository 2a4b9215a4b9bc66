/** Tells the owner by mail when the account costs more than they expect. It stops nothing: a shop must not fall silent. */
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { Construct } from 'constructs';

export interface CostLimitProps {
  readonly name: string;
  readonly monthlyUsd: number;
  readonly email: string;
}

/** The account as a whole. The first two budgets of an account are free. */
export class CostLimit extends Construct {
  constructor(scope: Construct, id: string, { name, monthlyUsd, email }: CostLimitProps) {
    super(scope, id);
    const tell = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number) => ({
      notification: { notificationType, threshold, comparisonOperator: 'GREATER_THAN', thresholdType: 'PERCENTAGE' },
      subscribers: [{ subscriptionType: 'EMAIL', address: email }],
    });
    new CfnBudget(this, 'Budget', {
      budget: {
        budgetName: name,
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: monthlyUsd, unit: 'USD' },
      },
      notificationsWithSubscribers: [tell('ACTUAL', 80), tell('FORECASTED', 100)],
    });
  }
}
