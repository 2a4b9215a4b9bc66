/** Everybody, for a list to choose from. Reads the whole table, so for local data only. */
import { paginateScan } from '@aws-sdk/client-dynamodb';
import type { Json } from '../../shared/kernel/json.ts';
import { isoInstant } from '../../shared/kernel/time.ts';
import { addressOf, traitOf } from '../../shared/profile/profile.ts';
import type { Stack } from '../stack.ts';

export interface PersonLine {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly lastSeen: string;
}

/** The newest so many (ids begin with the time they were made), last seen first; a merged person is told once. */
export async function listPeople({ ports, clients, tableName }: Stack, limit = 200): Promise<readonly PersonLine[]> {
  const ids: string[] = [];
  const hotStates = {
    TableName: tableName,
    FilterExpression: 'sk = :hot',
    ProjectionExpression: 'pk',
    ExpressionAttributeValues: { ':hot': { S: 'H' } },
  };
  for await (const { Items: items = [] } of paginateScan({ client: clients.dynamo }, hotStates))
    ids.push(...items.flatMap(({ pk }) => pk?.S?.slice('P#'.length) ?? []));
  const newest = ids.toSorted().slice(-limit);
  const people = await Promise.all(newest.map((id) => ports.people.load(id).then((person) => ({ ...person, asked: id }))));
  return people
    .filter(({ id, asked }) => id === asked)
    .toSorted((a, b) => b.hot.lastSeen - a.hot.lastSeen)
    .map(({ id, attributes, hot }) => ({
      id,
      name: nameOf(traitOf(attributes, 'firstName'), traitOf(attributes, 'lastName')),
      email: addressOf(attributes, 'email') ?? null,
      lastSeen: isoInstant(hot.lastSeen),
    }));
}

export const nameOf = (...parts: readonly (Json | undefined)[]): string =>
  parts.filter((part) => typeof part === 'string').join(' ');
