/**
 * The owner's choices: what `relance deploy` puts into your AWS account, and where. Change the values here, nowhere else;
 * what cannot be right is refused with the reason before anything is deployed. infra/choices.ts says what each one means.
 */
import type { Choices } from './infra/choices.ts';

export const choices: Choices = {
  name: 'relance',
  region: 'eu-west-3',
  domain: 'example.com',
  alarmEmail: 'you@example.com',
  monthlyBudgetUsd: 20,
};
