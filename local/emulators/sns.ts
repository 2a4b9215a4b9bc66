/**
 * The provider of text messages and push, and the topics that carry feedback: accepts or refuses as SNS does, sends
 * nothing anywhere, and keeps every accepted message.
 */
import type { ProductClock } from '../clock.ts';
import { AwsError } from './aws-error.ts';
import { type Fault, Faults, type Silence } from './faults.ts';
import { defaultText, SnsDevices } from './sns-devices.ts';
import { type Publication, SnsInbox, type TextMessage } from './sns-inbox.ts';
import { invalidParameter, SnsPhones } from './sns-phones.ts';
import { SnsTopics, type TopicMessage } from './sns-topics.ts';
import type { Account, Sqs } from './sqs.ts';
import type { EmulatorStore } from './store.ts';

export interface Publish extends TopicMessage {
  readonly target:
    | { readonly kind: 'phone'; readonly phoneNumber: string }
    | { readonly kind: 'endpoint'; readonly arn: string }
    | { readonly kind: 'topic'; readonly arn: string };
  /** MessageStructure=json: one text for each platform. */
  readonly structured: boolean;
}

const longestMessage = 262_144;

export class Sns {
  readonly phones: SnsPhones;
  readonly devices: SnsDevices;
  readonly topics: SnsTopics;
  readonly #inbox: SnsInbox;
  readonly #faults = new Faults();

  constructor(clock: ProductClock, store: EmulatorStore, account: Account, sqs: Sqs) {
    const arn = `arn:aws:sns:${account.region}:${account.id}`;
    this.#inbox = new SnsInbox(clock, store);
    this.phones = new SnsPhones(clock, store, this.#inbox);
    this.devices = new SnsDevices(arn, store, this.#inbox);
    this.topics = new SnsTopics(arn, { clock, store, sqs, inbox: this.#inbox });
  }

  /** Everything accepted, oldest first. */
  inbox({ newest }: { readonly newest?: number } = {}): readonly Publication[] {
    return this.#inbox.list(newest);
  }

  /** The text messages among them; only the newest so many when asked. */
  texts({ newest }: { readonly newest?: number } = {}): readonly TextMessage[] {
    return this.#inbox.texts(newest);
  }

  /** How many text messages were accepted, ever. */
  acceptedTexts(): number {
    return this.#inbox.countTexts();
  }

  /** How many messages were accepted, ever. */
  accepted(): number {
    return this.#inbox.count();
  }

  onAccepted(listener: (publication: Publication) => void): () => void {
    return this.#inbox.onAccepted(listener);
  }

  failNext(fault: Fault): void {
    this.#faults.failNext(fault);
  }

  clearFaults(): void {
    this.#faults.clear();
  }

  /** The provider's message id, or nothing that the caller will ever hear. Throws what SNS answers. */
  publish(publish: Publish): string | Silence {
    return this.#faults.meet(() => this.#accept(publish), {
      throttled: new AwsError('Throttled', 'Rate exceeded', 429),
      rejected: invalidParameter('The message was rejected as the test ordered.'),
    });
  }

  #accept({ target, structured, ...content }: Publish): string {
    if (content.message === '') throw invalidParameter('Empty message');
    if (Buffer.byteLength(content.message) > longestMessage) throw invalidParameter('Message too long');
    const plain = (): string => (structured ? defaultText(content.message) : content.message);
    switch (target.kind) {
      case 'phone':
        return this.phones.send(target.phoneNumber, plain(), new Map(content.attributes.map(({ name, value }) => [name, value])));
      case 'endpoint':
        return this.devices.send(target.arn, content.message, structured);
      case 'topic':
        return this.topics.publish(target.arn, { ...content, message: plain() });
    }
  }
}
