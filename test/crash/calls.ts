/**
 * Every call that an invocation makes through the real SDK clients, numbered, and a crash at any one of them. A process
 * that crashes does nothing more: its calls never return, so no line of its code runs after the crash.
 */
import { invocation, type Invocation } from '../../local/host.ts';
import type { LocalClients } from '../../local/stack.ts';
import { whatIsTouched } from './touched.ts';

/** One call of an untroubled run: how often this function had made such a call before, so that it is found again in another run. */
export interface Call {
  readonly functionName: string;
  /** Such as `PutItem A` or `SendMessageBatch work`. */
  readonly name: string;
  readonly ordinal: number;
  readonly invocation: number;
}

export interface CrashPoint extends Call {
  readonly when: 'before' | 'after';
}

/** Before and after the effect of every call. */
export const everyPoint = (calls: readonly Call[]): readonly CrashPoint[] =>
  calls.flatMap((call) => [
    { ...call, when: 'before' as const },
    { ...call, when: 'after' as const },
  ]);

/**
 * Every state once in which a crash can leave the world: before the first call of an invocation, and after each of its calls
 * that changes anything. After a read, and before the next call, it is as the change before left it.
 */
export const everyMoment = (calls: readonly Call[]): readonly CrashPoint[] =>
  everyPoint(calls).filter((point) => (point.when === 'after' ? !isRead(point) : isFirst(point, calls)));

const reads: ReadonlySet<string> = new Set(['GetItem', 'BatchGetItem', 'Query', 'GetQueueAttributes', 'GetSendQuota']);

const isRead = ({ name }: Call): boolean => reads.has(name.split(' ')[0] ?? '');

const isFirst = (point: Call, calls: readonly Call[]): boolean => {
  const first = calls.find((call) => call.invocation === point.invocation);
  return first !== undefined && nameOf(first) === nameOf(point);
};

export const nameOf = ({ functionName, name, ordinal }: Call): string => `${functionName}: ${name} #${ordinal}`;

const never = (): Promise<never> => new Promise(() => {});

export class Calls {
  readonly made: Call[] = [];
  readonly #point: CrashPoint | undefined;
  readonly #counts = new Map<string, number>();
  readonly #turns = new WeakMap<Invocation, Promise<void>>();
  crashes = 0;

  constructor(point?: CrashPoint) {
    this.#point = point;
  }

  watch({ dynamo, sqs, ses }: LocalClients): void {
    const place = { step: 'initialize', priority: 'high', name: 'crash' } as const;
    dynamo.middlewareStack.add((next, { commandName }) => this.#around(next, commandName), place);
    sqs.middlewareStack.add((next, { commandName }) => this.#around(next, commandName), place);
    ses.middlewareStack.add((next, { commandName }) => this.#around(next, commandName), place);
  }

  #around<Args extends { readonly input: object }, Output>(
    next: (args: Args) => Promise<Output>,
    commandName = '',
  ): (args: Args) => Promise<Output> {
    return (args) => {
      const running = invocation.getStore();
      if (running === undefined) return next(args);
      return this.#inTurn(running, () => this.#call(running, commandName, args.input, () => next(args)));
    };
  }

  /**
   * What an invocation asks for at once is sent one after the other, in the order asked: so the numbers are the same in every
   * run, and a crash falls between any two of several writes, too.
   */
  async #inTurn<T>(running: Invocation, send: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(running);
    const done = Promise.withResolvers<void>();
    this.#turns.set(running, done.promise);
    await before;
    try {
      return await send();
    } finally {
      done.resolve();
    }
  }

  async #call<T>(running: Invocation, command: string, input: object, send: () => Promise<T>): Promise<T> {
    if (running.crashed) return never();
    const call = this.#count(running, `${command.replace(/Command$/, '')} ${whatIsTouched(input)}`);
    const crashes = this.#point !== undefined && nameOf(call) === nameOf(this.#point);
    if (crashes && this.#point?.when === 'before') return this.#crash(running);
    const outcome = await send().then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    if (crashes) return this.#crash(running);
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  }

  #count({ functionName, id }: Invocation, name: string): Call {
    const key = `${functionName}: ${name}`;
    const ordinal = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, ordinal);
    const call = { functionName, name, ordinal, invocation: id };
    this.made.push(call);
    return call;
  }

  #crash(running: Invocation): Promise<never> {
    this.crashes += 1;
    running.crashed = true;
    return never();
  }
}
