/**
 * The embedded DynamoDB starts, keeps its data, has the table of topology.ts, and dies with whoever started it.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DescribeTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTableEngine, type TableEngine } from '../../local/dynoxide.ts';
import { createTable, sweepExpired } from '../../local/table.ts';
import { morning } from './stack.ts';

let folder: string;
const engines: TableEngine[] = [];
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'relance-'))));
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.stop()));
  rmSync(folder, { recursive: true, force: true });
});

const clientOf = (endpoint: string) =>
  new DynamoDBClient({ endpoint, region: 'eu-west-3', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });

async function start(file?: string) {
  const engine = await startTableEngine({ environment: {}, ...(file === undefined ? {} : { file }) });
  engines.push(engine);
  return { engine, client: clientOf(engine.endpoint) };
}

const isAlive = (endpoint: string): Promise<boolean> =>
  fetch(endpoint).then(
    () => true,
    () => false,
  );

test('the table is as topology.ts says, and making it again changes nothing', async () => {
  const { client } = await start();
  await createTable(client, 'people');
  await createTable(client, 'people');
  const { Table } = await client.send(new DescribeTableCommand({ TableName: 'people' }));
  expect(Table?.KeySchema?.map(({ AttributeName }) => AttributeName)).toEqual(['pk', 'sk']);
  expect(Table?.BillingModeSummary?.BillingMode).toBe('PAY_PER_REQUEST');
  const indexes = (Table?.GlobalSecondaryIndexes ?? []).map((index) => ({
    name: index.IndexName,
    keys: index.KeySchema?.map(({ AttributeName }) => AttributeName),
    projection: index.Projection,
  }));
  expect(indexes.toSorted((a, b) => String(a.name).localeCompare(String(b.name)))).toEqual([
    { name: 'dir', keys: ['g', 'pk'], projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['tr', 'co'] } },
    { name: 'due', keys: ['ds', 'da'], projection: { ProjectionType: 'KEYS_ONLY' } },
  ]);
});

test('timers are found in the order of their due time', async () => {
  const { client } = await start();
  await createTable(client, 'people');
  for (const due of [300, 20, 1_000])
    await client.send(
      new PutItemCommand({
        TableName: 'people',
        Item: { pk: { S: `P#${due}` }, sk: { S: 'J#x' }, ds: { S: 'T#0' }, da: { N: String(due) } },
      }),
    );
  const query = new QueryCommand({
    TableName: 'people',
    IndexName: 'due',
    KeyConditionExpression: 'ds = :shard AND da <= :until',
    ExpressionAttributeValues: { ':shard': { S: 'T#0' }, ':until': { N: '999' } },
  });
  expect((await client.send(query)).Items?.map(({ da }) => da?.N)).toEqual(['20', '300']);
});

test('a sweep deletes what has expired and nothing else', async () => {
  const { client } = await start();
  await createTable(client, 'people');
  const put = (pk: string, ttl?: number) =>
    client.send(
      new PutItemCommand({
        TableName: 'people',
        Item: { pk: { S: pk }, sk: { S: '-' }, ...(ttl === undefined ? {} : { ttl: { N: String(ttl) } }) },
      }),
    );
  await put('for ever');
  await put('expired', morning / 1_000);
  await put('not yet', morning / 1_000 + 1);
  expect(await sweepExpired(client, 'people', morning)).toBe(1);
  expect(await sweepExpired(client, 'people', morning)).toBe(0);
  const left = await Promise.all(
    ['for ever', 'expired', 'not yet'].map((pk) =>
      client.send(new GetItemCommand({ TableName: 'people', Key: { pk: { S: pk }, sk: { S: '-' } } })),
    ),
  );
  expect(left.map(({ Item }) => Item !== undefined)).toEqual([true, false, true]);
});

test('data in a file is there after a restart; in memory it is not', async () => {
  const file = join(folder, 'table.sqlite');
  const first = await start(file);
  await createTable(first.client, 'people');
  await first.client.send(new PutItemCommand({ TableName: 'people', Item: { pk: { S: 'a' }, sk: { S: '-' } } }));
  await first.engine.stop();
  const second = await start(file);
  const found = await second.client.send(new GetItemCommand({ TableName: 'people', Key: { pk: { S: 'a' }, sk: { S: '-' } } }));
  expect(found.Item).toEqual({ pk: { S: 'a' }, sk: { S: '-' } });
});

test('an engine that the environment names is used and never stopped', async () => {
  const given = await startTableEngine({ environment: { AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:8000' } });
  expect(given).toMatchObject({ endpoint: 'http://127.0.0.1:8000', kind: 'given' });
  await given.stop();
});

test('an engine that cannot use its file is an error with its reason', async () => {
  await expect(startTableEngine({ environment: {}, file: join(folder, 'no', 'such', 'folder') })).rejects.toThrow(
    'does not start',
  );
});

test.skipIf(process.platform === 'win32').each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
  'when its starter dies by %s, the engine dies too',
  async (signal) => {
    const code = `
      import { startTableEngine } from ${JSON.stringify(new URL('../../local/dynoxide.ts', import.meta.url).href)};
      const engine = await startTableEngine({ environment: {} });
      console.log(engine.endpoint);
      setInterval(() => {}, 1_000);
    `;
    const starter = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
    const endpoint = await new Promise<string>((resolve) => createInterface(starter.stdout).once('line', resolve));
    expect(await isAlive(endpoint)).toBe(true);
    starter.kill(signal);
    await expect.poll(() => isAlive(endpoint), { timeout: 5_000, interval: 20 }).toBe(false);
  },
);

test('a crash of the engine is told', async () => {
  const crashed = new Promise<string>((resolve) => {
    void startTableEngine({ environment: {}, onCrash: resolve }).then(async ({ endpoint }) => {
      // The engine's own id: nobody else listens on that port.
      const { execFileSync } = await import('node:child_process');
      const port = new URL(endpoint).port;
      const processes = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' }).split('\n');
      const pid = Number(
        processes
          .find((line) => line.includes('dynoxide') && line.includes(`--port ${port}`))
          ?.trim()
          .split(' ')[0],
      );
      process.kill(pid, 'SIGKILL');
    });
  });
  expect(await crashed).toContain('SIGKILL');
});
