/**
 * The AWS account around the product, as `relance setup` and `relance doctor` look at it: stacks, parameters, alarms, what
 * SES and SNS say of the account. It begins as AWS hands out a new one. In memory: nothing of the product lives here.
 */
import { AwsError } from './aws-error.ts';

export interface StackOutput {
  readonly key: string;
  readonly value: string;
  readonly description?: string;
}

export interface DeployedStack {
  readonly status: string;
  readonly outputs: readonly StackOutput[];
}

export interface AccountAlarm {
  readonly name: string;
  readonly description: string;
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  /** Epoch milliseconds. */
  readonly since: number;
}

export type DomainState = 'PENDING' | 'SUCCESS' | 'FAILED' | 'TEMPORARY_FAILURE';

export interface MailDomainIdentity {
  readonly dkim: DomainState | 'NOT_STARTED';
  readonly mailFrom: DomainState;
}

export type PricingPlan = 'NONE' | 'ESSENTIALS' | 'PRO' | 'ENTERPRISE';
export const pricingPlans: readonly PricingPlan[] = ['NONE', 'ESSENTIALS', 'PRO', 'ENTERPRISE'];

export class OwnerAccount {
  readonly id: string;
  readonly region: string;
  readonly caller: string;
  readonly stacks = new Map<string, DeployedStack>();
  /** By name. All are SecureStrings. */
  readonly parameters = new Map<string, string>();
  readonly alarms: AccountAlarm[] = [];
  readonly mailDomains = new Map<string, MailDomainIdentity>();
  /** SES, account and region. */
  mail: {
    production: boolean;
    sending: boolean;
    enforcement: 'HEALTHY' | 'PROBATION' | 'SHUTDOWN';
    suppressed: readonly ('BOUNCE' | 'COMPLAINT')[];
    /** Undefined: SES does not tell. */
    plan: PricingPlan | undefined;
  } = { production: false, sending: true, enforcement: 'HEALTHY', suppressed: ['BOUNCE', 'COMPLAINT'], plan: 'ESSENTIALS' };
  smsSandbox = true;
  /** Addresses that subscribed to topics, by the topic's ARN. SNS writes to them only after they confirmed it. */
  readonly mailSubscriptions = new Map<string, readonly { readonly address: string; readonly confirmed: boolean }[]>();
  readonly #refusals = new Map<string, AwsError[]>();

  constructor(id: string, region: string) {
    this.id = id;
    this.region = region;
    this.caller = `arn:aws:iam::${id}:user/owner`;
  }

  /** The caller may not do this from now on; `call` such as `ses.GetAccount`. Each service has its own word for it. */
  deny(call: string): void {
    const [service = '', action = ''] = call.split('.');
    const codes: Readonly<Record<string, string>> = {
      sns: 'AuthorizationError',
      sts: 'AccessDenied',
      cloudformation: 'AccessDenied',
    };
    const says = `User: ${this.caller} is not authorized to perform: ${service}:${action} because no identity-based policy allows it`;
    this.#refusals.set(call, [new AwsError(codes[service] ?? 'AccessDeniedException', says, 403)]);
  }

  /** The next so many calls meet a service that has enough. */
  throttle(call: string, times: number): void {
    const error = new AwsError('ThrottlingException', 'Rate exceeded', 400);
    this.#refusals.set(
      call,
      Array.from({ length: times }, () => error),
    );
  }

  /** Refuses all calls with one error, such as an expired token. */
  refuseAll(error: AwsError | undefined): void {
    this.#everything = error;
  }
  #everything: AwsError | undefined;

  /** Throws what was ordered for this call. */
  meet(call: string): void {
    if (this.#everything !== undefined) throw this.#everything;
    const [first, ...rest] = this.#refusals.get(call) ?? [];
    if (first === undefined) return;
    if (first.status !== 403) this.#refusals.set(call, rest);
    throw first;
  }
}
