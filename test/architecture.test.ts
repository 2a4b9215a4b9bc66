/** The rooms and floors hold: proven on the real tree, and on planted violations so that the check itself is proven. */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { checkArchitecture, describe as line } from './architecture/rules.ts';
import { readFolders, readSource } from './architecture/source.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folders = ['shared', 'functions', 'local', 'cli', 'infra'];

/** A small tree in memory: path → text. */
const problemsOf = (files: Readonly<Record<string, string>>): string[] =>
  checkArchitecture(Object.entries(files).map(([path, text]) => readSource(path, text))).map(line);

test('the rooms of the product import downward only and keep their secrets', () => {
  const sources = readFolders(root, folders);
  expect(sources.length).toBeGreaterThan(0);
  expect(checkArchitecture(sources).map(line)).toEqual([]);
});

test('a tree in order has no violations', () => {
  expect(
    problemsOf({
      'shared/kernel/time.ts': `import { Temporal } from 'temporal-polyfill';\nexport const at = (t: number) => new Date(t);`,
      'shared/rules/condition.ts': `import { at } from '../kernel/time.ts';\n// Date.now() and import './x' in a comment\nexport const a = at;`,
      'shared/adapters/aws/table.ts': `import { DynamoDBClient } from '@aws-sdk/client-dynamodb';\nexport const now = () => Date.now();`,
      'shared/topology.ts': `export const text = "import '../cli/relance.ts'";`,
      'functions/edge/queue.ts': `import middy from '@middy/core';\nexport const q = middy;`,
      'functions/process-events.ts': `import { q } from './edge/queue.ts';\nimport { a } from '../shared/rules/condition.ts';\nexport { a, q };`,
      'infra/app.ts': `import { text } from '../shared/topology.ts';\nimport { App } from 'aws-cdk-lib';\nexport { App, text };`,
    }),
  ).toEqual([]);
});

/** What is planted, in which file, and what the check must say, with file and line. */
const planted: readonly { what: string; files: Record<string, string>; says: readonly RegExp[] }[] = [
  {
    what: 'a domain file that imports an adapter',
    files: { 'shared/rules/a.ts': `\n\nimport { table } from '../adapters/aws/table.ts';` },
    says: [/^shared\/rules\/a\.ts:3 imports shared\/adapters\/aws\/table\.ts: shared\/adapters stands above shared\/rules$/],
  },
  {
    what: 'a domain file that imports an adapter as a type',
    files: { 'shared/rules/a.ts': `import type { Table } from '../adapters/aws/table.ts';` },
    says: [/^shared\/rules\/a\.ts:1 imports .* stands above/],
  },
  {
    what: 'a domain file that imports an AWS client',
    files: { 'shared/journeys/a.ts': `// first\nimport {\n  SQSClient,\n} from '@aws-sdk/client-sqs';` },
    says: [/^shared\/journeys\/a\.ts:2 imports @aws-sdk\/client-sqs: AWS clients live in/],
  },
  {
    what: 'a domain file that imports an AWS client when it is called',
    files: { 'shared/pipeline/a.ts': `export const a = async () =>\n  import('@aws-sdk/client-ses');` },
    says: [/^shared\/pipeline\/a\.ts:2 imports @aws-sdk\/client-ses/],
  },
  {
    what: 'a handler that imports an AWS client',
    files: { 'functions/a.ts': `export * from '@aws-sdk/client-sns';` },
    says: [/^functions\/a\.ts:1 imports @aws-sdk\/client-sns/],
  },
  {
    what: 'a room that imports a room above it',
    files: { 'shared/events/a.ts': `import { b } from '../profile/b.ts';` },
    says: [/^shared\/events\/a\.ts:1 imports shared\/profile\/b\.ts: shared\/profile stands above shared\/events$/],
  },
  {
    what: 'a type written as import() of a room above',
    files: { 'shared/kernel/a.ts': `export type B = import('../events/b.ts').B;` },
    says: [/^shared\/kernel\/a\.ts:1 imports shared\/events\/b\.ts/],
  },
  {
    what: 'a room that imports its neighbour',
    files: { 'shared/pipeline/a.ts': `import { b } from '../adapters/memory/b.ts';` },
    says: [/^shared\/pipeline\/a\.ts:1 .*shared\/adapters stands beside shared\/pipeline on the same floor$/],
  },
  {
    what: 'product code that imports a test',
    files: { 'shared/rules/a.ts': `import { b } from '../../test/b.ts';` },
    says: [/^shared\/rules\/a\.ts:1 imports test\/b\.ts: test is no room of the product$/],
  },
  {
    what: 'a handler that uses a memory twin',
    files: { 'functions/a.ts': `import { b } from '../shared/adapters/memory/b.ts';` },
    says: [/^functions\/a\.ts:1 .*the memory twins are for tests and simulation$/],
  },
  {
    what: 'a circle of three files in one room',
    files: {
      'shared/rules/a.ts': `import { b } from './b.ts';`,
      'shared/rules/b.ts': `\nimport { c } from './c.ts';`,
      'shared/rules/c.ts': `\n\nimport { a } from './a.ts';`,
    },
    says: [
      /^shared\/rules\/c\.ts:3 closes a circle: shared\/rules\/a\.ts → shared\/rules\/b\.ts → shared\/rules\/c\.ts → shared\/rules\/a\.ts$/,
    ],
  },
  {
    what: 'a relative import without its ending',
    files: { 'shared/kernel/a.ts': `import { b } from './b';` },
    says: [/^shared\/kernel\/a\.ts:1 imports \.\/b without its ending/],
  },
  {
    what: 'middy outside the edge',
    files: { 'functions/a.ts': `import middy from '@middy/core';` },
    says: [/^functions\/a\.ts:1 imports @middy\/core: only functions\/edge knows middy$/],
  },
  {
    what: 'the calendar library outside the kernel',
    files: { 'shared/messages/a.ts': `import { Temporal } from 'temporal-polyfill';` },
    says: [/^shared\/messages\/a\.ts:1 imports temporal-polyfill: only shared\/kernel knows it$/],
  },
  {
    what: 'infra that imports the product',
    files: { 'infra/a.ts': `import { b } from '../shared/kernel/b.ts';` },
    says: [/^infra\/a\.ts:1 .*infra imports nothing of the product but topology\.ts$/],
  },
  {
    what: 'a topology that imports something',
    files: { 'shared/topology.ts': `import { join } from 'node:path';` },
    says: [/^shared\/topology\.ts:1 imports node:path: topology\.ts is data/],
  },
  {
    what: 'a barrel, and files that are named after nothing',
    files: { 'shared/kernel/index.ts': '', 'shared/rules/utils.ts': '', 'local/helpers/a.ts': '', 'cli/common.ts': '' },
    says: [
      /^cli\/common\.ts:1 is called/,
      /^local\/helpers\/a\.ts:1 is called/,
      /^shared\/kernel\/index\.ts:1 is a barrel/,
      /^shared\/rules\/utils\.ts:1 is called/,
    ],
  },
  {
    what: 'a room that the design does not know',
    files: { 'shared/services/a.ts': '' },
    says: [/^shared\/services\/a\.ts:1 stands in shared\/services, which has no floor/],
  },
  {
    what: 'a domain file that reads clock and randomness',
    files: {
      'shared/rules/a.ts': `const a = Date.now();\nconst b = new Date();\nconst c = [1].map(Math.random);\nconst d = randomUUID();`,
    },
    says: [/a\.ts:1 calls Date\.now/, /a\.ts:2 calls new Date\(\)/, /a\.ts:3 calls Math\.random/, /a\.ts:4 calls randomUUID\(\)/],
  },
  {
    what: 'a handler that reads the clock',
    files: { 'functions/a.ts': `export const a = Date.now;` },
    says: [/^functions\/a\.ts:1 calls Date\.now/],
  },
  {
    what: 'YAML on the way into a Lambda bundle',
    files: {
      'functions/a.ts': `import { b } from '../shared/config/b.ts';`,
      'shared/config/b.ts': `import type { Node } from 'mjml';\nimport { parse } from 'yaml';`,
    },
    says: [/^shared\/config\/b\.ts:2 imports yaml, which would travel into the bundle of functions\/a\.ts$/],
  },
];

test.each(planted)('is refused: $what', ({ files, says }) => {
  const problems = problemsOf(files);
  expect(problems).toHaveLength(says.length);
  says.forEach((expected, index) => expect(problems[index]).toMatch(expected));
});

test('a file that cannot be parsed is named with its line', () => {
  expect(() => readSource('shared/kernel/a.ts', 'const a = 1;\nimport {')).toThrow(/^shared\/kernel\/a\.ts:2 /);
});
