/**
 * Runs one command of Relance on a machine with nothing but Node 20 and npm: installs what is missing, then runs the
 * target under Node 24. Keeps the promise that `npm start` and `npm test` work in a fresh clone and leave no process.
 *
 *   node local/launch.mjs <file.ts | command of a dependency> [arguments]
 *
 * Plain JavaScript without dependencies, because it runs before anything is installed.
 */
import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { endAs, run } from './child-process.mjs';
import { installIfNeeded, LaunchProblem, modules, readText, root, say } from './install.mjs';

const nodeMajor = 24;

function pickNode() {
  if (Number(process.versions.node.split('.')[0]) >= nodeMajor) return process.execPath;
  const { platform, arch } = process;
  const names = platform === 'win32' ? [`node-win-${arch}`] : [`node-${platform}-${arch}`, `node-bin-${platform}-${arch}`];
  const binary = names.map((name) => join(modules, name, 'bin', platform === 'win32' ? 'node.exe' : 'node')).find(existsSync);
  if (binary) return binary;
  throw new LaunchProblem(
    [
      `Relance runs on Node ${nodeMajor}. This is ${process.version}, and npm brought no Node ${nodeMajor} for ${platform}-${arch}.`,
      `Install Node ${nodeMajor} or newer (https://nodejs.org, or \`nvm install\`), then run the same command again.`,
      'If npm is set to leave out optional packages (--omit=optional), unset that, remove node_modules, and run it again.',
    ].join('\n'),
  );
}

/** A file of the project, or the script behind a command of a dependency (`vitest`, `tsc`). */
function scriptOf(target) {
  if (/\.(ts|mjs|js)$/.test(target)) {
    const file = resolve(root, target);
    if (existsSync(file)) return file;
    throw new LaunchProblem(`There is no ${target} in this project.`);
  }
  const packageName = { tsc: 'typescript', cdk: 'aws-cdk' }[target] ?? target;
  const manifest = readText(join(modules, packageName, 'package.json'));
  const bin = manifest && JSON.parse(manifest).bin;
  const script = typeof bin === 'string' ? bin : bin?.[target];
  if (script) return join(modules, packageName, script);
  throw new LaunchProblem(`There is no command "${target}" among the dependencies.`);
}

function environmentFor(node) {
  const pathName = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const path = [join(modules, '.bin'), process.env[pathName]].filter(Boolean).join(delimiter);
  return { INIT_CWD: process.cwd(), ...process.env, [pathName]: path, NODE: node };
}

async function launch([target, ...args]) {
  if (!target) throw new LaunchProblem('Usage: node local/launch.mjs <file.ts | command of a dependency> [arguments]');
  await installIfNeeded();
  const node = pickNode();
  endAs(await run(node, [scriptOf(target), ...args], { cwd: root, env: environmentFor(node) }));
}

try {
  await launch(process.argv.slice(2));
} catch (error) {
  say(error instanceof LaunchProblem ? error.message : error.stack);
  process.exitCode = error.exitCode ?? 1;
}
