/** `cdk synth` as anybody runs it: without an account, without a network, and without a finding that nobody explained. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Stack } from 'aws-cdk-lib';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, test } from 'vitest';
import { distFolder, projectRoot } from '../../infra/bundles.ts';
import { checkChoices } from '../../infra/choices.ts';
import { relanceApp } from '../../infra/relance-app.ts';
import { choices } from '../../relance.config.ts';
import { cdkFlags, ofType } from '../../infra/synthesise.ts';
import { synthesised } from './synthesised.ts';

/** A network of its own, with nothing in it, where this system lets us have one. */
const apart = ['unshare', '--map-root-user', '--net'] as const;
const canBeApart = ((): boolean => {
  try {
    execFileSync(apart[0], [...apart.slice(1), 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
if (!canBeApart) console.warn('cdk synth is run with the network: this system gives no empty one (unshare --net).');

export function synthTests(): void {
  describe('cdk synth', () => {
    test('needs no account and no network', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'relance-cdk-'));
      try {
        const command = [process.execPath, 'local/launch.mjs', 'cdk', 'synth', '--quiet', '--output', join(folder, 'out')];
        const [file = '', ...args] = [...(canBeApart ? apart : []), ...command];
        const env = {
          PATH: process.env['PATH'],
          HOME: folder,
          AWS_EC2_METADATA_DISABLED: 'true',
          HTTPS_PROXY: 'http://127.0.0.1:9',
        };
        const { stdout, stderr } = await promisify(execFile)(file, args, { cwd: projectRoot, env });
        expect(readdirSync(join(folder, 'out'))).toContain('relance-engine.template.json');
        expect(stdout + stderr).not.toMatch(/warn|error|feature flag|telemetry/i);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    test('fails on a finding that nobody explained', async () => {
      const outdir = mkdtempSync(join(tmpdir(), 'relance-nag-'));
      await synthesised(); // makes the bundles
      const app = relanceApp({ choices: checkChoices(choices), dist: distFolder, outdir, ...cdkFlags });
      new CfnQueue(new Stack(app, 'planted'), 'Queue');
      const write = process.stderr.write.bind(process.stderr);
      try {
        process.stderr.write = () => true; // CDK prints the report
        expect(() => app.synth()).toThrow(/AwsSolutions-SQS4/);
      } finally {
        process.stderr.write = write;
        rmSync(outdir, { recursive: true });
      }
    });

    test('makes stacks that do not hold on to each other', async () => {
      const { texts, engine } = await synthesised();
      for (const text of texts) expect(text).not.toContain('Fn::ImportValue');
      expect(ofType(engine, 'AWS::CloudFormation::CustomResource')).toEqual([]);
    });
  });
}
