/** What the documents say is true: commands exist, links lead somewhere, and the examples of docs/local.md work as they stand. */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { afterAll, describe, expect, test } from 'vitest';
import { usage } from '../local/options.ts';
import { routes } from '../shared/topology.ts';
import { shop } from './stories/shop.ts';

const root = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Every document of the project, wherever it lies; not those of dependencies. */
const notOurs = new Set(['node_modules', '.git', '.relance', '.test-results', 'coverage', 'dist', 'cdk.out']);
const documents = globSync('**/*.md', { cwd: root, exclude: (name) => notOurs.has(name) }).toSorted();

const { scripts } = v.parse(v.object({ scripts: v.record(v.string(), v.string()) }), JSON.parse(read('package.json')));

const matches = (text: string, pattern: RegExp): readonly string[] => [...text.matchAll(pattern)].map((match) => match[1] ?? '');
const fences = /^```(\w*)\n(.*?)^```$/gms;
const prose = (text: string): string => text.replace(fences, '');

const npmsOwn = new Set(['install', 'ci', 'ping']);

describe('documents', () => {
  test('there are some', () => {
    expect(documents).toEqual(
      expect.arrayContaining(['README.md', 'docs/architecture.md', 'docs/local.md', 'docs/decisions/README.md']),
    );
  });

  test.each(documents)('%s names commands that exist', (file) => {
    const commands = /(?:`|^ *)npm (?:run (?:-s |--silent )?)?([a-z][\w:]*)/gm;
    const named = matches(read(file), commands).filter((name) => !npmsOwn.has(name));
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  test.each(documents)('%s links to what is there', (file) => {
    const links = matches(prose(read(file)), /\]\(([^)\s]+)\)/g).filter((link) => !/^(https?|mailto):/.test(link));
    const broken = links.filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? file : join(dirname(file), decodeURIComponent(path));
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !anchorsOf(read(target)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  test('every decision is listed, dated, and says context, decision and consequence', () => {
    const pages = documents.filter((file) => /^docs\/decisions\/\d/.test(file));
    expect(pages.length).toBeGreaterThanOrEqual(7);
    const list = read('docs/decisions/README.md');
    for (const page of pages) {
      expect(list).toContain(`(${page.replace('docs/decisions/', '')})`);
      const text = read(page);
      expect(text).toContain(page.slice('docs/decisions/'.length, 'docs/decisions/2026-11-23'.length));
      expect(matches(text, /^## (.*)$/gm)).toEqual(['Context', 'Decision', 'Consequence']);
    }
  });

  test('files that a document names are there', () => {
    for (const file of ['README.md', ...documents.filter((name) => name.startsWith('docs/'))]) {
      const named = matches(read(file), /`((?:shared|functions|local|cli|test|config)\/[\w./-]+?)\/?`/g);
      expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    }
  });

  test('no document names a machine of its writer', () => {
    for (const file of documents) expect(read(file)).not.toMatch(/\/(home|Users|root|work)\//);
  });

  test('docs/local.md knows every option', () => {
    const options = matches(usage, /^ {2}(--[a-z-]+)/gm);
    expect(options.length).toBeGreaterThan(8);
    for (const option of options) expect(read('docs/local.md')).toContain(`\`${option}`);
  });

  test('docs/architecture.md knows every function', () => {
    for (const { handler } of routes) expect(read('docs/architecture.md')).toContain(`\`${handler}\``);
  });
});

/** As GitHub makes them of headings. */
const anchorsOf = (text: string): readonly string[] =>
  matches(prose(text), /^#+ (.*)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

const tools = ['bash', 'curl', 'openssl'];
const missing = tools.filter((tool) => {
  try {
    execFileSync('bash', ['-c', `command -v ${tool}`], { stdio: 'ignore' });
    return false;
  } catch {
    return true;
  }
});
if (missing.length > 0) console.warn(`The examples of docs/local.md are not run: ${missing.join(', ')} is missing.`);

describe.skipIf(missing.length > 0)('the examples of docs/local.md', () => {
  const local = shop();
  const folder = mkdtempSync(join(tmpdir(), 'relance docs '));
  afterAll(() => rmSync(folder, { recursive: true }));
  const examples = [...read('docs/local.md').matchAll(fences)].flatMap(([, language, text = '']) =>
    language === 'sh' ? [text] : [],
  );

  /** As pasted into a shell, except for the port; and an answer of 4xx fails. */
  async function paste(example: string): Promise<string> {
    const script = join(folder, 'example.sh');
    const strict = 'set -eu -o pipefail\ncurl() { command curl --fail-with-body --max-time 20 "$@"; echo; }\n';
    writeFileSync(script, strict + example.replaceAll('http://127.0.0.1:4000', local.stack().origin));
    const { stdout } = await promisify(execFile)('bash', [script]);
    return stdout;
  }

  test('all work when they are pasted one after the other', async () => {
    expect(examples.length).toBeGreaterThan(10);
    const outputs: string[] = [];
    for (const example of examples) outputs.push(await paste(example));
    const said = outputs.join('\n');
    expect(said).toContain('{"success":true,"accepted":1,"rejected":[]}');
    expect(said).toContain('{"accepted":2,"rejected":[]}');
    await local.settle();
    expect(await local.mailsTo('lea@example.com')).toMatchObject([{ subject: 'Léa, your cart is waiting for you' }]);
    expect(await local.mailsTo('bob@example.com')).toHaveLength(1);
    expect(await local.hasProfile('loyaltyId=L-7')).toBe(true);
  });
});
