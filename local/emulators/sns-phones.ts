/**
 * Text messages: which numbers and attributes SNS takes, account-wide SMS attributes, and numbers that opted out.
 */
import * as v from 'valibot';
import type { ProductClock } from '../clock.ts';
import { AwsError } from './aws-error.ts';
import type { SnsInbox } from './sns-inbox.ts';
import type { EmulatorStore } from './store.ts';

export const invalidParameter = (message: string): AwsError => new AwsError('InvalidParameter', `Invalid parameter: ${message}`);

const smsTypes = v.picklist(['Promotional', 'Transactional']);
const attributeNames = [
  'MonthlySpendLimit',
  'DeliveryStatusIAMRole',
  'DeliveryStatusSuccessSamplingRate',
  'DefaultSenderID',
  'DefaultSMSType',
  'UsageReportS3Bucket',
] as const;
/** Bytes a call; longer texts are for the caller to shorten. */
const longestText = 1_600;
const thirtyDays = 2_592_000_000;

export class SnsPhones {
  readonly #clock: ProductClock;
  readonly #inbox: SnsInbox;
  readonly #attributes;
  readonly #optedOut;
  readonly #optedIn;

  constructor(clock: ProductClock, store: EmulatorStore, inbox: SnsInbox) {
    this.#clock = clock;
    this.#inbox = inbox;
    this.#attributes = store.kept('sns-sms-attribute', v.string());
    this.#optedOut = store.kept('sns-opted-out', v.number());
    this.#optedIn = store.kept('sns-opted-in', v.number());
  }

  /** Attributes are those of the call, such as `AWS.SNS.SMS.SenderID`. */
  send(phoneNumber: string, message: string, attributes: ReadonlyMap<string, string>): string {
    refuseNumber(phoneNumber, 'is not valid to publish to');
    if (Buffer.byteLength(message) > longestText) throw invalidParameter('Message too long');
    const senderId = attributes.get('AWS.SNS.SMS.SenderID') ?? this.#attributes.get('DefaultSenderID');
    const maxPrice = attributes.get('AWS.SNS.SMS.MaxPrice');
    const type = v.safeParse(
      smsTypes,
      attributes.get('AWS.SNS.SMS.SMSType') ?? this.#attributes.get('DefaultSMSType') ?? 'Promotional',
    );
    if (!type.success) throw invalidParameter('AWS.SNS.SMS.SMSType Reason: must be Promotional or Transactional');
    if (senderId !== undefined && !/^(?=.*[A-Za-z])[A-Za-z0-9-]{1,11}$/.test(senderId))
      throw invalidParameter('AWS.SNS.SMS.SenderID Reason: must be 1 to 11 letters and digits with a letter among them');
    if (maxPrice !== undefined && !/^\d+(\.\d{1,5})?$/.test(maxPrice))
      throw invalidParameter('AWS.SNS.SMS.MaxPrice Reason: must be a price');
    return this.#inbox.add({
      kind: 'sms',
      phoneNumber,
      message,
      type: type.output,
      senderId,
      maxPrice,
      delivered: !this.isOptedOut(phoneNumber),
    });
  }

  /** What happens when a person answers STOP. */
  optOut(phoneNumber: string): void {
    this.#optedOut.set(phoneNumber, this.#clock.now());
  }

  isOptedOut(phoneNumber: string): boolean {
    refuseNumber(phoneNumber, 'is not a valid phone number');
    return this.#optedOut.get(phoneNumber) !== undefined;
  }

  optedOut(): readonly string[] {
    return [...this.#optedOut.entries().keys()];
  }

  /** At most once in 30 days a number. */
  optIn(phoneNumber: string): void {
    refuseNumber(phoneNumber, 'is not a valid phone number');
    const now = this.#clock.now();
    const last = this.#optedIn.get(phoneNumber);
    if (last !== undefined && last > now - thirtyDays)
      throw invalidParameter('You can opt in a phone number only once every 30 days');
    this.#optedIn.set(phoneNumber, now);
    this.#optedOut.delete(phoneNumber);
  }

  attributes(asked: readonly string[]): Readonly<Record<string, string>> {
    const set = [...this.#attributes.entries()];
    return Object.fromEntries(asked.length === 0 ? set : set.filter(([name]) => asked.includes(name)));
  }

  setAttributes(attributes: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(attributes)) {
      if (!attributeNames.some((known) => known === name))
        throw invalidParameter(`Attribute Reason: ${name} is not a valid attribute`);
      if (name === 'DefaultSMSType' && !v.is(smsTypes, value))
        throw invalidParameter(`DefaultSMSType Reason: ${value} is not valid`);
      this.#attributes.set(name, value);
    }
  }
}

/** E.164. */
function refuseNumber(phoneNumber: string, problem: string): void {
  if (!/^\+[1-9]\d{5,14}$/.test(phoneNumber)) throw invalidParameter(`PhoneNumber Reason: ${phoneNumber} ${problem}`);
}
