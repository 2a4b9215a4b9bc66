/**
 * The rooms and floors of Relance as a check: what may import what (docs/architecture.md). Proves that a domain file
 * knows no adapter, no AWS client and no room above it. Used by architecture.test.ts alone.
 */
import { posix } from 'node:path';
import type { Import, Source } from './source.ts';

export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly problem: string;
}

/** Lowest first. A room imports itself and rooms on lower floors, never its neighbours. */
export const floors: readonly (readonly string[])[] = [
  ['shared/kernel'],
  ['shared/events'],
  ['shared/profile', 'shared/identity', 'shared/consent', 'shared/connectors', 'shared/products'],
  ['shared/rules', 'shared/messages', 'shared/predict', 'shared/context'],
  ['shared/journeys', 'shared/campaigns', 'shared/channels', 'shared/metrics', 'shared/privacy'],
  ['shared/config'],
  ['shared/ports.ts', 'shared/topology.ts'],
  ['shared/pipeline', 'shared/adapters'],
  ['functions', 'local', 'cli'],
];

/** The steps between neighbours that were agreed on, each with its reason. Circles stay forbidden. */
export const agreedSteps: readonly { readonly from: string; readonly to: string; readonly because: string }[] = [
  { from: 'shared/profile', to: 'shared/consent', because: 'the attributes of a person hold their consents' },
  { from: 'shared/identity', to: 'shared/profile', because: 'merging two identities folds their profiles into one' },
  { from: 'shared/identity', to: 'shared/consent', because: 'merging two identities joins their consents' },
  { from: 'local', to: 'functions', because: 'the local stack hosts the handlers that AWS would run' },
  { from: 'local', to: 'infra', because: 'the local stack runs the bundles with the environment that deploys' },
  { from: 'local', to: 'relance.config.ts', because: 'what deploys is synthesised from the choices of the owner' },
  {
    from: 'cli',
    to: 'infra',
    because: 'it deploys with the choices that infra checks, and finds things by the names that infra gives',
  },
  { from: 'cli', to: 'functions', because: 'a parked message is replayed only when the function that gets it can read it' },
];

const awsRooms = ['shared/adapters/aws/', 'shared/channels/', 'cli/', 'local/', 'test/'];
const topology = 'shared/topology.ts';
/** What infra reads besides itself: the wiring, and the owner's choices. */
const infraReads = [topology, 'relance.config.ts'];

const floorOf = (room: string): number => floors.findIndex((rooms) => rooms.includes(room));

/** `shared/kernel/time.ts` → `shared/kernel`; `shared/ports.ts` and the folders at the root are rooms themselves. */
export function roomOf(path: string): string {
  const [first = '', second = ''] = path.split('/');
  return first === 'shared' ? `${first}/${second}` : first;
}

const isRelative = (specifier: string): boolean => specifier.startsWith('.');
const resolve = (from: string, specifier: string): string => posix.join(posix.dirname(from), specifier);
const startsWithAny = (text: string, starts: readonly string[]): boolean => starts.some((start) => text.startsWith(start));

/** Judges all files together; an empty list means that the rooms are in order. Sorted by file and line. */
export function checkArchitecture(sources: readonly Source[]): Violation[] {
  const single = sources.flatMap((source) => [
    ...nameProblems(source),
    ...impurities(source),
    ...source.imports.flatMap((found) =>
      importProblems(source.path, found).map((problem) => ({ path: source.path, line: found.line, problem })),
    ),
  ]);
  return [...single, ...circles(sources), ...bundleProblems(sources)].sort(
    (a, b) => a.path.localeCompare(b.path) || a.line - b.line,
  );
}

/** One line an editor can follow: `shared/rules/x.ts:3 imports …`. */
export const describe = ({ path, line, problem }: Violation): string => `${path}:${line} ${problem}`;

function nameProblems({ path }: Source): Violation[] {
  const parts = path.split('/');
  const problems: string[] = [];
  const vague = parts.find((part) => /^(utils?|helpers?|common)(\.|$)/.test(part));
  if (vague) problems.push(`is called "${vague}", which says nothing: name it after what it does`);
  if (/^index\.\w+$/.test(parts.at(-1) ?? '')) problems.push('is a barrel: import the file that has the thing');
  if (!parts.every((part) => /^[a-z0-9]+([-.][a-z0-9]+)*$/.test(part))) problems.push('is not written in kebab-case');
  if (path.startsWith('shared/') && floorOf(roomOf(path)) < 0) {
    problems.push(
      `stands in ${roomOf(path)}, which has no floor: give it one in test/architecture/rules.ts and docs/architecture.md`,
    );
  }
  return problems.map((problem) => ({ path, line: 1, problem }));
}

/** Clock and randomness are arguments; only adapters and the edge read them. */
function impurities({ path, impureCalls }: Source): Violation[] {
  const pure =
    (path.startsWith('shared/') && !path.startsWith('shared/adapters/')) ||
    (path.startsWith('functions/') && !path.startsWith('functions/edge/'));
  if (!pure) return [];
  return impureCalls.map(({ call, line }) => ({
    path,
    line,
    problem: `calls ${call}: clock and randomness are arguments (read them in shared/adapters or functions/edge)`,
  }));
}

function importProblems(path: string, found: Import): string[] {
  const { specifier } = found;
  if (path === topology) return [`imports ${specifier}: topology.ts is data and imports nothing`];
  if (!isRelative(specifier)) return packageProblems(path, specifier);
  const target = resolve(path, specifier);
  const problem = floorProblem(path, target);
  return [
    ...(/\.(ts|mts|mjs|json)$/.test(specifier) ? [] : [`imports ${specifier} without its ending (.ts)`]),
    ...(problem ? [`imports ${target}: ${problem}`] : []),
  ];
}

function packageProblems(path: string, specifier: string): string[] {
  if (startsWithAny(specifier, ['/', 'file:'])) return [`imports ${specifier} by an absolute path`];
  if (startsWithAny(specifier, ['@aws-sdk/', '@smithy/']) && !startsWithAny(path, awsRooms)) {
    return [`imports ${specifier}: AWS clients live in shared/adapters/aws and in a channel's connect only`];
  }
  if (specifier.startsWith('@middy/') && !path.startsWith('functions/edge/')) {
    return [`imports ${specifier}: only functions/edge knows middy`];
  }
  if (/^temporal-polyfill(\/|$)/.test(specifier) && !path.startsWith('shared/kernel/')) {
    return [`imports ${specifier}: only shared/kernel knows it`];
  }
  return [];
}

function floorProblem(path: string, target: string): string | undefined {
  const [from, to] = [roomOf(path), roomOf(target)];
  if (from === 'infra')
    return to === 'infra' || infraReads.includes(target) ? undefined : 'infra imports nothing of the product but topology.ts';
  if (path.startsWith('functions/') && target.startsWith('shared/adapters/memory/'))
    return 'the memory twins are for tests and simulation';
  if (from === to || agreedSteps.some((step) => step.from === from && step.to === to)) return undefined;
  const [own, other] = [floorOf(from), floorOf(to)];
  if (own < 0) return undefined; // a shared room without a floor is reported by its name
  if (other < 0) return `${to} is no room of the product`;
  if (other > own) return `${to} stands above ${from}`;
  return other === own ? `${to} stands beside ${from} on the same floor` : undefined;
}

type Graph = ReadonlyMap<string, readonly { readonly to: string; readonly line: number; readonly typeOnly: boolean }[]>;

function graphOf(sources: readonly Source[]): Graph {
  const known = new Set(sources.map(({ path }) => path));
  return new Map(
    sources.map(({ path, imports }) => {
      const edges = imports
        .filter(({ specifier }) => isRelative(specifier))
        .map(({ specifier, line, typeOnly }) => ({ to: resolve(path, specifier), line, typeOnly }));
      return [path, edges.filter(({ to }) => known.has(to))];
    }),
  );
}

/** One violation for each import that closes a circle (depth first: an edge back to a file that is still open). */
function circles(sources: readonly Source[]): Violation[] {
  const graph = graphOf(sources);
  const violations: Violation[] = [];
  const finished = new Set<string>();
  const open: string[] = [];
  const visit = (path: string): void => {
    open.push(path);
    for (const { to, line } of graph.get(path) ?? []) {
      const start = open.indexOf(to);
      if (start >= 0) violations.push({ path, line, problem: `closes a circle: ${[...open.slice(start), to].join(' → ')}` });
      else if (!finished.has(to)) visit(to);
    }
    open.pop();
    finished.add(path);
  };
  for (const path of graph.keys()) if (!finished.has(path)) visit(path);
  return violations;
}

/** MJML and YAML never reach a Lambda bundle: no handler imports them, however far away. */
function bundleProblems(sources: readonly Source[]): Violation[] {
  const graph = graphOf(sources);
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const reachedFrom = new Map<string, string>();
  const visit = (path: string, handler: string): void => {
    if (reachedFrom.has(path)) return;
    reachedFrom.set(path, handler);
    for (const { to, typeOnly } of graph.get(path) ?? []) if (!typeOnly) visit(to, handler);
  };
  for (const { path } of sources) if (path.startsWith('functions/')) visit(path, path);
  return [...reachedFrom].flatMap(([path, handler]) =>
    (byPath.get(path)?.imports ?? [])
      .filter(({ specifier, typeOnly }) => !typeOnly && /^(mjml|yaml)(\/|$)/.test(specifier))
      .map(({ specifier, line }) => ({
        path,
        line,
        problem: `imports ${specifier}, which would travel into the bundle of ${handler}`,
      })),
  );
}
