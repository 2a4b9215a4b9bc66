/**
 * Bytes of an item as DynamoDB bills them, from its published rules and written without a look at any engine's code, so
 * that what an engine reports can be checked against it (promise 7).
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';

export type Item = Readonly<Record<string, AttributeValue>>;

const utf8 = (text: string): number => Buffer.byteLength(text, 'utf8');
const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0);

/** Names and values of all attributes. */
export const itemBytes = (item: Item): number => sum(Object.entries(item).map(([name, value]) => utf8(name) + valueBytes(value)));

/** Source of the rules: DynamoDB developer guide, "Item sizes and formats". */
function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return utf8(value.S);
  if (value.N !== undefined) return numberBytes(value.N);
  if (value.B !== undefined) return value.B.byteLength;
  if (value.BOOL !== undefined || value.NULL !== undefined) return 1;
  if (value.M !== undefined) return 3 + sum(Object.entries(value.M).map(([name, inner]) => 1 + utf8(name) + valueBytes(inner)));
  if (value.L !== undefined) return 3 + sum(value.L.map((inner) => 1 + valueBytes(inner)));
  if (value.SS !== undefined) return sum(value.SS.map(utf8));
  if (value.NS !== undefined) return sum(value.NS.map(numberBytes));
  if (value.BS !== undefined) return sum(value.BS.map((bytes) => bytes.byteLength));
  throw new Error('an attribute value of a type this calculator does not know');
}

/**
 * One byte, one for each two significant digits before the point and one for each two after it, one for a minus sign;
 * zeros at both ends do not count. The guide says "approximately"; this is what the service was seen to do, byte by byte
 * (github.com/nubo-db/dynoxide pull request 195, measured in eu-west-2). The engine of release 1.2.1 takes all digits as
 * they are written and rounds the half down, so it is a byte lower for an odd count of digits and higher for zeros.
 */
export function numberBytes(text: string): number {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().replace(/^[-+]/, '').split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = `${whole}${fraction}`;
  const significant = digits.replace(/^0+/, '').replace(/0+$/, '');
  if (significant === '') return 1;
  const leading = digits.length - digits.replace(/^0+/, '').length;
  const point = whole.length - leading + Number(exponent); // significant digits before the point, were there enough
  const before = Math.min(Math.max(point, 0), significant.length);
  const halves = Math.ceil(before / 2) + Math.ceil((significant.length - before) / 2);
  return 1 + halves + (text.startsWith('-') ? 1 : 0);
}
