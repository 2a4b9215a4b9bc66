/** References in a CloudFormation template, replaced by what they would be in an invented account. */
import * as v from 'valibot';

export const account = '000000000000';
export const region = 'eu-west-3';

const pseudo: Readonly<Record<string, string>> = {
  'AWS::AccountId': account,
  'AWS::Region': region,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
};

const resources = v.object({
  Resources: v.record(v.string(), v.object({ Type: v.string(), Properties: v.optional(v.record(v.string(), v.unknown()), {}) })),
});
type Resources = v.InferOutput<typeof resources>['Resources'];

const ref = v.strictObject({ Ref: v.string() });
const attribute = v.strictObject({ 'Fn::GetAtt': v.tuple([v.string(), v.string()]) });
const joined = v.strictObject({ 'Fn::Join': v.tuple([v.string(), v.array(v.unknown())]) });
const substituted = v.strictObject({ 'Fn::Sub': v.string() });

/** What it cannot resolve stays as it is. */
export const resolved = (template: unknown): unknown => walk(template, v.parse(resources, template).Resources);

function walk(value: unknown, all: Resources): unknown {
  if (Array.isArray(value)) return value.map((one) => walk(one, all));
  if (typeof value !== 'object' || value === null) return value;
  if (v.is(ref, value)) return refersTo(value.Ref, all);
  if (v.is(attribute, value)) return attributeOf(...value['Fn::GetAtt'], all);
  if (v.is(joined, value)) {
    const [separator, parts] = value['Fn::Join'];
    return parts.map((part) => String(walk(part, all))).join(separator);
  }
  if (v.is(substituted, value)) return value['Fn::Sub'].replaceAll(/\$\{([^}]+)\}/g, (_, name: string) => refersTo(name, all));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, walk(one, all)]));
}

/** `Ref` of those that answer something else than their name. */
const refs: Readonly<Record<string, (name: string) => string>> = {
  'AWS::SQS::Queue': (name) => `https://sqs.${region}.amazonaws.com/${account}/${name}`,
  'AWS::SNS::Topic': (name) => arn('sns', name),
};

const arns: Readonly<Record<string, (name: string) => string>> = {
  'AWS::SQS::Queue': (name) => arn('sqs', name),
  'AWS::Lambda::Function': (name) => arn('lambda', `function:${name}`),
  'AWS::Logs::LogGroup': (name) => `${arn('logs', `log-group:${name}`)}:*`,
};

function refersTo(id: string, all: Resources): string {
  const found = all[id];
  if (found === undefined) return pseudo[id] ?? id;
  const name = nameOf(id, all);
  return refs[found.Type]?.(name) ?? name;
}

function attributeOf(id: string, name: string, all: Resources): string {
  if (name === 'QueueName') return nameOf(id, all);
  const arnOf = name === 'Arn' ? arns[all[id]?.Type ?? ''] : undefined;
  return arnOf?.(nameOf(id, all)) ?? `${id}.${name}`;
}

const arn = (service: string, name: string): string => `arn:aws:${service}:${region}:${account}:${name}`;

const nameProperties = ['QueueName', 'TopicName', 'FunctionName', 'LogGroupName', 'DomainName', 'Name'];

/** Its physical name where it has one, else its logical id. */
function nameOf(id: string, all: Resources): string {
  const properties = all[id]?.Properties ?? {};
  const name = nameProperties.map((property) => properties[property]).find((value) => typeof value === 'string');
  return typeof name === 'string' ? name : id;
}
