/**
 * What an SQS message is and which messages SQS refuses: characters, sizes, attributes, delays, group ids.
 * A body that AWS would refuse must not pass locally, or the loss shows only in production.
 */
import { hash } from 'node:crypto';
import type { Instant } from '../../shared/kernel/time.ts';
import { AwsError } from './aws-error.ts';
import type { JsonFields } from './json-fields.ts';

export interface MessageAttribute {
  readonly dataType: string;
  readonly kind: 'text' | 'binary';
  /** Base64 where the kind is binary. */
  readonly value: string;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

/** What a sender states. */
export interface OutgoingMessage {
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly delaySeconds?: number;
  readonly groupId?: string;
}

/** A message as a queue holds it. The mutable fields are the queue's alone. */
export interface StoredMessage {
  /** Order of arrival over all queues. */
  readonly sequence: number;
  readonly id: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly groupId?: string;
  readonly sentAt: Instant;
  /** The queue it came from when a redrive policy moved it here. */
  readonly movedFrom?: string;
  visibleAt: Instant;
  receiveCount: number;
  firstReceivedAt?: Instant;
}

/** Of bodies and of whole batches alike, attributes included. */
export const largestMessage = 1_048_576;
const validText = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;

export const md5 = (text: string): string => hash('md5', text, 'hex');

export function outgoingMessage(fields: JsonFields): OutgoingMessage {
  const body = fields.text('MessageBody');
  if (!validText.test(body)) throw new AwsError('InvalidMessageContents', 'Invalid binary character found in the message body.');
  if (fields.optionalText('MessageDeduplicationId') !== undefined) throw notForStandard('MessageDeduplicationId');
  const delaySeconds = fields.optionalWhole('DelaySeconds', 0, 900);
  const groupId = groupOf(fields);
  return {
    body,
    attributes: attributesOf(fields.optionalObject('MessageAttributes')),
    ...(delaySeconds === undefined ? {} : { delaySeconds }),
    ...(groupId === undefined ? {} : { groupId }),
  };
}

/** On a standard queue a group id makes the queue fair between groups; it orders nothing. */
function groupOf(fields: JsonFields): string | undefined {
  const groupId = fields.optionalText('MessageGroupId');
  if (groupId !== undefined && !/^[!-~]{1,128}$/.test(groupId))
    throw new AwsError(
      'InvalidParameterValue',
      'MessageGroupId can only include alphanumeric and punctuation characters, 1 to 128 in length.',
    );
  return groupId;
}

const notForStandard = (name: string): AwsError =>
  new AwsError(
    'InvalidParameterValue',
    `The request includes a parameter that is not valid for this queue type. Reason: ${name}.`,
  );

function attributesOf(fields: JsonFields): MessageAttributes {
  const names = fields.names();
  if (names.length > 10)
    throw new AwsError(
      'InvalidParameterValue',
      `Number of message attributes [${names.length}] exceeds the allowed maximum [10].`,
    );
  return Object.fromEntries(names.map((name) => [name, attributeOf(name, fields.object(name))]));
}

const reservedName = /^(aws|amazon)\./i;
const dottedName = /^\.|\.$|\.\./;

function attributeOf(name: string, fields: JsonFields): MessageAttribute {
  if (!/^[\w.-]{1,256}$/.test(name) || reservedName.test(name) || dottedName.test(name))
    throw new AwsError('InvalidParameterValue', `The message attribute name '${name}' is invalid.`);
  const dataType = fields.optionalText('DataType') ?? '';
  const type = dataType.split('.')[0];
  const text = fields.optionalText('StringValue');
  const binary = fields.optionalText('BinaryValue');
  const value = type === 'Binary' ? binary : text;
  if (type !== 'String' && type !== 'Number' && type !== 'Binary')
    throw new AwsError(
      'InvalidParameterValue',
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  if (value === undefined || value === '')
    throw new AwsError(
      'InvalidParameterValue',
      `The message attribute '${name}' must contain a non-empty value of type ${type}.`,
    );
  if (type !== 'Binary' && !validText.test(value))
    throw new AwsError('InvalidMessageContents', `Invalid binary character found in the message attribute '${name}'.`);
  if (type === 'Number' && !/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(value))
    throw new AwsError('InvalidParameterValue', `Can't cast the value of message attribute '${name}' to a number.`);
  return { dataType, kind: type === 'Binary' ? 'binary' : 'text', value };
}

const bytesOf = (attribute: MessageAttribute): Buffer =>
  Buffer.from(attribute.value, attribute.kind === 'binary' ? 'base64' : 'utf8');

/** Bytes that count against the limits: the body, and of each attribute its name, type and value. */
export function sizeOf(message: OutgoingMessage): number {
  const attributes = Object.entries(message.attributes).map(
    ([name, attribute]) => Buffer.byteLength(name) + Buffer.byteLength(attribute.dataType) + bytesOf(attribute).length,
  );
  return attributes.reduce((sum, size) => sum + size, Buffer.byteLength(message.body));
}

/**
 * The checksum that SDKs compare: names sorted; name, type and value each after its length in four bytes, the value
 * also after a byte that is 1 for text and 2 for binary (SQS guide, "Calculating the MD5 message digest").
 */
export function attributesMd5(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const parts = names.flatMap((name) => {
    const attribute = attributes[name];
    if (attribute === undefined) return [];
    const kind = Buffer.from([attribute.kind === 'text' ? 1 : 2]);
    return [measured(Buffer.from(name)), measured(Buffer.from(attribute.dataType)), kind, measured(bytesOf(attribute))];
  });
  return hash('md5', Buffer.concat(parts), 'hex');
}

function measured(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** As the wire of SQS writes them. */
export function wireAttributes(attributes: MessageAttributes): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { dataType, kind, value }]) => [
      name,
      kind === 'binary' ? { DataType: dataType, BinaryValue: value } : { DataType: dataType, StringValue: value },
    ]),
  );
}
