/**
 * Does everybody who reads a marketing message see how to leave? Asked of the parsed template, because a link in a comment, in a
 * condition or in a variable that nobody prints is none (article L34-5 CPCE; Gmail's and Yahoo's rules for senders of 2024).
 */
import {
  AssignTag,
  CaptureTag,
  CaseTag,
  EchoTag,
  IfTag,
  LiquidTag,
  Output,
  TypeGuards,
  UnlessTag,
  Value,
  type Template,
} from 'liquidjs';
import type { Place, Said } from '../problem.ts';
import { parsedLiquid, type Part } from './liquid-check.ts';
import { masked, placeOf } from './source-text.ts';

export interface LinkProblem extends Place, Said {}

const link = 'links.unsubscribe';

/** `source`: MJML with its shared parts, or plain text. `said`: what is to be said where no link is there at all. */
export function unsubscribeProblem(source: string, part: Part | 'text', said: Said): LinkProblem | undefined {
  const named = source.indexOf(link);
  if (named < 0) return { line: 1, column: 1, ...said };
  const templates = parsedLiquid(part === 'html' ? withoutComments(source) : source, part === 'plain' ? 'plain' : 'html');
  if (templates === undefined) return undefined; // what is wrong with its Liquid is said already
  const isSeen = part === 'html' ? seenIn(source) : () => true;
  if (walkAll(templates, { names: new Set([link]), isShown: false }, isSeen).isShown) return undefined;
  return {
    ...placeOf(source, named),
    problem: 'not everybody sees this unsubscribe link',
    expected: `${said.expected}, not in a comment, a condition, a loop or a variable`,
    suggestion: said.suggestion,
  };
}

/** The same length, so that places stay. Comments of HTML go no farther than the template. */
const withoutComments = (source: string): string =>
  source.replaceAll(/<!--[\s\S]*?(?:-->|$)/g, (comment) => comment.replaceAll(/[^\n]/g, ' '));

interface Seen {
  /** Paths and names that hold the link at this place. */
  readonly names: ReadonlySet<string>;
  readonly isShown: boolean;
}

type IsSeen = (offset: number) => boolean;

const walkAll = (templates: readonly Template[], seen: Seen, isSeen: IsSeen): Seen =>
  templates.reduce<Seen>((before, template) => walkOne(template, before, isSeen), seen);

function walkOne(template: Template, seen: Seen, isSeen: IsSeen): Seen {
  if (template instanceof Output) return shown(template.value, template.token.begin, seen, isSeen);
  if (template instanceof EchoTag)
    return [...template.arguments()].reduce<Seen>((now, value) => shown(value, template.token.begin, now, isSeen), seen);
  if (template instanceof AssignTag) return assigned(template, seen);
  if (template instanceof CaptureTag) return captured(template, seen);
  if (template instanceof LiquidTag) return walkAll(template.templates, seen, isSeen);
  if (template instanceof IfTag || template instanceof UnlessTag || template instanceof CaseTag) {
    const branches = [...template.branches.map((branch) => branch.templates), template.elseTemplates ?? []];
    return inEach(branches.map((branch) => walkAll(branch, seen, isSeen)));
  }
  return seen; // a loop may run over nothing, a comment shows nothing
}

const shown = (value: unknown, offset: number, seen: Seen, isSeen: IsSeen): Seen =>
  isLink(value, seen) && isSeen(offset) ? { ...seen, isShown: true } : seen;

/** Filters that leave the link what it is; the one that escapes every output of a mail has no word for a name. */
const harmless = ['default', 'escape', 'escape_once', 'strip'];
const changes = (name: string): boolean => /^\w+$/.test(name) && !harmless.includes(name);

function isLink(value: unknown, { names }: Seen): boolean {
  if (!(value instanceof Value) || value.filters.some(({ name }) => changes(name))) return false;
  const [token, ...more] = value.initial.postfix;
  if (token === undefined || more.length > 0 || !TypeGuards.isPropertyAccessToken(token)) return false;
  const path = token.props.map((prop) => (TypeGuards.isWordToken(prop) || TypeGuards.isQuotedToken(prop) ? prop.content : '*'));
  return token.variable === undefined && names.has(path.join('.'));
}

function assigned(tag: AssignTag, seen: Seen): Seen {
  const [name = ''] = [...tag.localScope()].map((token) => token.content);
  const others = [...seen.names].filter((other) => other !== name);
  return { ...seen, names: new Set([...tag.arguments()].some((value) => isLink(value, seen)) ? [...others, name] : others) };
}

/** What is captured is shown where its name is printed. */
function captured(tag: CaptureTag, seen: Seen): Seen {
  const inside = walkAll(tag.templates, { ...seen, isShown: false }, () => true);
  const others = [...seen.names].filter((other) => other !== tag.variable);
  return { ...seen, names: new Set(inside.isShown ? [...others, tag.variable] : others) };
}

/** After branches of which one ran. */
const inEach = ([first, ...more]: readonly Seen[]): Seen => ({
  names: new Set([...(first?.names ?? [])].filter((name) => more.every(({ names }) => names.has(name)))),
  isShown: first?.isShown === true && more.every(({ isShown }) => isShown),
});

/** Parts of a mail that nobody sees. */
const unseen = /<(mj-head|style|script|title|template|noscript)\b[\s\S]*?<\/\1\s*>/g;

/** As text, or where a click on it leads: not in a class, not in the head of the mail. */
function seenIn(source: string): IsSeen {
  const text = masked(source);
  const hidden = [...text.matchAll(unseen)].map(({ 0: whole, index }) => ({ from: index, to: index + whole.length }));
  return (offset) => {
    if (hidden.some(({ from, to }) => from <= offset && offset < to)) return false;
    const before = text.slice(0, offset);
    const start = before.lastIndexOf('<');
    if (start <= before.lastIndexOf('>')) return true;
    const tag = text.slice(start, (text.indexOf('>', offset) + 1 || text.length + 1) - 1);
    const attribute = /([\w-]+)\s*=\s*(?:"[^"]*|'[^']*|[^\s"']*)$/.exec(text.slice(start, offset))?.[1]?.toLowerCase();
    return attribute === 'href' && !/\bstyle\s*=\s*["'][^"']*display\s*:\s*none/i.test(tag);
  };
}
