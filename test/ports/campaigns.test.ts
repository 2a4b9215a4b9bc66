/** Campaigns keep their promises in memory and in the table; and what only the table can break: units, names and shapes. */
import { GetItemCommand, PutItemCommand, type AttributeValue } from '@aws-sdk/client-dynamodb';
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { AwsCampaigns } from '../../shared/adapters/aws/campaigns.ts';
import { pageKey, progressKey, underWayKey } from '../../shared/adapters/aws/campaign-keys.ts';
import { pack } from '../../shared/adapters/aws/deflate.ts';
import { MemoryCampaigns } from '../../shared/adapters/memory/campaigns.ts';
import { largestPage, type PageName } from '../../shared/campaigns/occurrence.ts';
import { freshPersonId } from '../../shared/kernel/ids.ts';
import { itemBytes } from '../units/item-size.ts';
import { campaignsContract } from './campaigns.contract.ts';
import { embeddedTables } from './embedded-table.ts';
import { now } from './people-fixtures.ts';

describe('in memory', () => {
  campaignsContract(() => Promise.resolve(new MemoryCampaigns()));
});

describe('in the table', () => {
  const { dynamo, newTable } = embeddedTables();
  campaignsContract(async () => new AwsCampaigns({ dynamo: dynamo(), table: await newTable() }));

  /** As long a name as config/ takes. */
  const name: PageName = { campaign: 'a'.repeat(60), day: '2026-12-01', wave: now, page: 999 };

  test('a full page of marks stays within one write unit, and its people within two', async () => {
    const table = await newTable();
    const campaigns = new AwsCampaigns({ dynamo: dynamo(), table });
    const people = Array.from({ length: largestPage }, (_, index) =>
      freshPersonId(now + index * 3_600_000, createHash('sha256').update(String(index)).digest()),
    );
    const next = { shard: 63, after: people.at(-1)! };
    await campaigns.keepPage({ ...name, people, next });
    await campaigns.noteQueued(name, { firstAt: now, at: now, asked: 4, members: largestPage, next });
    await campaigns.markLater(name, now);
    const verdicts = ['sent', 'dropped:no-consent', 'dropped:suppressed', 'had-it', 'nobody'] as const;
    for (const [ordinal] of people.entries()) await campaigns.mark({ ...name, ordinal }, verdicts[ordinal % 5]!);
    const stored = async (Key: Record<string, AttributeValue>) =>
      (await dynamo().send(new GetItemCommand({ TableName: table, Key }))).Item ?? {};
    expect(itemBytes(await stored(progressKey(name)))).toBeLessThanOrEqual(1_024);
    expect(itemBytes(await stored(pageKey(name)))).toBeLessThanOrEqual(2_048);
  });

  test('a stored shape that this version does not know is refused', async () => {
    const table = await newTable();
    const campaigns = new AwsCampaigns({ dynamo: dynamo(), table });
    const put = (Item: Record<string, AttributeValue>) => dynamo().send(new PutItemCommand({ TableName: table, Item }));
    await put({ ...underWayKey, v: { N: '1' }, b: { B: pack([{ campaign: 'nouveautes', holdout: 0.1 }]) } });
    await put({ ...pageKey(name), b: { B: pack({ people: 'all' }) } });
    await expect(campaigns.underWay()).rejects.toThrow(/under way is stored in a shape this version does not know/);
    await expect(campaigns.page(name)).rejects.toThrow(/page of a campaign is stored in a shape/);
  });
});
