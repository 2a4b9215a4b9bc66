/** `relance check` says what is wrong where people and programs look for it. */
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { relance } from '../../cli/relance.ts';
import { journey, smallConfig } from './small-config.ts';

const stock = fileURLToPath(new URL('../../config', import.meta.url));

async function run(...args: string[]) {
  const [out, error]: [string[], string[]] = [[], []];
  const code = await relance(args, { out: (line) => out.push(line), error: (line) => error.push(line) });
  return { code, out: out.join('\n'), error: error.join('\n') };
}

describe('relance check', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'relance-check-'));
    for (const [path, text] of smallConfig({
      'journeys/rappel.yaml': journey.replace('30 minutes', '30').replace('rappel', 'rapel'),
    })) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('answers 0 for a good folder', async () => {
    expect(await run('check', stock)).toEqual({
      code: 0,
      out: `${stock} is good: 2 journeys (bienvenue, panier-abandonne).`,
      error: '',
    });
  });

  test('answers 1 and tells each problem with its place', async () => {
    const { code, out } = await run('check', folder);
    expect(code).toBe(1);
    expect(out).toBe(`${folder}/journeys/rappel.yaml:4:11  "30" is not a duration
    expected: a number and a unit, such as 30 minutes, 2 hours, 3 days
    write 30 minutes

${folder}/journeys/rappel.yaml:6:11  there is no template "rapel"
    expected: the name of a folder in templates that holds an e-mail or an SMS
    did you mean "rappel"?

2 problems in ${folder}. Nothing was changed.`);
  });

  test('answers JSON for programs', async () => {
    const { code, out } = await run('check', '--json', folder);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual([
      {
        file: `${folder}/journeys/rappel.yaml`,
        line: 4,
        column: 11,
        problem: '"30" is not a duration',
        expected: 'a number and a unit, such as 30 minutes, 2 hours, 3 days',
        suggestion: 'write 30 minutes',
      },
      {
        file: `${folder}/journeys/rappel.yaml`,
        line: 6,
        column: 11,
        problem: 'there is no template "rapel"',
        expected: 'the name of a folder in templates that holds an e-mail or an SMS',
        suggestion: 'did you mean "rappel"?',
      },
    ]);
    expect(JSON.parse((await run('check', '--json', stock)).out)).toEqual([]);
  });

  test('tells notes and what is switched off, and answers 0', async () => {
    const noted = await mkdtemp(join(tmpdir(), 'relance-check-'));
    const start = 'start: { on: Rendez-vous pris, where: { city: Lyon } }\nsteps: [{ send: rappel }]\n';
    const files = smallConfig({ 'journeys/rappel.yaml': start, 'journeys/plus-tard.yaml': `active: false\n${journey}` });
    for (const [path, text] of files) {
      await mkdir(dirname(join(noted, path)), { recursive: true });
      await writeFile(join(noted, path), text);
    }
    const { code, out } = await run('check', noted);
    expect([code, out]).toEqual([
      0,
      `${noted}/journeys/rappel.yaml:1:14  note: "Rendez-vous pris" is an event of your own: it happens only if your site, shop or app sends it under exactly this name
    expected: a name that something sends

${noted} is good: 1 journey (rappel), 1 segment (fideles). Switched off: journeys/plus-tard.yaml.`,
    ]);
    expect(JSON.parse((await run('check', '--json', noted)).out)).toEqual([]);
    expect((await run('check', '--fields', noted)).out).toContain(`journeys/rappel
    did Rendez-vous pris
    traits.city

segments/fideles
    orders.count
`);
    await rm(noted, { recursive: true });
  });

  test('helps', async () => {
    expect((await run('check', '--help')).out).toMatch(/^Usage: relance check \[--json\] \[--fields\] \[folder\]/);
    expect((await run('--help')).out).toMatch(/check +is config/);
  });

  test.each([[[]], [['chek']], [['check', '--jsn']], [['check', 'a', 'b']]])(
    'answers 2 when called wrongly: %j',
    async (args) => {
      expect((await run(...args)).code).toBe(2);
    },
  );
});
