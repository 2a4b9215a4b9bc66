/**
 * What `cdk synth` writes, as data: the templates of an installation with their references resolved for an invented account,
 * and the bundles that lie beside them. Takes about three seconds.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { type Bundle, buildFunctions, distFolder, projectRoot } from './bundles.ts';
import { checkChoices, type Choices } from './choices.ts';
import { relanceApp } from './relance-app.ts';
import { resolved } from './resolve.ts';

const resource = v.object({
  Type: v.string(),
  Properties: v.optional(v.record(v.string(), v.unknown()), {}),
  DependsOn: v.optional(v.array(v.string()), []),
  DeletionPolicy: v.optional(v.string()),
});
const template = v.object({
  Resources: v.record(v.string(), resource),
  Outputs: v.optional(v.record(v.string(), v.object({ Value: v.unknown(), Description: v.optional(v.string()) })), {}),
});

export type Template = v.InferOutput<typeof template>;
export type Resource = v.InferOutput<typeof resource> & { readonly id: string };

export interface Synthesised {
  readonly data: Template;
  readonly messaging: Template;
  readonly engine: Template;
  /** As CDK writes them. */
  readonly texts: readonly string[];
  readonly bundles: Readonly<Record<string, Bundle>>;
}

/** What the CLI hands over from cdk.json; without these flags other templates come out. */
export const cdkFlags = v.parse(
  v.object({ context: v.record(v.string(), v.unknown()) }),
  JSON.parse(readFileSync(join(projectRoot, 'cdk.json'), 'utf8')),
);

/** Bundles the functions into dist/ on the way. Throws what `cdk synth` would say. */
export async function synthesise(given: Choices): Promise<Synthesised> {
  const bundles = await buildFunctions();
  const outdir = mkdtempSync(join(tmpdir(), 'relance-synth-'));
  try {
    relanceApp({ choices: checkChoices(given), dist: distFolder, outdir, ...cdkFlags }).synth();
    const read = (stack: string): string => readFileSync(join(outdir, `${given.name}-${stack}.template.json`), 'utf8');
    const texts = ['data', 'messaging', 'engine'].map(read);
    const [data, messaging, engine] = texts.map((text) => v.parse(template, resolved(JSON.parse(text))));
    if (data === undefined || messaging === undefined || engine === undefined) throw new Error('a stack is missing');
    return { data, messaging, engine, texts, bundles };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

export const ofType = ({ Resources }: Template, type: string): readonly Resource[] =>
  Object.entries(Resources).flatMap(([id, found]) => (found.Type === type ? [{ id, ...found }] : []));
