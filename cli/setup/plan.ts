/** The plan of SES: new accounts begin on Essentials (0.16 $ for 1,000 mails); à la carte (0.10 $) has to be chosen. */
import { GetAccountCommand, PutAccountPricingAttributesCommand } from '@aws-sdk/client-sesv2';
import type { Account } from '../account.ts';
import type { Asked } from '../options.ts';
import { calling, Trouble } from '../trouble.ts';
import type { World } from '../world.ts';

/** As SES names it; undefined where it does not tell. */
export type Plan = string | undefined;

export interface PlanStep {
  readonly kind: 'change' | 'keep' | 'cheapest-already' | 'unknown';
  readonly says: string;
}

/** The plan that is, or is going to be at the end of the month. */
export async function planOf({ clients }: Account): Promise<Plan> {
  const { PricingAttributes: told } = await calling('ses:GetAccount', () => clients.ses.send(new GetAccountCommand({})));
  return told?.NextPlan ?? told?.CurrentPlan;
}

/** Nothing is changed yet. Throws Trouble where nobody can be asked. */
export async function agreeOnPlan(plan: Plan, { ask }: World, asked: Pick<Asked, 'has'>): Promise<PlanStep> {
  if (plan === undefined)
    return { kind: 'unknown', says: 'SES does not say which plan the account is on: look in the SES console, under Account.' };
  if (plan === 'NONE') return { kind: 'cheapest-already', says: 'SES is on its cheapest plan (à la carte) already.' };
  const kept: PlanStep = { kind: 'keep', says: `SES stays on ${plan}.` };
  if (asked.has('keep-plan')) return kept;
  const change: PlanStep = { kind: 'change', says: 'SES is now à la carte: 0.10 $ for 1,000 mails.' };
  if (asked.has('yes')) return change;
  if (ask === undefined)
    throw new Trouble(
      'called-wrongly',
      `SES is on its plan ${plan}, and nobody is here to be asked whether to change it. Nothing was changed.`,
      'Add --yes to move it to à la carte (0.10 $ for 1,000 mails instead of 0.16 $), or --keep-plan to leave it.',
    );
  const agreed = await ask(
    `SES is on its plan ${plan} (Essentials: 0.16 $ for 1,000 mails). Change to à la carte (0.10 $), for the whole account in this region?`,
  );
  return agreed ? change : kept;
}

export async function choosePlan({ clients }: Account): Promise<void> {
  const command = new PutAccountPricingAttributesCommand({ Plan: 'NONE' });
  await calling('ses:PutAccountPricingAttributes', () => clients.ses.send(command));
}
