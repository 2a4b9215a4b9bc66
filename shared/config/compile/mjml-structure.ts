/**
 * What MJML swallows without a word: tags that are not closed, and text or Liquid between elements, which no mail would
 * show.
 */
import type { Said } from '../problem.ts';

export interface StructureFinding extends Said {
  /** Offset in the source. */
  readonly offset: number;
}

/** They hold other elements; text directly in them is lost. */
const containers: ReadonlySet<string> = new Set(
  ['mjml', 'mj-body', 'mj-section', 'mj-column', 'mj-group', 'mj-wrapper', 'mj-hero', 'mj-head', 'mj-attributes'].concat([
    'mj-social',
    'mj-navbar',
    'mj-carousel',
    'mj-accordion',
    'mj-accordion-element',
  ]),
);

const piece = /<!--[\s\S]*?-->|<(\/?)(mjml|mj-[\w-]+)((?:"[^"]*"|'[^']*'|[^>"'])*)>/g;

interface Open {
  readonly name: string;
  readonly offset: number;
}

export function structureFindings(source: string): readonly StructureFinding[] {
  const findings: StructureFinding[] = [];
  const open: Open[] = [];
  let at = 0;
  for (const { 0: whole, 1: slash, 2: name, 3: attributes = '', index } of source.matchAll(piece)) {
    const inside = open.at(-1);
    const holdsText = inside !== undefined && !containers.has(inside.name); // HTML, whatever it says
    if (!holdsText) findings.push(...lostText(source.slice(at, index), at, inside?.name));
    at = index + whole.length;
    if (name === undefined) continue;
    if (slash === '/') {
      findings.push(...closed(open, name, index));
      continue;
    }
    if (holdsText) {
      findings.push({ offset: inside.offset, ...unclosed(inside.name) }); // no MJML element holds text and elements
      open.pop();
    }
    if (!attributes.trimEnd().endsWith('/')) open.push({ name, offset: index });
  }
  for (const { name, offset } of open.toReversed()) findings.push({ offset, ...unclosed(name) });
  return findings;
}

function closed(open: Open[], name: string, offset: number): readonly StructureFinding[] {
  const opened = open.findLastIndex((candidate) => candidate.name === name);
  if (opened < 0) return [{ offset, problem: `</${name}> closes nothing`, expected: `<${name}> before it`, suggestion: '' }];
  const left = open.splice(opened).slice(1);
  return left.map((candidate) => ({ offset: candidate.offset, ...unclosed(candidate.name) }));
}

const unclosed = (name: string): Said => ({
  problem: `<${name}> is not closed`,
  expected: `</${name}>, or <${name} … /> where it is empty`,
  suggestion: '',
});

function lostText(text: string, at: number, parent: string | undefined): readonly StructureFinding[] {
  const start = text.search(/\S/);
  if (start < 0 || text[start] === '<') return []; // other tags are MJML's own to judge
  const shown = text.trim().split('\n')[0]?.slice(0, 40) ?? '';
  const isLiquid = shown.startsWith('{%');
  const problem = `"${shown}" stands ${parent === undefined ? 'outside <mjml>' : `directly in <${parent}>`} and would be lost`;
  const suggestion = isLiquid ? `write <mj-raw>${shown}</mj-raw>` : 'put it into <mj-text>';
  return [{ offset: at + start, problem, expected: 'text in mj-text, Liquid tags in mj-raw', suggestion }];
}
