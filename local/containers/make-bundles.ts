/**
 * What `cdk deploy` would bring into an account, made in a process of its own: CDK takes half a gigabyte, which goes with
 * that process, and seconds in which this one would hear no Ctrl-C.
 */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import * as v from 'valibot';
import { BadChoices, type Choices } from '../../infra/choices.ts';
import { deployedFunction } from '../../infra/deployed-functions.ts';
import { choices } from '../../relance.config.ts';

const bundles = v.object({
  kind: v.literal('made'),
  /** By name. */
  functions: v.record(v.string(), deployedFunction),
  /** What queues and functions are called in front of their names in the topology. */
  prefix: v.string(),
  /** Of the doors, as the template gives it. */
  origin: v.string(),
});
export type Bundles = v.InferOutput<typeof bundles>;

const outcome = v.variant('kind', [bundles, v.object({ kind: v.literal('refused'), because: v.string() })]);
export type Outcome = v.InferOutput<typeof outcome>;

/** Brings dist/ up to date with the sources and synthesises, which takes seconds. Throws BadChoices. */
export async function makeBundles(given: Choices = choices): Promise<Bundles> {
  const made = v.parse(outcome, await answerOf([JSON.stringify(given)]));
  if (made.kind === 'refused') throw new BadChoices(made.because);
  return made;
}

function answerOf(args: readonly string[]): Promise<unknown> {
  const child = fork(join(import.meta.dirname, 'synthesis.ts'), args, { execArgv: [] });
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`cdk could not be asked: it ended with code ${code ?? 'none'}`)));
  });
}
