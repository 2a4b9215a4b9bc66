/**
 * Listens on the real SDK clients while handlers run: every call with the units the engine says it consumed and the units
 * that follow from the items before and after it, looked at around the call.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { BatchGetItemCommand, type ServiceInputTypes, type ServiceOutputTypes } from '@aws-sdk/client-dynamodb';
import { invocation } from '../../local/host.ts';
import type { LocalClients } from '../../local/stack.ts';
import type { FunctionName } from '../../shared/topology.ts';
import { itemBytes, type Item } from './item-size.ts';
import { type Address, addressText, kindOf, readsOf, saidBy, writesTo } from './dynamo-calls.ts';
import { noUnits, plus, writeUnits, type Units } from './unit-rules.ts';

export interface Counted {
  /** As the engine's ConsumedCapacity says. */
  readonly measured: Units;
  /** As the items' bytes say. */
  readonly computed: Units;
}

export interface Written {
  readonly kind: string;
  readonly bytes: number;
}

export interface Call {
  readonly functionName: FunctionName;
  readonly service: 'dynamodb' | 'sqs' | 'ses';
  /** `PutItem`. */
  readonly command: string;
  /** Kinds of items named: `H`, `E`, `I`, … */
  readonly kinds: readonly string[];
  /** HTTP requests, repeats of the SDK included. */
  readonly requests: number;
  readonly refused: boolean;
  readonly write: Counted;
  readonly read: Counted;
  readonly written: readonly Written[];
}

const nothing: Counted = { measured: noUnits, computed: noUnits };

export class Meter {
  readonly #calls: Call[] = [];
  readonly #looking = new AsyncLocalStorage<true>();
  #clients: LocalClients | undefined;

  /** Listens from now on. */
  attach(clients: LocalClients): void {
    this.#clients = clients;
    clients.dynamo.middlewareStack.add(
      (next, { commandName = '' }) =>
        async (args) => {
          const functionName = invocation.getStore()?.functionName;
          if (functionName === undefined || this.#looking.getStore() === true) return next(args);
          const addresses = writesTo(args.input);
          const before = await this.#look(addresses);
          const counting = { ...args, input: { ...args.input, ReturnConsumedCapacity: 'INDEXES' as const } };
          const answer = await next(counting).catch((error: unknown) => {
            this.#keep(functionName, 'dynamodb', commandName, { kinds: addresses.map(kindOf), refused: true });
            throw error;
          });
          const after = await this.#look(addresses);
          this.#keep(functionName, 'dynamodb', commandName, dynamoCall(args.input, answer.output, addresses, before, after));
          return answer;
        },
      { step: 'initialize', name: 'meter' },
    );
    clients.sqs.middlewareStack.add(
      (next, { commandName = '' }) =>
        async (args) => {
          const answer = await next(args);
          this.#keepOther('sqs', commandName, answer.output.$metadata.attempts);
          return answer;
        },
      { step: 'initialize', name: 'meter' },
    );
    clients.ses.middlewareStack.add(
      (next, { commandName = '' }) =>
        async (args) => {
          const answer = await next(args);
          this.#keepOther('ses', commandName, answer.output.$metadata.attempts);
          return answer;
        },
      { step: 'initialize', name: 'meter' },
    );
  }

  /** What was called during the work, by handlers only. */
  async during(work: () => Promise<void>): Promise<readonly Call[]> {
    this.#calls.length = 0;
    await work();
    return this.#calls.splice(0);
  }

  #keepOther(service: 'sqs' | 'ses', command: string, attempts = 1): void {
    const functionName = invocation.getStore()?.functionName;
    if (functionName !== undefined) this.#keep(functionName, service, command, { requests: attempts });
  }

  #keep(functionName: FunctionName, service: Call['service'], commandName: string, call: Partial<Call>): void {
    this.#calls.push({
      functionName,
      service,
      command: commandName.replace(/Command$/, ''),
      kinds: [],
      requests: 1,
      refused: false,
      write: nothing,
      read: nothing,
      written: [],
      ...call,
    });
  }

  /** The items as they are, past the meter; in the order asked for. */
  async #look(addresses: readonly Address[]): Promise<readonly (Item | undefined)[]> {
    const [first] = addresses;
    if (first === undefined) return [];
    const command = new BatchGetItemCommand({
      RequestItems: { [first.table]: { Keys: addresses.map(({ key }) => key), ConsistentRead: true } },
    });
    const answer = await this.#looking.run(true, async () => this.#clients?.dynamo.send(command));
    const items = answer?.Responses?.[first.table] ?? [];
    return addresses.map((address) => items.find((item) => addressText(item) === addressText(address.key)));
  }
}

function dynamoCall(
  input: ServiceInputTypes,
  output: ServiceOutputTypes,
  addresses: readonly Address[],
  before: readonly (Item | undefined)[],
  after: readonly (Item | undefined)[],
): Partial<Call> {
  const inTransaction = 'TransactItems' in input;
  const said = saidBy(output);
  const requests = output.$metadata.attempts ?? 1;
  if (addresses.length === 0) {
    const { kinds, units } = readsOf(input, output);
    return { kinds, requests, read: { measured: said, computed: units } };
  }
  const computed = addresses
    .map((_, index) => writeUnits({ before: before[index], after: after[index], inTransaction }))
    .reduce(plus, noUnits);
  const written = addresses.map((address, index) => {
    const item = after[index];
    return { kind: kindOf(address), bytes: item === undefined ? 0 : itemBytes(item) };
  });
  return { kinds: addresses.map(kindOf), requests, write: { measured: said, computed }, written };
}
