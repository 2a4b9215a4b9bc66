/** A mistake in config/ is refused before it goes live, with file, line, reason and a suggestion (promise 8). */
import { mkdtemp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { checkConfig, checkFiles, type Checked } from '../../shared/config/check-config.ts';
import type { Broken } from './broken.ts';
import { brokenBrands } from './broken-brands.ts';
import { brokenCampaigns } from './broken-campaigns.ts';
import { brokenConditions } from './broken-conditions.ts';
import { brokenCounted } from './broken-counted.ts';
import { brokenDates } from './broken-dates.ts';
import { brokenDeeds } from './broken-deeds.ts';
import { brokenGaps, goodGaps } from './broken-gaps.ts';
import { brokenJourneys } from './broken-journeys.ts';
import { brokenLinks, goodLinks } from './broken-links.ts';
import { brokenLoops, goodRounds } from './broken-loops.ts';
import { brokenSegments } from './broken-segments.ts';
import { brokenSms } from './broken-sms.ts';
import { brokenStarts } from './broken-starts.ts';
import { brokenSteps } from './broken-steps.ts';
import { brokenTemplates } from './broken-templates.ts';
import { brokenTogether } from './broken-together.ts';
import { brokenWaits } from './broken-waits.ts';
import { brokenYaml } from './broken-yaml.ts';
import { brand, brandWithSms, email, journey, smallConfig, sms } from './small-config.ts';

const stock = fileURLToPath(new URL('../../config', import.meta.url));

function said(checked: Checked, file?: string): readonly string[] {
  if (checked.kind === 'good') return [];
  return checked.problems.map(
    ({ file: at, line, problem, suggestion }) =>
      `${at === file ? '' : `${at} `}${line} ${problem}${suggestion === '' ? '' : ` → ${suggestion}`}`,
  );
}

const everything: readonly (readonly [string, readonly Broken[]])[] = [
  ['a file that is no good YAML', brokenYaml],
  ['a journey', brokenJourneys],
  ['a start', brokenStarts],
  ['a count', brokenCounted],
  ['a date', brokenDates],
  ['a wait', brokenWaits],
  ['a step', brokenSteps],
  ['a condition', brokenConditions],
  ['a condition on deeds and dates', brokenDeeds],
  ['a segment', brokenSegments],
  ['a campaign', brokenCampaigns],
  ['files together', brokenTogether],
  ['journeys that go round', brokenLoops],
  ['the brand', brokenBrands],
  ['a template', brokenTemplates],
  ['a template that leaves gaps', brokenGaps],
  ['an unsubscribe link', brokenLinks],
  ['an SMS', brokenSms],
];

describe.each(everything)('refuses %s with', (_what, configs) => {
  test.each(configs.map((broken) => [broken.why, broken] as const))('%s', async (_why, { files, says }) => {
    expect(said(await checkFiles(smallConfig(files)), Object.keys(files)[0])).toEqual(says);
  });
});

test('every problem has its place, what was expected, and a line that exists', async () => {
  const broken = everything.flatMap(([, configs]) => configs);
  for (const { why, files } of broken) {
    const checked = await checkFiles(smallConfig(files));
    const problems = checked.kind === 'bad' ? checked.problems : [];
    expect({ why, found: problems.length > 0 }).toEqual({ why, found: true });
    for (const { file, line, column, expected } of problems) {
      const lines = smallConfig(files).get(file)?.split('\n') ?? [''];
      const width = (lines[line - 1] ?? '').length + 3; // a quote or two may have been put in
      const isInside = line >= 1 && line <= lines.length && column >= 1 && column <= width;
      expect({ why, isInside, isExplained: expected !== '' }).toEqual({ why, isInside: true, isExplained: true });
    }
  }
});

test.each(goodRounds)('journeys may listen to their own messages where something ends the round: %s', async (_why, files) => {
  expect(said(await checkFiles(smallConfig(files)))).toEqual([]);
});

test.each(goodLinks)('the unsubscribe link may be written %s', async (_how, files) => {
  expect(said(await checkFiles(smallConfig(files)))).toEqual([]);
});

test.each(goodGaps)('a template may print what cannot be missing: %s', async (_why, liquid) => {
  const files = { 'templates/rappel/email.fr.mjml': email.replace(/Bonjour.*(?=<\/mj-text>)/, liquid) };
  expect(said(await checkFiles(smallConfig(files)))).toEqual([]);
});

describe('accepts what was meant', () => {
  test.each<[string, Readonly<Record<string, string>>]>([
    ['the small config of these tests', {}],
    ['once as a word alone', { 'journeys/rappel.yaml': 'start: { on: Signed Up, once }\nsteps: [{ send: rappel }]\n' }],
    ['once in French', { 'journeys/rappel.yaml': 'start: { on: Signed Up, once: oui }\nsteps: [{ send: rappel }]\n' }],
    ['neither once nor once per', { 'journeys/rappel.yaml': 'start: { on: Signed Up }\nsteps: [{ send: rappel }]\n' }],
    ['durations in French', { 'journeys/rappel.yaml': journey.replace('30 minutes', '1 jour') }],
    ['a non-breaking space in a duration', { 'journeys/rappel.yaml': journey.replace('30 minutes', '30\u00a0minutes') }],
    ['a non-breaking space in a name', { 'journeys/rappel.yaml': journey.replace('Order Completed', 'Order\u00a0Completed') }],
    ['a non-breaking space in a field', { 'journeys/rappel.yaml': journey.replace('restart on', 'restart\u00a0on') }],
    [
      'non-breaking spaces as indentation',
      { 'journeys/rappel.yaml': journey.replaceAll('    restart', '\u00a0\u00a0\u00a0\u00a0restart') },
    ],
    ['a non-breaking space after a colon', { 'journeys/rappel.yaml': journey.replace('wait: 30', 'wait:\u00a030') }],
    ['a tab after a colon', { 'journeys/rappel.yaml': journey.replace('wait: 30', 'wait:\t30') }],
    ['a non-breaking space at the end of a line', { 'journeys/rappel.yaml': journey.replaceAll('\n', '\u00a0\n') }],
    ['line ends of old', { 'journeys/rappel.yaml': journey.replaceAll('\n', '\r') }],
    ['a text of several lines', { 'journeys/rappel.yaml': `description: >-\n  à la ligne\n${journey}` }],
    ['a space before a colon', { 'journeys/rappel.yaml': journey.replace('wait: 30', 'wait : 30') }],
    [
      'numbers where text is expected',
      { 'brand.yaml': brand.replace('name: Atelier\n', 'name: 1984\n').replace(/address.*/, 'address: 01000') },
    ],
    ['an apostrophe', { 'brand.yaml': brand.replace('name: Atelier\n', "name: L'atelier d'été\n") }],
    ['a comment after text', { 'brand.yaml': brand.replace('name: Atelier\n', 'name: Atelier # as on the sign\n') }],
    ['an event of our own', { 'journeys/rappel.yaml': journey.replace('Order Completed', 'Rendez-vous pris') }],
    [
      'a deep condition',
      {
        'journeys/rappel.yaml': withCondition(
          'any: [{ all: [city: Lyon, { not: { vip: true } }] }, { cart.value: { gte: 3, lt: 9 } }]',
        ),
      },
    ],
    [
      'lists, dates and numbers as text',
      { 'journeys/rappel.yaml': withCondition('{ country: [FR, BE], born: { lt: 2000-01-31 }, event.total: { gte: "30" } }') },
    ],
    [
      'exit as a step',
      { 'journeys/rappel.yaml': 'start: { on: Signed Up }\nsteps:\n  - if: { vip: true }\n    then: [exit]\n  - send: rappel\n' },
    ],
    [
      'a subject of Liquid in quotes',
      { 'templates/rappel/email.fr.mjml': email.replace('Votre panier', '"{{ brand.name }} : #1"') },
    ],
    [
      'a text part written by hand',
      { 'templates/rappel/email.fr.txt': 'Bonjour {{ person.firstName | default: "à vous" }}\n{{ links.unsubscribe }}\n' },
    ],
    ['the description of a journey, with a comma', { 'journeys/rappel.yaml': `description: Le panier, puis rien\n${journey}` }],
    [
      'French words and non-breaking spaces in a start',
      {
        'journeys/rappel.yaml':
          'start:\n\u00a0\u00a0did : Product Viewed\n  within:\u00a014\u00a0jours\n  times: 3\n  once: vrai\nsteps:\n  - wait until: 10\u00a0h\u00a030\n  - wait until: { at: midi, on: [Mardi, jeudi] }\n  - send: rappel\n',
      },
    ],
    [
      'days and moments in French',
      { 'segments/a.yaml': 'when: { a: { after: il y a 1\u202fan }, b: { on: aujourd’hui }, c: { before: "dans 2 mois" } }\n' },
    ],
    [
      'text of several lines that looks like fields',
      {
        'journeys/rappel.yaml':
          'start: { on: Cart Updated }\nsteps:\n  - task:\n      to: a@b.fr\n      subject: Rappeler\n      text: |\n        on:site\n        -send demain\n        start\n      \n  - send: rappel\n',
      },
    ],
    [
      'the birthday of the story',
      {
        'journeys/anniversaire.yaml':
          'start: { date: birthday, every: year, at: 9h }\nsteps:\n  - send: anniversaire\n    channels: [email, sms]\n',
        'templates/anniversaire/email.fr.mjml': email.replace('Votre panier', '10 % pour votre anniversaire'),
        'templates/anniversaire/sms.fr.txt': sms,
        'brand.yaml': brandWithSms,
      },
    ],
    [
      'a journey that ends its own cause: it goes round once',
      {
        'segments/nouveaux.yaml': 'when: { not: { tags: { contains: accueil } } }\n',
        'journeys/accueil.yaml': 'start: { entered: nouveaux }\nsteps:\n  - send: rappel\n  - add tag: accueil\n',
      },
    ],
    [
      'two journeys that set what the other asks for, each always the same',
      {
        'segments/a.yaml': 'when: { a: true }\n',
        'segments/b.yaml': 'when: { b: true }\n',
        'journeys/a.yaml': 'start: { entered: a }\nsteps:\n  - set: { b: true }\n',
        'journeys/b.yaml': 'start: { entered: b }\nsteps:\n  - set: { a: true }\n',
      },
    ],
    [
      'a journey that toggles what its segment does not ask for',
      {
        'segments/a.yaml': 'when: { a: true }\n',
        'journeys/a.yaml': 'start: { entered: a }\nsteps:\n  - set: { a: true, b: 1 }\n  - set: { b: 2 }\n',
      },
    ],
    ...['once: true', 'rest: 1 day', 'once per: vip'].map((guard): [string, Record<string, string>] => [
      `a circle with ${guard}`,
      {
        'segments/vip.yaml': 'when: { vip: true }\n',
        'journeys/a.yaml': `start: { entered: vip, ${guard} }\nsteps:\n  - set: { vip: false }\n  - send: rappel\n`,
        'journeys/b.yaml': 'start: { left: vip }\nsteps:\n  - set: { vip: true }\n',
      },
    ]),
    [
      'a circle that is switched off',
      {
        'segments/vip.yaml': 'when: { vip: true }\n',
        'journeys/a.yaml': 'active: false\nstart: { entered: vip }\nsteps:\n  - set: { vip: false }\n',
        'journeys/b.yaml': 'start: { left: vip }\nsteps:\n  - set: { vip: true }\n',
      },
    ],
    ['an SMS beside the e-mail', { 'templates/rappel/sms.fr.txt': sms, 'brand.yaml': brandWithSms }],
    [
      'an SMS alone, written on Windows, with signs that are no HTML',
      {
        'templates/merci/sms.fr.txt': sms
          .replace('{% if', '-10% <3 & 5 < 6, <Aube> AT&T; ?a=1&b=2\n{% if')
          .replaceAll('\n', '\r\n'),
        'journeys/merci.yaml': 'start: { on: Signed Up }\nsteps: [{ send: merci, channels: sms }]\n',
        'brand.yaml': brandWithSms,
      },
    ],
    [
      'tags in the Liquid of an SMS',
      {
        'templates/rappel/sms.fr.txt':
          '---\npurpose: marketing\n---\n{{ links.unsubscribe }} {{ person.note | replace: "<br>", " " | default: "&nbsp;" }}\n',
        'brand.yaml': brandWithSms,
      },
    ],
    [
      'a journey that is switched off, on level 1',
      { 'journeys/rappel.yaml': `active: false\n${journey}`, 'brand.yaml': brand.replace('maturity: 2', 'maturity: 1') },
    ],
    [
      'a year in French',
      { 'journeys/rappel.yaml': 'start: { on: Cart Updated, rest: 1 année }\nsteps: [{ wait: 1 an }, { send: rappel }]\n' },
    ],
    ['a sender of SMS before there is any', { 'brand.yaml': brandWithSms }],
  ])('%s', async (_what, files) => {
    expect(said(await checkFiles(smallConfig(files)))).toEqual([]);
  });
});

function withCondition(condition: string): string {
  return `start:\n  on: Cart Updated\n  where: ${condition.startsWith('{') ? condition : `{ ${condition} }`}\nsteps: [{ send: rappel }]\n`;
}

describe('the folder', () => {
  const folders: string[] = [];
  afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

  async function folderWith(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'relance-config-'));
    folders.push(folder);
    for (const [path, text] of Object.entries({ ...Object.fromEntries(smallConfig()), ...files })) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    return folder;
  }

  test('that comes with Relance is good', async () => {
    expect(said(await checkConfig(stock))).toEqual([]);
  });

  test('may be missing, and that is said', async () => {
    const [problem] = said(await checkConfig(join(stock, 'nowhere')));
    expect(problem).toMatch(/^brand\.yaml 1 there is no folder .*nowhere$/);
  });

  test('may hold notes, pictures and hidden files', async () => {
    const folder = await folderWith({
      'README.md': '# Notes',
      'templates/rappel/photo.jpg': new Uint8Array([255, 216]),
      'templates/rappel/idées.txt': 'smsdot',
      'templates/rappel/smsenvoi.txt': 'x',
      '.DS_Store': 'x',
      'brand.yaml~': 'x',
    });
    expect(said(await checkConfig(folder))).toEqual([]);
  });

  test('may be written on Windows, with a byte order mark', async () => {
    const windows = (text: string): string => `\ufeff${text.replaceAll('\n', '\r\n')}`;
    const files = [...smallConfig()].map(([path, text]) => [path, windows(text)] as const);
    expect(said(await checkConfig(await folderWith(Object.fromEntries(files))))).toEqual([]);
  });

  test.each<[string, string, string]>([
    [
      'a file with the wrong ending',
      'journeys/panier.yml',
      'journeys/panier.yml 1 the file ends in .yml → rename it to journeys/panier.yaml',
    ],
    [
      'a folder with a misspelt name',
      'journey/panier.yaml',
      'journey/panier.yaml 1 nothing reads a file here → did you mean "journeys"?',
    ],
    [
      'a journey with accents in its name',
      'journeys/Panier abandonné.yaml',
      'journeys/Panier abandonné.yaml 1 "Panier abandonné" cannot be a name → rename it to panier-abandonne',
    ],
    [
      'a segment in a folder',
      'segments/vip/or.yaml',
      'segments/vip/or.yaml 1 nothing reads a file here → put it into segments itself, without a folder',
    ],
    [
      'a campaign with the wrong ending',
      'campaigns/soldes.yml',
      'campaigns/soldes.yml 1 the file ends in .yml → rename it to campaigns/soldes.yaml',
    ],
    ['a folder nearly named', 'segment/vip.yaml', 'segment/vip.yaml 1 nothing reads a file here → did you mean "segments"?'],
    [
      'an e-mail without its language',
      'templates/rappel/email.mjml',
      'templates/rappel/email.mjml 1 nothing reads this file → name it email.fr.mjml, or fr by another language',
    ],
    ['an e-mail in no language', 'templates/rappel/email.zz.mjml', 'templates/rappel/email.zz.mjml 1 "zz" is not a language'],
    ...[
      'sms.txt',
      'sms.fr.mjml',
      'sms-fr.txt',
      'SMS.fr.txt',
      'sms.fr.txt.txt',
      'sms/fr.txt',
      'sms.fr.liquid',
      'sms.fr',
      'sms',
    ].map((name): [string, string, string] => [
      `an SMS called ${name}`,
      `templates/rappel/${name}`,
      `templates/rappel/${name} 1 nothing reads this file → name it sms.fr.txt, or fr by another language`,
    ]),
    [
      'an SMS for speakers of fra',
      'templates/rappel/sms.fra.txt',
      'templates/rappel/sms.fra.txt 1 "fra" is not a language → rename it to templates/rappel/sms.fr.txt',
    ],
    ['an SMS for speakers of nothing', 'templates/rappel/sms.zz.txt', 'templates/rappel/sms.zz.txt 1 "zz" is not a language'],
    [
      'an SMS among the parts that e-mails share',
      'templates/_layout/sms.fr.txt',
      'templates/_layout/sms.fr.txt 1 nothing reads this file: a text for phones has no shared parts',
    ],
    [
      'an SMS in no template',
      'templates/sms.fr.txt',
      'templates/sms.fr.txt 1 nothing reads a file here → put it into the folder of its template',
    ],
    [
      'an SMS in a template with a capital letter',
      'templates/Rappel/sms.fr.txt',
      'templates/Rappel/sms.fr.txt 1 "Rappel" cannot be a name → rename it to rappel',
    ],
    [
      'a journey that Windows named',
      'journeys/essai.yaml.txt',
      'journeys/essai.yaml.txt 1 nothing reads this file here → rename it to journeys/essai.yaml',
    ],
    [
      'a segment as JSON',
      'segments/Mes clients.json',
      'segments/Mes clients.json 1 nothing reads this file here → rename it to segments/mes-clients.yaml',
    ],
    [
      'an e-mail as HTML',
      'templates/rappel/email.en.html',
      'templates/rappel/email.en.html 1 nothing reads this file → write templates/rappel/email.en.mjml',
    ],
    [
      'the text of an e-mail that is not there',
      'templates/rappel/email.en.txt',
      'templates/rappel/email.en.txt 1 nothing reads this text: no e-mail stands beside it → write templates/rappel/email.en.mjml',
    ],
    ['a file called campaigns', 'campaigns', 'campaigns 1 campaigns is a file → make a folder campaigns'],
    [
      'push',
      'templates/rappel/push.fr.txt',
      'templates/rappel/push.fr.txt 1 push comes later; this version sends e-mail and SMS',
    ],
  ])('says what nothing would read: %s', async (_what, path, says) => {
    const folder = await folderWith({ [path]: path.startsWith('journeys') ? journey : 'x' });
    expect(said(await checkConfig(folder))).toContain(says);
  });

  test('reads no link that leads out, and prints nothing of what lies there', async () => {
    const elsewhere = await folderWith({ 'secret.yaml': 'root:x:0:0' });
    const folder = await folderWith({
      'journeys/plan.md': '# later',
      'journeys/photo.PNG': 'x',
      'templates/rappel/notes.txt': 'x',
    });
    await symlink(join(elsewhere, 'secret.yaml'), join(folder, 'journeys', 'secret.yaml'));
    await symlink(elsewhere, join(folder, 'templates', 'ailleurs'));
    await symlink(join(folder, 'segments', 'fideles.yaml'), join(folder, 'segments', 'lien.yaml'));
    await mkdir(join(folder, 'segments', 'vide.yaml'));
    const checked = await checkConfig(folder);
    expect(JSON.stringify(checked)).not.toContain('root');
    expect(said(checked)).toEqual([
      'journeys/secret.yaml 1 this link leads out of the folder',
      'segments/vide.yaml 1 this is a folder, not a file',
      'templates/ailleurs 1 this link leads out of the folder',
    ]);
  });

  test('says that there is nothing to do', async () => {
    const folder = await folderWith({});
    await rm(join(folder, 'journeys'), { recursive: true });
    expect(said(await checkConfig(folder))).toEqual([
      'brand.yaml 1 there are neither journeys nor campaigns → make a folder journeys',
    ]);
    await writeFile(join(folder, 'journeys'), journey);
    expect(said(await checkConfig(folder))).toEqual(['journeys 1 journeys is a file → make a folder journeys']);
  });

  test('says which file cannot be read', async () => {
    const folder = await folderWith({ 'journeys/long.yaml': '#'.repeat(1_000_001) });
    await symlink(join(folder, 'nowhere'), join(folder, 'journeys', 'lien.yaml'));
    expect(said(await checkConfig(folder))).toEqual([
      'journeys/lien.yaml 1 this link leads to no file',
      'journeys/long.yaml 1 the file is larger than 1 MB',
    ]);
  });

  test('does not say of a file that cannot be read that it is missing', async () => {
    const folder = await folderWith({
      'segments/habitués.yaml': 'when: { city: Lyon }\n',
      'segments/clients.yaml': Buffer.from('when: { city: Orléans }\n', 'latin1'),
      'journeys/a.yaml': 'start: { entered: clients }\nsteps: [{ send: vide }, { send: seul }]\n',
      'templates/vide/email.fr.mjml': Buffer.from(email.replace('Votre', 'Été'), 'latin1'),
      'templates/vide/email.en.mjml': email,
      'templates/seul/email.fr.mjml': Buffer.from(email.replace('Votre', 'Été'), 'latin1'),
    });
    expect(said(await checkConfig(folder))).toEqual([
      'segments/clients.yaml 1 the file is not UTF-8 text → save it again with encoding UTF-8',
      'segments/habitués.yaml 1 "habitués" cannot be a name → rename it to habitues',
      'templates/seul/email.fr.mjml 1 the file is not UTF-8 text → save it again with encoding UTF-8',
      'templates/vide/email.fr.mjml 1 the file is not UTF-8 text → save it again with encoding UTF-8',
    ]);
  });

  test('says which file is not UTF-8', async () => {
    const folder = await folderWith({ 'brand.yaml': Buffer.from(brand.replace('Lyon', 'Orléans'), 'latin1') });
    expect(said(await checkConfig(folder))[0]).toMatch(/^brand\.yaml 1 the file is not UTF-8 text → save it again/);
  });
});

describe('whatever is typed', () => {
  const paths = ['brand.yaml', 'journeys/rappel.yaml', 'templates/rappel/email.fr.mjml', 'templates/rappel/sms.fr.txt'];
  const files = { 'brand.yaml': brandWithSms, 'templates/rappel/sms.fr.txt': sms };
  const typed = fc.constantFrom(
    '\t',
    ':',
    ' : ',
    '{',
    '{{',
    '}}',
    '[',
    ']',
    '"',
    "'",
    '#',
    '- ',
    '\n',
    '\n---\n',
    '|',
    '>',
    '&a',
    '*a',
    '!',
    '%',
    '<mj-text>',
    '</',
    '{%',
    '\u00a0',
    '\0',
    '\ud800',
    '?',
    ',',
    '~',
  );

  test('the check answers, with problems inside the files', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...paths),
        fc.array(fc.tuple(fc.nat(400), fc.nat(12), typed), { minLength: 1, maxLength: 4 }),
        async (path, edits) => {
          const before = smallConfig(files).get(path) ?? '';
          const after = edits.reduce(
            (text, [at, removed, added]) => text.slice(0, at) + added + text.slice(at + removed),
            before,
          );
          const checked = await checkFiles(smallConfig({ ...files, [path]: after }));
          const lines = checked.kind === 'bad' ? checked.problems.map(({ line }) => line) : [];
          expect(Math.max(1, ...lines)).toBeLessThanOrEqual(Math.max(after.split('\n').length, before.split('\n').length));
        },
      ),
      { numRuns: 600 },
    );
  });

  test.each([
    ['brackets', '['.repeat(50_000)],
    ['braces', '{a: '.repeat(50_000)],
    ['dashes', '- '.repeat(50_000)],
    ['names', 'steps:\n'.repeat(5_000)],
    [
      'conditions',
      `start: { on: Cart Updated, where: ${'{ not: '.repeat(2_000)}{ a: 1 }${' }'.repeat(2_000)} }\nsteps: [{ send: rappel }]`,
    ],
    ['braces in one line', `start: { ${'a: '.repeat(50_000)} }\n`],
    ['tags', `start: ${'! '.repeat(50_000)}\n`],
    ['letters', `start: { on: ${'x'.repeat(100_000)} }\nsteps: [{ send: rappel }]\n`],
    [
      'fields',
      `start: { on: A, where: { ${Array.from({ length: 3_000 }, (_, at) => `a${at}: { in: [] }`).join(', ')} } }\nsteps: [exit]\n`,
    ],
    ['steps', `start: { on: Cart Updated }\nsteps:\n${'  - send: rappel\n'.repeat(3_000)}`],
    ['spaces', `start: ${' '.repeat(200_000)}\n`],
    ['a long line', `start: ${'a: '.repeat(50_000)}\n`],
  ])('thousands of %s are refused within seconds', async (_what, text) => {
    const before = performance.now();
    expect((await checkFiles(smallConfig({ 'journeys/rappel.yaml': text }))).kind).toBe('bad');
    expect(performance.now() - before).toBeLessThan(5_000);
  });
});
