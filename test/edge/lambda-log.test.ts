/** One JSON line an outcome, as CloudWatch reads it. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

test('each outcome is one line of JSON with its level and ids, and nothing else of ours', () => {
  const script = `
    import { lambdaLog } from './functions/edge/lambda-log.ts';
    const log = lambdaLog({ AWS_LAMBDA_FUNCTION_NAME: 'process-events' });
    log('info', 'done', { stage: 'process-events', items: 3, none: undefined });
    log('warn', 'will retry', { messageId: 'm-1\\n' });
    log('error', 'failed', { error: 'TypeError' });`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' });
  const [done, retry, failed, ...others] = `${stdout}${stderr}`
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  expect(done).toMatchObject({ level: 'INFO', message: 'done', service: 'process-events', stage: 'process-events', items: 3 });
  expect(retry).toMatchObject({ level: 'WARN', message: 'will retry', messageId: 'm-1\n' });
  expect(failed).toMatchObject({ level: 'ERROR', message: 'failed', error: 'TypeError' });
  expect(others).toEqual([]);
});
