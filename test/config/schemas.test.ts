/** The JSON Schemas in config/schemas, which editors complete with, say what the code says. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { isObject, parseJson, type Json } from '../../shared/kernel/json.ts';
import { checkFiles } from '../../shared/config/check-config.ts';
import { knownEvents } from '../../shared/config/decode/event-words.ts';
import { jsonSchemas } from '../../shared/config/decode/json-schemas.ts';
import { readYaml } from '../../shared/config/decode/read-yaml.ts';
import { readFolder } from '../../shared/config/read-folder.ts';
import { bigConfig } from './big-config.ts';
import { brandWithSms, email, smallConfig, sms } from './small-config.ts';

const read = (path: string): Promise<string> => readFile(fileURLToPath(new URL(`../../config/${path}`, import.meta.url)), 'utf8');

describe('config/schemas', () => {
  test.each(Object.keys(jsonSchemas()))('%s is up to date (else: node cli/write-schemas.ts)', async (file) => {
    expect(await read(`schemas/${file}`)).toBe(jsonSchemas()[file]);
  });

  test('is named on the first line of every file that comes with Relance', async () => {
    const files = [...(await readFolder(stock)).files].filter(([path]) => path.endsWith('.yaml'));
    expect(files.length).toBeGreaterThan(2);
    for (const [path, text] of files) {
      const schema = path === 'brand.yaml' ? 'schemas/brand.json' : `../schemas/${kindOf(path)}.json`;
      expect([path, text.split('\n')[0]]).toEqual([path, `# yaml-language-server: $schema=${schema}`]);
    }
  });

  test('accepts what the check accepts: the stock config and one of every word', async () => {
    const files = [...(await readFolder(stock)).files, ...Object.entries(bigConfig)].filter(([path]) => path.endsWith('.yaml'));
    for (const [path, text] of files) expect([path, complaintsOf(path, text)]).toEqual([path, []]);
  });

  test.each([
    ['journeys/a.yaml', 'start: { on: Cart Updated, onse: true }\nsteps: [{ send: a }]\n'],
    ['journeys/a.yaml', 'start: { on: Cart Updated }\nsteps: [{ snd: a }]\n'],
    ['journeys/a.yaml', 'start: { on: Cart Updated }\nsteps: [{ wait: 1 day, then: [] }]\n'],
    ['journeys/a.yaml', 'start: { entered: a, existing: all }\nsteps: [{ send: a }]\n'],
    ['journeys/a.yaml', 'start: { date: a, every: week }\nsteps: [{ send: a }]\n'],
    ['segments/a.yaml', 'where: { city: Lyon }\n'],
    ['segments/a.yaml', 'when: { all: { city: Lyon } }\n'],
    ['segments/a.yaml', 'when: [{ city: Lyon }]\n'],
    ['campaigns/a.yaml', 'segment: a\nsend: b\non: 2030-01-01\nzone: Europe/Paris\n'],
    ['campaigns/a.yaml', 'segment: a\n'],
    ['brand.yaml', 'name: a\nmaturity: 9\n'],
  ])('shows a mistake while it is typed: %s %j', (path, text) => {
    expect(complaintsOf(path, text)).not.toEqual([]);
  });
});

const stock = fileURLToPath(new URL('../../config', import.meta.url));
const kindOf = (path: string): string => (path === 'brand.yaml' ? 'brand' : path.replace(/s\/.*$/, ''));
const ajv = new Ajv({ allErrors: true, strictTypes: false, allowUnionTypes: true, strictRequired: false });
const validators = Object.fromEntries(
  Object.entries(jsonSchemas()).map(([file, text]) => [file.replace('.json', ''), ajv.compile(JSON.parse(text))]),
);

function complaintsOf(path: string, text: string): readonly string[] {
  const validate = validators[kindOf(path)]!;
  return validate(readYaml(text).value)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}

/** Every field that a schema knows, at any depth. */
function wordsOf(schema: Json): readonly string[] {
  if (Array.isArray(schema)) return schema.flatMap((part: Json) => wordsOf(part));
  if (!isObject(schema)) return [];
  const { properties, ...rest } = schema;
  const own = isObject(properties) ? Object.keys(properties) : [];
  return [...own, ...wordsOf(Object.values(isObject(properties) ? properties : {})), ...wordsOf(Object.values(rest))];
}

describe.each(['README.md', 'LISEZMOI.md'])('config/%s', (file) => {
  test('explains every word of the language', async () => {
    const text = await read(file);
    const frontMatter = ['subject', 'preheader', 'purpose', 'topic', 'repeat'];
    const words = new Set([...Object.values(jsonSchemas()).flatMap((schema) => wordsOf(parseJson(schema))), ...frontMatter]);
    expect(words.size).toBeGreaterThan(40);
    expect([...words].filter((word) => !new RegExp(`\`[^\`\n]*\\b${word}\\b[^\`\n]*\``).test(text))).toEqual([]);
  });

  test('gives examples that the check accepts', async () => {
    const layout = [...(await readFolder(stock)).files].filter(([path]) => path.includes('_layout'));
    const examples = examplesIn(await read(file));
    const named = [...examples.values()].flatMap((text) => [...text.matchAll(/send: ([a-z-]+)/g)].map(([, name]) => name ?? ''));
    const stubs = named.flatMap((name) => [
      [`templates/${name}/email.fr.mjml`, email] as const,
      ...(name === 'commande-prete' ? [[`templates/${name}/sms.fr.txt`, sms] as const] : []),
    ]);
    const files = new Map([
      ...stubs,
      ...smallConfig({ 'brand.yaml': brandWithSms, 'journeys/rappel.yaml': undefined }),
      ...layout,
      ...examples,
    ]);
    const checked = await checkFiles(files);
    expect(checked.kind === 'bad' ? checked.problems : []).toEqual([]);
    expect(examples.size).toBeGreaterThan(14);
  });
});

test('config/LISEZMOI.md says in French what each event of the vocabulary is', async () => {
  const text = await read('LISEZMOI.md');
  expect(knownEvents.filter((event) => !text.includes(`\`${event}\``))).toEqual([]);
});

/** Path → text: blocks of YAML say theirs in a comment, templates in the line above. */
function examplesIn(text: string): ReadonlyMap<string, string> {
  const yaml = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
    block.split(/^# (?=\S+\.yaml$)/m).slice(1),
  );
  const templates = [...text.matchAll(/^`(templates\/\S+)` ?:\n\n```\n([\s\S]*?)```/gm)];
  return new Map([
    ...yaml.map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1)] as const),
    ...templates.map(([, path = '', content = '']) => [path, content] as const),
  ]);
}
