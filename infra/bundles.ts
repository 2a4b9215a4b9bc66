/**
 * The functions as Lambda runs them: one folder each in dist/, ECMAScript modules with the AWS SDK inside. Bundling the SDK
 * pins it and starts faster than the runtime's own copy.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { build, type Metafile, type OutputFile, stop } from 'esbuild';
import { functions } from '../shared/topology.ts';

export const projectRoot = join(import.meta.dirname, '..');

export const distFolder = join(projectRoot, 'dist');

/** What Lambda calls in each folder: `handler` of handler.mjs. */
export const handlerName = 'handler.handler';

export interface Bundle {
  /** Without maps. */
  readonly bytes: number;
  /** Source files and packages that went into it. */
  readonly inputs: readonly string[];
}

/**
 * Source maps lie beside the bundles in maps/ and do not travel: they weigh more than the code (1.1 MB each), and Node
 * reads them at each cold start when it is told of them, which takes 30 ms of 60.
 */
const mapsFolder = 'maps';

/** Some packages inside are CommonJS and ask for `require`, which a module does not have. */
const requireForCommonJs =
  "import{createRequire as createRequireHere}from'node:module';const require=createRequireHere(import.meta.url);";

/** Bundles every function of the topology, and answers what each one is made of. Files that are as they should be stay untouched. */
export async function buildFunctions(dist = distFolder): Promise<Readonly<Record<string, Bundle>>> {
  const built = Object.keys(functions).map(async (name) => [name, await buildFunction(name, dist)] as const);
  return Object.fromEntries(await Promise.all(built));
}

/** Ends the process that bundles: for whoever builds first and then goes on for long. The next build starts another. */
export const endBuilding = (): Promise<void> => stop();

async function buildFunction(name: string, dist: string): Promise<Bundle> {
  const folder = join(dist, name);
  const { outputFiles, metafile } = await build({
    absWorkingDir: projectRoot,
    entryPoints: { handler: `functions/${name}.ts` },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    write: false,
    bundle: true,
    // What is imported later (mail and its provider, rarely used credentials) stays in files of its own, read when needed.
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    sourcemap: 'external',
    sourcesContent: false,
    legalComments: 'none',
    metafile: true,
    banner: { js: requireForCommonJs },
    logLevel: 'error',
  });
  const [code, maps] = [outputFiles.filter(({ path }) => !isMap(path)), outputFiles.filter(({ path }) => isMap(path))];
  writeFolder(folder, code);
  writeFolder(
    join(dist, mapsFolder, name),
    maps.map((file) => ({ ...file, path: join(dist, mapsFolder, name, relative(folder, file.path)) })),
  );
  return { bytes: code.reduce((sum, { contents }) => sum + contents.length, 0), inputs: inputsOf(metafile) };
}

const isMap = (path: string): boolean => path.endsWith('.map');

const inputsOf = ({ inputs }: Metafile): readonly string[] => Object.keys(inputs);

type File = Pick<OutputFile, 'path' | 'contents'>;

/** Several processes may build at once (tests, a deployment): each file is replaced whole, and only when it changes. */
function writeFolder(folder: string, files: readonly File[]): void {
  mkdirSync(folder, { recursive: true });
  for (const { path, contents } of files) {
    if (sameFile(path, contents)) continue;
    mkdirSync(dirname(path), { recursive: true });
    const draft = `${path}.${process.pid}.draft`;
    writeFileSync(draft, contents);
    renameSync(draft, path);
  }
  const wanted = new Set(files.map(({ path }) => path));
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (!wanted.has(path) && !name.endsWith('.draft')) rmSync(path, { recursive: true, force: true });
  }
}

function sameFile(path: string, contents: Uint8Array): boolean {
  try {
    return readFileSync(path).equals(contents);
  } catch {
    return false; // not there yet
  }
}
