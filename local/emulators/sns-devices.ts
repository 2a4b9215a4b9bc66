/**
 * Push: platform applications and the endpoints of devices. A disabled endpoint refuses, as SNS does for dead tokens.
 */
import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { AwsError } from './aws-error.ts';
import type { SnsInbox } from './sns-inbox.ts';
import { invalidParameter } from './sns-phones.ts';
import type { EmulatorStore } from './store.ts';

const application = v.object({ platform: v.string(), attributes: v.record(v.string(), v.string()) });
const endpoint = v.object({ applicationArn: v.string(), platform: v.string(), attributes: v.record(v.string(), v.string()) });
type Endpoint = v.InferOutput<typeof endpoint>;

const platforms = [
  'ADM',
  'APNS',
  'APNS_SANDBOX',
  'APNS_VOIP',
  'APNS_VOIP_SANDBOX',
  'BAIDU',
  'GCM',
  'MACOS',
  'MACOS_SANDBOX',
  'MPNS',
  'WNS',
];
const byPlatform = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.string()));

export class SnsDevices {
  readonly #arn: string;
  readonly #inbox: SnsInbox;
  readonly #applications;
  readonly #endpoints;

  /** `arn` is the start of every ARN here: `arn:aws:sns:<region>:<account>`. */
  constructor(arn: string, store: EmulatorStore, inbox: SnsInbox) {
    this.#arn = arn;
    this.#inbox = inbox;
    this.#applications = store.kept('sns-application', application);
    this.#endpoints = store.kept('sns-endpoint', endpoint);
  }

  createApplication(name: string, platform: string, attributes: Readonly<Record<string, string>>): string {
    if (!/^[\w.-]{1,256}$/.test(name)) throw invalidParameter(`Name Reason: ${name} is not a valid name`);
    if (!platforms.includes(platform)) throw invalidParameter(`Platform Reason: ${platform} is not supported`);
    const arn = `${this.#arn}:app/${platform}/${name}`;
    this.#applications.set(arn, { platform, attributes });
    return arn;
  }

  applicationAttributes(arn: string): Readonly<Record<string, string>> {
    return { Enabled: 'true', ...this.#application(arn).attributes };
  }

  deleteApplication(arn: string): void {
    for (const [endpointArn, { applicationArn }] of [...this.#endpoints.entries()])
      if (applicationArn === arn) this.#endpoints.delete(endpointArn);
    this.#applications.delete(arn);
  }

  /** The same token with the same attributes finds its endpoint; with others it is refused, naming the endpoint. */
  createEndpoint(applicationArn: string, token: string, attributes: Readonly<Record<string, string>>): string {
    const { platform } = this.#application(applicationArn);
    const wanted = { Enabled: 'true', ...attributes, Token: token };
    const entries = [...this.#endpoints.entries()];
    const existing = entries.find(([, known]) => known.applicationArn === applicationArn && known.attributes['Token'] === token);
    if (existing === undefined) {
      const arn = `${applicationArn.replace(':app/', ':endpoint/')}/${randomUUID()}`;
      this.#endpoints.set(arn, { applicationArn, platform, attributes: wanted });
      return arn;
    }
    const [arn, known] = existing;
    if (sameAttributes(known.attributes, wanted)) return arn;
    throw invalidParameter(`Token Reason: Endpoint ${arn} already exists with the same Token, but different attributes.`);
  }

  endpointAttributes(arn: string): Readonly<Record<string, string>> {
    return this.#endpoint(arn).attributes;
  }

  setEndpointAttributes(arn: string, attributes: Readonly<Record<string, string>>): void {
    const known = this.#endpoint(arn);
    this.#endpoints.set(arn, { ...known, attributes: { ...known.attributes, ...attributes } });
  }

  /** Deleting what is not there succeeds. */
  deleteEndpoint(arn: string): void {
    this.#endpoints.delete(arn);
  }

  endpoints(applicationArn: string): readonly string[] {
    return [...this.#endpoints.entries()].filter(([, known]) => known.applicationArn === applicationArn).map(([arn]) => arn);
  }

  /** `json` says that the message has one text for each platform (MessageStructure). */
  send(arn: string, message: string, json: boolean): string {
    const { platform, attributes } = this.#endpoint(arn);
    if (attributes['Enabled'] !== 'true') throw new AwsError('EndpointDisabled', 'Endpoint is disabled');
    const payload = json ? pushText(message, platform) : message;
    return this.#inbox.add({ kind: 'push', endpointArn: arn, token: attributes['Token'] ?? '', platform, payload });
  }

  #application(arn: string): v.InferOutput<typeof application> {
    const found = this.#applications.get(arn);
    if (found === undefined) throw new AwsError('NotFound', 'PlatformApplication does not exist', 404);
    return found;
  }

  #endpoint(arn: string): Endpoint {
    const found = this.#endpoints.get(arn);
    if (found === undefined) throw new AwsError('NotFound', 'Endpoint does not exist', 404);
    return found;
  }
}

function sameAttributes(some: Readonly<Record<string, string>>, others: Readonly<Record<string, string>>): boolean {
  const names = new Set([...Object.keys(some), ...Object.keys(others)]);
  return [...names].every((name) => some[name] === others[name]);
}

/** The text for this platform, or the default one. */
function pushText(message: string, platform: string): string {
  const text = textsIn(message)[platform] ?? textsIn(message)['default'];
  if (text === undefined) throw invalidParameter(`JSON must contain an entry for 'default' or '${platform}'.`);
  return text;
}

/** The `default` text of a structured message to a topic or a phone. */
export function defaultText(message: string): string {
  const text = textsIn(message)['default'];
  if (text === undefined) throw invalidParameter('Message Structure - No default entry in JSON message body');
  return text;
}

function textsIn(message: string): Readonly<Record<string, string>> {
  const read = v.safeParse(byPlatform, message);
  if (!read.success) throw invalidParameter('Message Structure - JSON message body failed to parse');
  return read.output;
}
