/** Whatever strangers send is kept, in memory and in the table. */
import { describe } from 'vitest';
import { AwsPeople } from '../../shared/adapters/aws/people.ts';
import { MemoryPeople } from '../../shared/adapters/memory/people.ts';
import { embeddedTables } from './embedded-table.ts';
import { jsonContract } from './people-json.contract.ts';

const unused = { suppress: () => Promise.resolve(), countProofs: () => Promise.resolve(0) };

describe('in memory', () => {
  jsonContract(() => Promise.resolve({ people: new MemoryPeople(), ...unused }));
});

describe('in the table', () => {
  const { dynamo, newTable } = embeddedTables();
  jsonContract(async () => ({ people: new AwsPeople({ dynamo: dynamo(), table: await newTable() }), ...unused }));
});
