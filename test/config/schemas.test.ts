/** The JSON Schemas in config/schemas, which editors complete with, say what the code says. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { isObject, parseJson, type Json } from '../../shared/kernel/json.ts';
import { checkFiles } from '../../shared/config/check-config.ts';
import { jsonSchemas } from '../../shared/config/decode/json-schemas.ts';
import { smallConfig } from './small-config.ts';

const read = (path: string): Promise<string> => readFile(fileURLToPath(new URL(`../../config/${path}`, import.meta.url)), 'utf8');

describe('config/schemas', () => {
  test.each(Object.keys(jsonSchemas()))('%s is up to date (else: node cli/write-schemas.ts)', async (file) => {
    expect(await read(`schemas/${file}`)).toBe(jsonSchemas()[file]);
  });

  test.each([
    ['brand.yaml', 'schemas/brand.json'],
    ['journeys/panier-abandonne.yaml', '../schemas/journey.json'],
    ['journeys/bienvenue.yaml', '../schemas/journey.json'],
  ])('%s names its schema on the first line', async (path, schema) => {
    expect((await read(path)).split('\n')[0]).toBe(`# yaml-language-server: $schema=${schema}`);
  });
});

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
    const [journey, where] = [...(await read(file)).matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml]) => yaml ?? '');
    const around = `start:\n  on: Cart Updated\n${(where ?? '').replaceAll(/^/gm, '  ')}\nsteps: [{ send: rappel }]\n`;
    const checked = await checkFiles(smallConfig({ 'journeys/exemple.yaml': journey, 'journeys/condition.yaml': around }));
    const problems = checked.kind === 'bad' ? checked.problems.map(({ problem }) => problem) : [];
    expect(problems.filter((problem) => !problem.startsWith('there is no template'))).toEqual([]);
    expect(problems.length).toBe(3); // the templates that the example names
  });
});
