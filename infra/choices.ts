/**
 * What the owner of an installation decides, and the check of it: every mistake is told with its field, what was expected
 * and what to do. The values stand in relance.config.ts.
 */
import * as v from 'valibot';

const lowerWords = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
const hostNamePattern = new RegExp(`^(${label}\\.)+[a-z]{2,63}$`);
const certificatePattern = /^arn:aws[\w-]*:acm:([a-z0-9-]+):\d{12}:certificate\/[\w-]+$/;

const text = v.string('has to be text');
const hostName = v.pipe(
  text,
  v.regex(hostNamePattern, 'is no domain name. Write it in small letters without http:// and slashes, such as example.com'),
);
const subDomain = v.pipe(
  text,
  v.regex(
    new RegExp(`^${label}$`),
    'is no single part of a domain name. Write one such as news: mails leave from news.example.com',
  ),
);
const mailAddress = v.pipe(text, v.email('is no e-mail address. Write one that somebody reads every day'));
const amount = (most: number, unit: string) => {
  const expected = `is not a number of ${unit} between 1 and ${most}`;
  return v.pipe(v.number(expected), v.minValue(1, expected), v.maxValue(most, expected));
};

const links = v.strictObject({
  domain: hostName,
  certificate: v.pipe(
    text,
    v.regex(
      certificatePattern,
      'is no ARN of a certificate. Request one for the domain in AWS Certificate Manager, in the region of the installation, and copy its ARN here',
    ),
  ),
});

const schema = v.strictObject({
  /** Prefix of everything in the account: two installations side by side need two names. Never change it once people are stored. */
  name: v.pipe(
    text,
    v.regex(lowerWords, 'is no name for AWS. Use small letters, digits and single hyphens, such as relance'),
    v.maxLength(20, 'is too long for the names that are made of it. Use 20 characters at most'),
  ),
  /** AWS region; all data stays there. */
  region: v.pipe(text, v.regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'is no AWS region. Write its code, such as eu-west-3 for Paris')),
  /** The shop's own domain. Mails leave from sub-domains of it, so that their reputation is apart from the staff's mail. */
  domain: hostName,
  /** Who is told when something needs a person. AWS asks once for a confirmation by mail. */
  alarmEmail: mailAddress,
  /** AWS writes to `alarmEmail` at 80 % of it, and when the month is going to be dearer. It stops nothing. */
  monthlyBudgetUsd: amount(1_000_000, 'US dollars'),
  /** Sub-domain of marketing mails. */
  marketingSubdomain: v.optional(subDomain, 'news'),
  /** Sub-domain of receipts, password resets and the like: complaints about marketing do not touch it. */
  transactionalSubdomain: v.optional(subDomain, 'mail'),
  /** Where mailbox providers send their daily DMARC reports; nobody gets them when absent. */
  dmarcReports: v.optional(mailAddress),
  /** An own domain for links in mails instead of API Gateway's, with its certificate. */
  links: v.optional(links),
  /** The table never takes more, whatever runs wild: 500 a second all day long are 32 US dollars in Paris. */
  mostWritesPerSecond: v.optional(amount(40_000, 'writes'), 500),
});

/** As written in relance.config.ts. */
export type Choices = v.InferInput<typeof schema>;
/** Complete. */
export type CheckedChoices = v.InferOutput<typeof schema>;

/** relance.config.ts cannot be deployed: one line for each thing to correct. */
export class BadChoices extends Error {
  override readonly name = 'BadChoices';
}

/** Throws BadChoices. */
export function checkChoices(given: unknown): CheckedChoices {
  const result = v.safeParse(schema, given);
  if (!result.success) throw new BadChoices(inWords(result.issues.map(lineOf)));
  const problems = contradictions(result.output);
  if (problems.length > 0) throw new BadChoices(inWords(problems));
  return result.output;
}

/** Fields that still hold the examples of the repository: they synthesise, but nobody can deploy them. */
export const examplesLeft = ({ domain, alarmEmail }: CheckedChoices): readonly string[] => [
  ...(/(^|\.)example\.(com|net|org)$/.test(domain) ? ['domain'] : []),
  ...(/[@.]example\.(com|net|org)$/.test(alarmEmail) ? ['alarmEmail'] : []),
];

function contradictions(choices: CheckedChoices): readonly string[] {
  const { marketingSubdomain, transactionalSubdomain, region, links: own } = choices;
  const certificateRegion = own && certificatePattern.exec(own.certificate)?.[1];
  return [
    ...(marketingSubdomain === transactionalSubdomain
      ? [`transactionalSubdomain: is "${marketingSubdomain}" like marketingSubdomain. Give it another one, such as mail`]
      : []),
    ...(certificateRegion !== undefined && certificateRegion !== region
      ? [`links.certificate: lies in ${certificateRegion}, but the installation in ${region}. Request one there`]
      : []),
  ];
}

function lineOf(issue: v.BaseIssue<unknown>): string {
  const where = v.getDotPath(issue) ?? 'choices';
  if (issue.input === undefined && issue.expected !== 'never') return `${where}: is missing. Write it as infra/choices.ts says`;
  if (issue.type !== 'strict_object') return `${where}: ${JSON.stringify(issue.input) ?? ''} ${issue.message}`;
  if (issue.expected === 'never')
    return `${where}: is no choice that Relance knows. Known are ${Object.keys(schema.entries).join(', ')}`;
  return `${where}: has to be an object with ${Object.keys(schema.entries).join(', ')}`;
}

const inWords = (lines: readonly string[]): string =>
  [
    `relance.config.ts has ${lines.length === 1 ? 'a problem' : `${lines.length} problems`}:`,
    ...lines.map((line) => `  ${line}.`),
  ].join('\n');
