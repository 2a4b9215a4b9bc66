/** docs/proofs.md: when, by which command, on what, and what came of it. No paths: they say nothing to anybody else. */
import { cpus, totalmem } from 'node:os';
import { run } from './child.ts';
import { inSeconds, type Done } from './proof.ts';
import { root } from './root.ts';

const verdict = { passed: 'passed', failed: '**failed**', skipped: 'skipped' } as const;

export async function documentOf(all: readonly Done[], command: string): Promise<string> {
  const git = async (...args: readonly string[]): Promise<string> =>
    (await run('git', args, { cwd: root, environment: process.env })).output.trim();
  const changed = (await git('status', '--porcelain', '--untracked-files=no')).split('\n').filter((line) => line !== '');
  const also = changed.length === 0 ? '' : `, and ${changed.length} files changed since`;
  const [cpu] = cpus();
  const facts = [
    ['date', new Date().toISOString().slice(0, 16).replace('T', ' ') + ' UTC'],
    ['command', `\`${command}\``],
    ['commit', `${await git('rev-parse', '--short=12', 'HEAD')}${also}`],
    [
      'machine',
      `${cpus().length} cores (${cpu?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform} ${process.arch}`,
    ],
    ['Node', process.versions.node],
  ];
  return [
    '# Proofs',
    '',
    'Written by `npm run prove`, which runs at full size what `npm test` proves at small size, and fails when one of them fails.',
    '',
    table([['', ''], ...facts]),
    '',
    table([
      ['proof', 'result', 'took'],
      ...all.map((done) => [done.proof.name, verdict[done.outcome.kind], inSeconds(done.milliseconds)]),
    ]),
    '',
    ...all.flatMap(sectionOf),
  ].join('\n');
}

function sectionOf({ proof, outcome }: Done): readonly string[] {
  const heading = [`## ${proof.name[0]?.toUpperCase() ?? ''}${proof.name.slice(1)}: ${outcome.kind}`, '', proof.shows, ''];
  if (outcome.kind === 'skipped') return [...heading, `Skipped: ${outcome.because}.`, ''];
  const because = outcome.kind === 'failed' ? [`Failed: ${outcome.because.split('\n')[0] ?? ''}`, ''] : [];
  const figures = outcome.figures.flatMap(({ title, text }) => [...(title === '' ? [] : [`### ${title}`, '']), text, '']);
  return [...heading, ...because, ...figures];
}

function table([head = [], ...rows]: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
