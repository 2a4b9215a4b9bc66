/**
 * Variables of a template that may be missing and have nothing that stands in for them: "Bonjour ," must not be possible.
 * Read from the parsed template: what is known to be there inside each `if`, and what each output prints.
 */
import {
  AssignTag,
  CaptureTag,
  CaseTag,
  EchoTag,
  ForTag,
  IfTag,
  LiquidTag,
  Output,
  TablerowTag,
  TypeGuards,
  UnlessTag,
  Value,
  type Template,
} from 'liquidjs';
import type { Finding } from '../problem.ts';
import { both, meaningOf, pathOf, unknown, type Facts, type Names } from './liquid-facts.ts';

interface Scope {
  /** What is known to be there at this place. */
  readonly facts: Facts;
  /** What a name of the template stands for: a path that may be missing, or undefined for what is always there. */
  readonly names: Names;
}

interface Walk {
  readonly findings: Finding[];
}

/** `address`: what the message goes to, so that it is there: `person.email`. */
export function bareVariables(templates: readonly Template[], address: string): readonly Finding[] {
  const walk: Walk = { findings: [] };
  walkAll(templates, { facts: new Set(both(address)), names: new Map() }, walk);
  return walk.findings;
}

/** The names as they stand after these templates. */
const walkAll = (templates: readonly Template[], scope: Scope, walk: Walk): Names =>
  templates.reduce<Names>((names, template) => walkOne(template, { ...scope, names }, walk), scope.names);

function walkOne(template: Template, scope: Scope, walk: Walk): Names {
  if (template instanceof Output) return printed(template.value, scope, walk);
  if (template instanceof EchoTag)
    return [...template.arguments()].reduce((_, value) => printed(value, scope, walk), scope.names);
  if (template instanceof AssignTag) return assigned(template, scope);
  if (template instanceof CaptureTag)
    return new Map([...walkAll(template.templates, scope, walk), [template.variable, undefined]]);
  if (template instanceof IfTag) return walkIf(template, scope, walk);
  if (template instanceof UnlessTag) return walkUnless(template, scope, walk);
  if (template instanceof CaseTag) return walkCase(template, scope, walk);
  if (template instanceof ForTag || template instanceof TablerowTag) return walkLoop(template, scope, walk);
  return template instanceof LiquidTag ? walkAll(template.templates, scope, walk) : scope.names;
}

function printed(value: unknown, scope: Scope, { findings }: Walk): Names {
  const missing = missingIn(value, scope);
  if (missing === undefined) return scope.names;
  const { path, line, column } = missing;
  const known = scope.facts.has(`there ${path}`);
  const { written } = missing;
  findings.push({
    line,
    column,
    problem: known
      ? `"${written}" may be an empty text, which Liquid takes for something`
      : `"${written}" may be missing, and nothing stands in for it`,
    expected: 'an if around it, or a default',
    suggestion: known
      ? `write {% if ${written} != blank %}`
      : `write {% if ${written} != blank %}…{% endif %} around it, or {{ ${written} | default: ${standIn(written)} }}`,
  });
  return scope.names;
}

const standIn = (written: string): string => (/(?<!image_)url$/i.test(written) ? 'brand.url' : '"…"');

interface Missing {
  readonly path: string;
  /** As the template names it. */
  readonly written: string;
  readonly line: number;
  readonly column: number;
}

/** The variable that decides whether anything is printed, where it may be missing here. */
function missingIn(value: unknown, scope: Scope): Missing | undefined {
  if (!(value instanceof Value)) return undefined;
  const [token, ...more] = value.initial.postfix;
  if (token === undefined || more.length > 0 || !TypeGuards.isPropertyAccessToken(token)) return undefined;
  const path = pathOf(token, scope.names);
  if (path === undefined || !mayBeMissing(path) || isThere(path, scope.facts) || hasDefault(value, scope)) return undefined;
  const [line, column] = token.getPosition();
  return { path, written: token.getText(), line: line ?? 1, column: column ?? 1 };
}

/** A name that only some branches gave a value. */
const unset = '?.';

/** What sources tell, or do not tell. Everything else always has a value (messages/variables.ts). */
function mayBeMissing(path: string): boolean {
  const [root] = path.split('.');
  if (root === 'person') return true;
  if (path.startsWith(unset)) return true;
  if (root === 'entry') return !path.includes('[]');
  if (path.startsWith('cart.products[].'))
    return !['name', 'quantity', 'currency'].includes(path.slice('cart.products[].'.length));
  return path === 'cart.value' || path === 'cart.url' || path === 'orders.total';
}

/** Known itself, or by what it is a part of: who asks for an address means its lines too. */
function isThere(path: string, facts: Facts): boolean {
  const parts = path.split('.');
  return parts.some((_, index) => {
    const prefix = parts.slice(0, index + 1).join('.');
    return both(prefix).every((fact) => facts.has(fact));
  });
}

/** `default` with something to say. Text that was put around nothing is no longer nothing: then it comes too late. */
function hasDefault({ filters }: Value, scope: Scope): boolean {
  const at = filters.findIndex(({ name }) => name === 'default');
  if (at < 0 || filters.slice(0, at).some(({ name }) => name === 'append' || name === 'prepend')) return false;
  const [argument] = filters[at]?.args ?? [];
  if (argument === undefined || Array.isArray(argument)) return false;
  if (TypeGuards.isQuotedToken(argument)) return argument.content.trim() !== '';
  if (TypeGuards.isNumberToken(argument)) return true;
  if (!TypeGuards.isPropertyAccessToken(argument)) return false;
  const path = pathOf(argument, scope.names);
  return path === undefined || !mayBeMissing(path) || isThere(path, scope.facts);
}

function assigned(tag: AssignTag, scope: Scope): Names {
  const [name] = [...tag.localScope()].map((token) => token.content);
  const [value] = [...tag.arguments()];
  if (name === undefined) return scope.names;
  const token = value instanceof Value ? value.initial.postfix[0] : undefined;
  const path = token !== undefined && TypeGuards.isPropertyAccessToken(token) ? pathOf(token, scope.names) : undefined;
  const missing = missingIn(value, scope);
  return new Map([...scope.names, [name, missing?.path ?? (path?.includes('[]') === true || isList(path) ? path : undefined)]]);
}

/** A list stays what it is under another name: its items are told apart by it. */
const isList = (path: string | undefined): boolean => path === 'cart.products';

const withFacts = (scope: Scope, facts: Facts): Scope => ({ ...scope, facts: new Set([...scope.facts, ...facts]) });

/** After branches of which one ran: a name is sure to have a value only where each gave it one. */
function joined(branches: readonly Names[]): Names {
  const names = new Set(branches.flatMap((branch) => [...branch.keys()]));
  return new Map(
    [...names].map((name) => {
      const unsure = branches.find((branch) => branch.get(name) !== undefined);
      const isEverywhere = branches.every((branch) => branch.has(name));
      return [name, unsure?.get(name) ?? (isEverywhere ? undefined : `${unset}${name}`)] as const;
    }),
  );
}

function walkIf(tag: IfTag, scope: Scope, walk: Walk): Names {
  const after: Names[] = [];
  let left = scope;
  for (const { value, templates } of tag.branches) {
    const { whenTrue, whenFalse } = meaningOf(value, left.names);
    after.push(walkAll(templates, withFacts(left, whenTrue), walk));
    left = withFacts(left, whenFalse);
  }
  after.push(walkAll(tag.elseTemplates ?? [], left, walk));
  return joined(after);
}

/** The first branch runs when its condition does not hold; an elsif in it is an ordinary one. */
function walkUnless(tag: UnlessTag, scope: Scope, walk: Walk): Names {
  const after: Names[] = [];
  let left = scope;
  for (const [index, { value, templates }] of tag.branches.entries()) {
    const { whenTrue, whenFalse } = meaningOf(value, left.names);
    after.push(walkAll(templates, withFacts(left, index === 0 ? whenFalse : whenTrue), walk));
    left = withFacts(left, index === 0 ? whenTrue : whenFalse);
  }
  after.push(walkAll(tag.elseTemplates, left, walk));
  return joined(after);
}

function walkCase(tag: CaseTag, scope: Scope, walk: Walk): Names {
  const token = tag.value.initial.postfix[0];
  const path = token !== undefined && TypeGuards.isPropertyAccessToken(token) ? pathOf(token, scope.names) : undefined;
  const after = tag.branches.map(({ values, templates }) => {
    const saysSomething = values.every((value) =>
      TypeGuards.isQuotedToken(value) ? value.content !== '' : TypeGuards.isNumberToken(value),
    );
    return walkAll(templates, path === undefined || !saysSomething ? scope : withFacts(scope, new Set(both(path))), walk);
  });
  return joined([...after, walkAll(tag.elseTemplates, scope, walk)]);
}

function walkLoop(tag: ForTag | TablerowTag, scope: Scope, walk: Walk): Names {
  const { collection } = tag;
  const path = TypeGuards.isPropertyAccessToken(collection) ? pathOf(collection, scope.names) : undefined;
  const item = new Map([...scope.names, [tag.variable, path === undefined ? undefined : `${path}[]`] as const]);
  const some = path === undefined ? unknown : new Set(both(path));
  const after = walkAll(tag.templates, { facts: new Set([...scope.facts, ...some]), names: item }, walk);
  const otherwise = tag instanceof ForTag ? walkAll(tag.elseTemplates ?? [], scope, walk) : scope.names;
  return joined([after, otherwise]);
}
