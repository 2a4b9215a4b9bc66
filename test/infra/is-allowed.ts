/** Whether the policy of a function allows a call. */
import type { Statement } from '../../infra/deployed-functions.ts';

export interface Call {
  /** Such as `dynamodb:PutItem`; a transaction is one call for each of its writes. */
  readonly action: string;
  /** ARN, or a phone number. */
  readonly resource: string;
  /** By condition key, such as `dynamodb:LeadingKeys` with the partition keys that the request names. */
  readonly values?: Readonly<Record<string, readonly string[]>>;
}

/** As IAM judges it, as far as our policies go. Throws on a condition that it does not know. */
export const isAllowed = (statements: readonly Statement[], { action, resource, values = {} }: Call): boolean =>
  statements.some(
    (statement) =>
      statement.Action.includes(action) &&
      isOn(statement, resource) &&
      Object.entries(statement.Condition).every(([operator, keys]) =>
        Object.entries(keys).every(([key, patterns]) => holds(operator, patterns, values[key] ?? [])),
      ),
  );

const isOn = (statement: Statement, resource: string): boolean =>
  'Resource' in statement
    ? statement.Resource.some((pattern) => matches(pattern, resource))
    : !statement.NotResource.some((pattern) => matches(pattern, resource));

function holds(operator: string, patterns: readonly string[], values: readonly string[]): boolean {
  const all = values.every((value) => patterns.some((pattern) => matches(pattern, value)));
  if (operator === 'ForAllValues:StringLike') return all; // true for none, as in IAM
  if (operator === 'StringLike') return all && values.length > 0;
  throw new Error(`no test knows the condition ${operator}`);
}

const wildcards: Readonly<Record<string, string>> = { '*': '.*', '?': '.' };

/** `*` is any text, `?` any one character. */
const matches = (pattern: string, text: string): boolean =>
  new RegExp(`^${pattern.replaceAll(/[*?]|[^*?]+/g, (part) => wildcards[part] ?? RegExp.escape(part))}$`, 's').test(text);
