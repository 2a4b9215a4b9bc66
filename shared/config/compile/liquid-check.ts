/**
 * Liquid in subjects and templates, read with the engine that will run it: tags and filters that do not exist, tags that
 * are not closed, variables that nobody fills.
 */
import type { Liquid, Template } from 'liquidjs';
import { engineFor } from '../../messages/filters.ts';
import type { Finding, Said } from '../problem.ts';
import { didYouMean, nearest } from '../decode/spelling.ts';
import { bareVariables } from './bare-variables.ts';
import { repairedLiquid } from './liquid-repair.ts';
import { placeOf } from './source-text.ts';

/** What a template can say; an empty list: whatever the source sends lies under it. */
const variables: ReadonlyMap<string, readonly string[]> = new Map([
  ['person', []],
  ['cart', ['id', 'value', 'currency', 'quantity', 'url', 'products']],
  ['orders', ['count', 'total']],
  ['brand', ['name', 'address', 'site', 'url']],
  ['links', ['unsubscribe']],
  ['entry', []],
  ['locale', []],
  ['now', []],
]);

const roots = [...variables.keys()];

/** `html`: an e-mail, its subject and its text; `plain`: an SMS. */
export type Part = 'html' | 'plain';

/**
 * Of what customers read: what may be missing must have something to say instead. Places are those of the source.
 */
export const liquidFindings = (source: string, part: Part = 'html'): readonly Finding[] =>
  findingsIn(source, part, (templates) => bareVariables(templates, part === 'html' ? 'person.email' : 'person.phone'));

/** Of what staff reads: a name that is missing there leaves a gap that they understand. */
export const staffLiquidFindings = (source: string): readonly Finding[] => findingsIn(source, 'plain', () => []);

/** Undefined where it cannot be read. */
export function parsedLiquid(source: string, part: Part): readonly Template[] | undefined {
  try {
    return engineOf(part).parse(source);
  } catch {
    return undefined;
  }
}

const engineOf = (part: Part): Liquid => engineFor(part, { locale: 'en', timeZone: 'UTC', currency: 'EUR' });

function findingsIn(
  source: string,
  part: Part,
  more: (templates: readonly Template[]) => readonly Finding[],
): readonly Finding[] {
  const { findings, templates, engine } = readRepairing(source, part);
  if (templates === undefined) return findings;
  const { globals } = engine.analyzeSync([...templates], { partials: false });
  const unknown = Object.values(globals).flatMap((uses) =>
    uses.flatMap((use) => {
      const [root, field] = use.toArray();
      const said = variableComplaint(String(root), typeof field === 'string' ? field : undefined);
      return said === undefined ? [] : [{ line: use.location.row, column: use.location.col, ...said }];
    }),
  );
  return [...findings, ...unknown, ...more(templates), ...longLoops(source)];
}

/** Enough for every line of a template to be wrong; an end in any case. */
const mostRepairs = 60;

/** The parser stops at its first error: it is told, put right or taken out, and reading goes on. */
function readRepairing(written: string, part: Part) {
  const engine = engineOf(part);
  const findings: Finding[] = [];
  const filters = Object.keys(engine.filters);
  const opened = new Set<string>();
  let source = written;
  for (let repairs = 0; repairs < mostRepairs; repairs++) {
    try {
      return { engine, findings, templates: engine.parse(source) };
    } catch (error) {
      const [, problem = 'Liquid cannot be read', line = '1', column = '1'] =
        /^([\s\S]*?)(?:, line:(\d+), col:(\d+))?$/.exec(error instanceof Error ? error.message : '') ?? [];
      const place = { line: Number(line), column: Number(column) };
      const belongs = /^tag "(?:end)?(\w+)" not found$/.exec(problem)?.[1];
      if (belongs === undefined || !opened.has(belongs))
        findings.push({ ...place, ...syntaxComplaint(problem, Object.keys(engine.tags), filters, part) });
      const filter = /^undefined filter: (.+)$/.exec(problem)?.[1];
      if (filter !== undefined) {
        engine.registerFilter(filter, (value: unknown) => value);
        continue;
      }
      const repaired = repairedLiquid(source, problem, place);
      for (const tag of repaired.takenOut) opened.add(tag).add(nearest(tag, Object.keys(engine.tags)) ?? tag);
      if (repaired.source === source) break;
      source = repaired.source;
    }
  }
  return { engine, findings, templates: undefined };
}

/** So often a loop may run by its own numbers: far more than anybody reads, and far from what a Lambda renders in its time. */
const mostRounds = 1_000;

function longLoops(source: string): readonly Finding[] {
  return [...source.matchAll(/\{%-?\s*(?:for|tablerow)\s+\S+\s+in\s+\((-?\d+)\s*\.\.\s*(-?\d+)\)/g)].flatMap((loop) => {
    const rounds = Number(loop[2]) - Number(loop[1]) + 1;
    if (rounds <= mostRounds) return [];
    const said = { problem: `this loop runs ${rounds} times`, expected: `at most ${mostRounds}`, suggestion: '' };
    return [{ ...placeOf(source, loop.index), ...said }];
  });
}

function variableComplaint(root: string, field: string | undefined): Said | undefined {
  const known = variables.get(root);
  if (known === undefined) {
    return { problem: `nothing is called "${root}" here`, expected: roots.join(', '), suggestion: didYouMean(root, roots) };
  }
  if (field === undefined || known.length === 0 || known.includes(field)) return undefined;
  const meant = nearest(field, known);
  const suggestion = meant === undefined ? '' : `did you mean "${root}.${meant}"?`;
  return { problem: `${root} has no "${field}"`, expected: known.map((name) => `${root}.${name}`).join(', '), suggestion };
}

function syntaxComplaint(problem: string, tags: readonly string[], filters: readonly string[], part: Part): Said {
  const filter = /^undefined filter: (.+)$/.exec(problem)?.[1];
  if (filter !== undefined) {
    const suggestion = didYouMean(filter, filters);
    return { problem: `there is no Liquid filter "${filter}"`, expected: 'money, or a filter of standard Liquid', suggestion };
  }
  const tag = /^tag "(.+)" not found$/.exec(problem)?.[1];
  if (tag === undefined)
    return {
      problem: `Liquid cannot be read: ${problem.replace(/(?:\\n|\n)[^"]*/, '')}`,
      expected: 'each {{ and {% closed, each if and for ended',
      suggestion: '',
    };
  if (['include', 'render', 'layout', 'block'].includes(tag)) {
    if (part === 'plain')
      return { problem: `Liquid's ${tag} is not available`, expected: 'the whole text in this file', suggestion: '' };
    return {
      problem: `Liquid's ${tag} is not available`,
      expected: 'shared parts by MJML',
      suggestion: 'write <mj-include path="../_layout/…" />',
    };
  }
  const opened = tag.startsWith('end') ? `{% ${tag.slice(3)} %} before {% ${tag} %}` : 'a tag of standard Liquid';
  return { problem: `there is no Liquid tag "${tag}" here`, expected: opened, suggestion: didYouMean(tag, tags) };
}
