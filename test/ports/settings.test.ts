/** Settings keep their promises in memory and in the table; and what only a table with several containers can break. */
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { dynamoClient } from '../../shared/adapters/aws/client.ts';
import { AwsSettings } from '../../shared/adapters/aws/settings.ts';
import { pack } from '../../shared/adapters/aws/deflate.ts';
import { activeConfigKey } from '../../shared/adapters/aws/settings-keys.ts';
import { MemorySettings } from '../../shared/adapters/memory/settings.ts';
import { embeddedTables } from './embedded-table.ts';
import { noise } from './people-fixtures.ts';
import { aConfig, aJourney, settingsContract } from './settings.contract.ts';

describe('in memory', () => {
  settingsContract(() => Promise.resolve(new MemorySettings()));
});

describe('in the table', () => {
  const { dynamo, environment, newTable } = embeddedTables();
  settingsContract(async () => new AwsSettings({ dynamo: dynamo(), table: await newTable(), systemClock: () => 0 }));

  describe('of two containers', () => {
    const twoContainers = async () => {
      let time = 0;
      const table = await newTable();
      const container = () => new AwsSettings({ dynamo: dynamo(), table, systemClock: () => time });
      return { table, one: container(), two: container(), wait: (ms: number) => (time += ms) };
    };

    test('the other one sees what was published within a minute, and reads nothing before', async () => {
      const { one, two, wait } = await twoContainers();
      await one.publish(aConfig(aJourney('j-1')));
      const first = await two.config();
      await one.publish(aConfig(aJourney('j-2')));
      wait(59_999);
      expect(await two.config()).toBe(first);
      wait(1);
      expect(await two.config()).toEqual({ ...aConfig(aJourney('j-2')), generation: 2 });
    });

    test('the other one sees it at once when it knows that there is something newer', async () => {
      const { one, two } = await twoContainers();
      await one.publish(aConfig());
      await two.config();
      await one.publish(aConfig(aJourney('j-2')));
      expect((await two.config(1)).generation).toBe(1);
      expect((await two.config(2)).generation).toBe(2);
    });

    test('neither takes back how far feedback has come, and each writes once a minute of it', async () => {
      const { one, two } = await twoContainers();
      await one.noteFeedback('email', 600_000);
      await two.noteFeedback('email', 300_000);
      expect(await two.feedbackUntil('email')).toBe(600_000);
      await one.noteFeedback('email', 659_999);
      expect(await two.feedbackUntil('email')).toBe(600_000);
      await one.noteFeedback('email', 660_000);
      expect(await two.feedbackUntil('email')).toBe(660_000);
    });

    test('what did not change is the same object, so that what was compiled from it stays', async () => {
      const { one, two, wait } = await twoContainers();
      await one.publish(aConfig(aJourney('j-1')));
      const first = await two.config();
      wait(60_000);
      expect(await two.config()).toBe(first);
      await one.publish(aConfig(aJourney('j-1'), aJourney('j-2')));
      wait(60_000);
      expect((await two.config()).journeys[0]).toBe(first.journeys[0]);
    });
  });

  /** Writes beyond `most` fail; answers how many were asked. */
  const failingAfter = (most: number) => {
    const client = dynamoClient(environment());
    let writes = 0;
    client.middlewareStack.add(
      (next, context) => (request) => {
        if (context.commandName !== 'PutItemCommand') return next(request);
        writes += 1;
        return writes > most ? Promise.reject(new Error('the publisher died')) : next(request);
      },
      { step: 'initialize', name: 'failAfter' },
    );
    return { client, writes: () => writes };
  };

  test('a publisher that dies at any write leaves what was live, and nothing half to be read', async () => {
    const table = await newTable();
    const large = aJourney('j-2', noise(900_000));
    const alive = new AwsSettings({ dynamo: dynamo(), table, systemClock: () => 0 });
    await alive.publish(aConfig(aJourney('j-1')));
    for (let most = 0; ; most++) {
      const { client, writes } = failingAfter(most);
      const dying = new AwsSettings({ dynamo: client, table, systemClock: () => 0 });
      const published = await dying.publish(aConfig(large)).catch(() => undefined);
      client.destroy();
      const other = new AwsSettings({ dynamo: dynamo(), table, systemClock: () => 0 });
      const half = await other.journey('j-2');
      expect([undefined, large]).toContainEqual(half);
      expect((await other.config()).generation).toBe(published === undefined ? 1 : 2);
      if (published === undefined) continue;
      expect(most).toBeGreaterThan(0);
      expect(writes()).toBeLessThanOrEqual(most);
      return;
    }
  });

  test('a journey that is stored is not written again', async () => {
    const table = await newTable();
    const { client, writes } = failingAfter(3);
    const settings = new AwsSettings({ dynamo: client, table, systemClock: () => 0 });
    await settings.publish(aConfig(aJourney('j-1')));
    expect(writes()).toBe(2);
    await settings.publish(aConfig(aJourney('j-1')));
    expect(writes()).toBe(3);
    client.destroy();
  });

  test('a stored shape that this version does not know is refused', async () => {
    const table = await newTable();
    const settings = new AwsSettings({ dynamo: dynamo(), table, systemClock: () => 0 });
    const newer = Object.assign(structuredClone(aJourney('j-1')), { holdout: 0.1 });
    await settings.publish(aConfig(newer));
    const other = new AwsSettings({ dynamo: dynamo(), table, systemClock: () => 0 });
    await expect(other.config()).rejects.toThrow(/journey j-1 is stored in a shape this version does not know \(holdout\)/);
  });

  test('what was published before there were segments and campaigns has none', async () => {
    const table = await newTable();
    const { brand } = aConfig();
    const item = { ...activeConfigKey, gn: { N: '4' }, b: { B: pack({ brand, journeys: [] }) } };
    await dynamo().send(new PutItemCommand({ TableName: table, Item: item }));
    const settings = new AwsSettings({ dynamo: dynamo(), table, systemClock: () => 0 });
    expect(await settings.config()).toStrictEqual({ ...aConfig(), generation: 4 });
  });

  test('a config that names a campaign that is not stored says so', async () => {
    const table = await newTable();
    const { brand } = aConfig();
    const pointer = { brand, segments: [], journeys: [], campaigns: ['c-9'] };
    const item = { ...activeConfigKey, gn: { N: '4' }, b: { B: pack(pointer) } };
    await dynamo().send(new PutItemCommand({ TableName: table, Item: item }));
    const settings = new AwsSettings({ dynamo: dynamo(), table, systemClock: () => 0 });
    await expect(settings.config()).rejects.toThrow(/generation 4 names campaign c-9, which is not stored/);
  });

  test('a journey that a publisher left unfinished is none, and publishing it again completes it', async () => {
    const table = await newTable();
    const settings = new AwsSettings({ dynamo: dynamo(), table, systemClock: () => 0 });
    await settings.publish(aConfig(aJourney('j-1')));
    const key = { pk: { S: 'D#journey#j-1' }, sk: { S: '000' } };
    const { Item: first = {} } = await dynamo().send(new GetItemCommand({ TableName: table, Key: key }));
    const left = { ...first, pk: { S: 'D#journey#j-2' }, sk: { S: '001' } };
    await dynamo().send(new PutItemCommand({ TableName: table, Item: left }));
    expect(await settings.journey('j-2')).toBeUndefined();
    await settings.publish(aConfig(aJourney('j-2')));
    const other = new AwsSettings({ dynamo: dynamo(), table, systemClock: () => 0 });
    expect(await other.journey('j-2')).toEqual(aJourney('j-2'));
  });

  test('what was asked first leaves the table by itself, and lies apart from the config', async () => {
    const table = await newTable();
    const settings = new AwsSettings({ dynamo: dynamo(), table, systemClock: () => 0 });
    await settings.firstAsked('hashed', { digest: 'd', at: 1_763_920_000_001 }, 60_000);
    const key = { pk: { S: 'R#hashed' }, sk: { S: '-' } };
    const { Item: item } = await dynamo().send(new GetItemCommand({ TableName: table, Key: key }));
    expect(item).toMatchObject({ ttl: { N: '1763920061' }, dg: { S: 'd' } });
  });
});
