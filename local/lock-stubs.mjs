/**
 * Completes package-lock.json with the binaries of other platforms, so that `npm ci` works on every machine.
 *
 * A registry mirror often holds the binaries of one platform only. npm then leaves the others out of the lock file it
 * writes, and `npm ci` refuses that lock: "Missing: … from lock file". A stub entry (version, os, cpu, libc, optional)
 * is enough: npm skips it where the platform differs and fetches it, by name and version, where it fits.
 * The price: a stub carries no integrity hash. Binaries that this registry does hold keep theirs.
 *
 *   npm install some-package@1.2.3 && node local/lock-stubs.mjs     add a dependency
 *   node local/lock-stubs.mjs --check                               exit 1 when a stub is missing; writes nothing
 *
 * The Node and DynamoDB binaries under `optionalDependencies` in package.json are completed the same way.
 * Runs on Node 20 and needs no dependency.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const lockPath = fileURLToPath(new URL('../package-lock.json', import.meta.url));
const systems = new Set(['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32']);
const processors = new Set(['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64']);

/** `@oxlint/binding-linux-arm-musleabihf` → { os: ["linux"], cpu: ["arm"], libc: ["musl"] } */
function platformOf(name) {
  const words = name.split(/[/-]/).map((word) => (word === 'win' ? 'win32' : word));
  const os = words.filter((word) => systems.has(word)).slice(-1);
  const cpu = words.filter((word) => processors.has(word)).slice(-1);
  const abi = words.find((word) => /^(gnu|musl)/.test(word));
  const libc = os[0] === 'linux' && abi ? [abi.startsWith('musl') ? 'musl' : 'glibc'] : [];
  return os.length && cpu.length ? { os, cpu, ...(libc.length ? { libc } : {}) } : undefined;
}

/** Where Node would find `name` from the package at `from`: the nearest node_modules going up. */
function isLocked(packages, from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (packages[`${folder ? `${folder}/` : ''}node_modules/${name}`]) return true;
    if (!folder.includes('/node_modules/')) return Boolean(packages[`node_modules/${name}`]);
  }
}

function missingStubs(packages) {
  const stubs = {};
  for (const [from, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (isLocked(packages, from, name)) continue;
      const platform = platformOf(name);
      if (!platform || !/^\d/.test(version)) {
        console.warn(
          `lock-stubs: left out ${name}@${version} of ${from || 'package.json'}: no platform in its name, or no exact version.`,
        );
        continue;
      }
      stubs[`node_modules/${name}`] = { version, ...platform, ...(entry.dev ? { dev: true } : {}), optional: true };
    }
  }
  return stubs;
}

const lock = JSON.parse(readFileSync(lockPath, 'utf8'));
const stubs = missingStubs(lock.packages);
const count = Object.keys(stubs).length;
if (process.argv.includes('--check')) {
  for (const path of Object.keys(stubs)) console.log(`missing in package-lock.json: ${path}`);
  if (count) console.log('Run: node local/lock-stubs.mjs');
  process.exitCode = count ? 1 : 0;
} else if (count) {
  const { '': root, ...rest } = { ...lock.packages, ...stubs };
  const sorted = Object.entries(rest).sort(([a], [b]) => a.localeCompare(b, 'en'));
  lock.packages = { '': root, ...Object.fromEntries(sorted) };
  writeFileSync(lockPath, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`lock-stubs: added ${count} entries.`);
} else {
  console.log('lock-stubs: nothing missing.');
}
