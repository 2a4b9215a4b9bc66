/**
 * Reads what a source file imports and calls, with the parser that vite brings (oxc): exact, also for types, comments
 * and strings. Used by architecture.test.ts alone.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync, Visitor } from 'vite';

export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** `import type`: gone at run time, but a dependency of the design all the same. */
  readonly typeOnly: boolean;
}

/** A call that reads the clock or randomness, as written: `Date.now()`. */
export interface ImpureCall {
  readonly call: string;
  readonly line: number;
}

export interface Source {
  /** Path from the project's root, with forward slashes. */
  readonly path: string;
  readonly imports: readonly Import[];
  readonly impureCalls: readonly ImpureCall[];
}

/** Functions of node:crypto that read randomness. */
const randomness = new Set(['randomBytes', 'randomFillSync', 'randomInt', 'randomUUID', 'randomUUIDv7', 'getRandomValues']);
const impureMembers = new Set(['Date.now', 'Math.random', 'performance.now', 'process.hrtime', 'Temporal.Now']);

/** Throws a SyntaxError that names file and line where the file cannot be parsed. */
export function readSource(path: string, text: string): Source {
  const { program, errors } = parseSync(path, text);
  const lineAt = (offset: number): number => text.slice(0, offset).split('\n').length;
  const [error] = errors;
  if (error) throw new SyntaxError(`${path}:${lineAt(error.labels[0]?.start ?? 0)} ${error.message}`);

  const imports: Import[] = [];
  const impureCalls: ImpureCall[] = [];
  const found = (at: number, specifier: string, typeOnly: boolean) => imports.push({ specifier, line: lineAt(at), typeOnly });
  const impure = (at: number, call: string) => impureCalls.push({ call, line: lineAt(at) });

  new Visitor({
    ImportDeclaration(node) {
      found(node.start, node.source.value, node.importKind === 'type');
    },
    ExportNamedDeclaration(node) {
      if (node.source) found(node.start, node.source.value, node.exportKind === 'type');
    },
    ExportAllDeclaration(node) {
      found(node.start, node.source.value, node.exportKind === 'type');
    },
    ImportExpression(node) {
      if (node.source.type === 'Literal') found(node.start, String(node.source.value), false);
    },
    TSImportType(node) {
      found(node.start, node.source.value, true);
    },
    NewExpression(node) {
      const { callee } = node;
      if (callee.type === 'Identifier' && callee.name === 'Date' && node.arguments.length === 0) impure(node.start, 'new Date()');
    },
    CallExpression({ callee, start }) {
      if (callee.type === 'Identifier' && (callee.name === 'Date' || randomness.has(callee.name)))
        impure(start, `${callee.name}()`);
    },
    MemberExpression(node) {
      if (node.computed || node.object.type !== 'Identifier' || node.property.type !== 'Identifier') return;
      const name = `${node.object.name}.${node.property.name}`;
      if (impureMembers.has(name) || randomness.has(node.property.name)) impure(node.start, name);
    },
  }).visit(program);
  return { path, imports, impureCalls };
}

/** Every source file in these folders of the project; a folder that does not exist yet has none. */
export function readFolders(root: string, folders: readonly string[]): Source[] {
  return folders
    .flatMap((folder) => filesBelow(root, folder))
    .filter((path) => /\.(ts|mts|mjs|js)$/.test(path))
    .map((path) => readSource(path, readFileSync(join(root, path), 'utf8')));
}

function filesBelow(root: string, folder: string): string[] {
  try {
    return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replaceAll('\\', '/').replace(/^\//, ''));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
