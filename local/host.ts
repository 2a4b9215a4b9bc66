/**
 * Lambda, API Gateway, event source mappings and the scheduler in one process, wired from the topology that deploys:
 * the product's own handlers run by the product clock, which can leap ahead without losing an instant (promise 4).
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Instant } from '../shared/kernel/time.ts';
import type { FunctionName } from '../shared/topology.ts';
import { CannotStart } from './cannot-start.ts';
import type { ProductClock } from './clock.ts';
import type { Emulators } from './emulators/start.ts';
import { serveRequest } from './host/gateway.ts';
import { type HostTopology, productTopology } from './host/host-topology.ts';
import { Invoker, type LambdaHandler } from './host/invocation.ts';
import type { OutcomeListener } from './host/outcome.ts';
import { QueueMapping } from './host/queue-mapping.ts';
import { createQueues, mappingsOf } from './host/queues.ts';
import { leapTo } from './host/leap.ts';
import { Scheduler } from './host/scheduler.ts';
import { Serial } from './host/serial.ts';

export { invocation, type Invocation, type LambdaContext, type LambdaHandler } from './host/invocation.ts';
export type { Outcome } from './host/outcome.ts';

export interface HostOptions {
  readonly handlers: Readonly<Record<FunctionName, LambdaHandler>>;
  readonly emulators: Pick<Emulators, 'sqs'>;
  readonly clock: ProductClock;
  /** The earliest due time in the due index; undefined when nobody waits. */
  readonly earliestTimer: () => Promise<Instant | undefined>;
  /** When campaigns have something to do next; undefined, or left out, when they never have. */
  readonly earliestCampaign?: () => Promise<Instant | undefined>;
  readonly onOutcome?: OutcomeListener;
  readonly topology?: HostTopology;
}

/** Serves what is not the product's, such as the page; false leaves the request to the product. */
export type Pages = (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;

export class Host {
  /** Environment variables under which functions find their queues. */
  readonly queueUrls: Readonly<Record<string, string>>;
  readonly #options: HostOptions;
  readonly #topology: HostTopology;
  readonly #invoker: Invoker;
  readonly #mappings: readonly QueueMapping[];
  readonly #paused = new Set<FunctionName>();
  readonly #scheduler: Scheduler;
  readonly #serial = new Serial();
  readonly #stop = new AbortController();
  readonly #loops: Promise<void>[] = [];
  readonly #onOutcome: OutcomeListener;
  #server: Server | undefined;
  #processed = 0;

  /** Makes the queues and starts to serve them. */
  constructor(options: HostOptions) {
    const { handlers, emulators, clock, topology = productTopology, onOutcome = () => undefined } = options;
    this.#options = options;
    this.#topology = topology;
    this.#onOutcome = onOutcome;
    this.#invoker = new Invoker(handlers, topology.functions, clock);
    this.queueUrls = createQueues(emulators.sqs, topology);
    const around = {
      sqs: emulators.sqs,
      invoker: this.#invoker,
      isPaused: (name: FunctionName) => this.#paused.has(name),
      onOutcome,
      onProcessed: (messages: number) => void (this.#processed += messages),
      signal: this.#stop.signal,
    };
    this.#mappings = mappingsOf(topology).map((spec) => new QueueMapping(spec, around));
    const { schedules } = topology;
    this.#scheduler = new Scheduler({
      ...around,
      clock,
      schedules,
      earliestTimer: options.earliestTimer,
      earliestCampaign: options.earliestCampaign ?? (() => Promise.resolve(undefined)),
      processed: () => this.#processed,
    });
    this.#loops.push(...this.#mappings.map((mapping) => mapping.watch()), this.#scheduler.watch());
  }

  /** The product's HTTP surface. Never rejects. */
  serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { routes } = this.#topology;
    return serveRequest({ routes, invoker: this.#invoker, onOutcome: this.#onOutcome }, request, response);
  }

  /** Listens on loopback and answers the port; 0 takes any free one. Rejects with CannotStart when the port is not to be had. */
  async listen(port: number, pages: Pages = () => false): Promise<number> {
    const server = createServer((request, response) => void this.#answer(pages, request, response));
    this.#server = server;
    await new Promise<void>((resolve, reject) =>
      server.once('error', (error) => reject(portRefused(port, error))).listen(port, '127.0.0.1', resolve),
    );
    const address = server.address();
    if (address === null || typeof address === 'string') throw new TypeError('the host listens on no port');
    return address.port;
  }

  /** Stops handing events of queues and schedules to the function, or to all; its HTTP routes are served on. */
  pause(functionName?: FunctionName): void {
    for (const name of functionName === undefined ? this.#functionNames() : [functionName]) this.#paused.add(name);
  }

  resume(functionName?: FunctionName): void {
    for (const name of functionName === undefined ? this.#functionNames() : [functionName]) this.#paused.delete(name);
    for (const mapping of this.#mappings) mapping.pump();
  }

  paused(): readonly FunctionName[] {
    return [...this.#paused];
  }

  /**
   * Waits until no message is due now or earlier and no handler runs; answers how many messages were handled meanwhile.
   * What is paused is not waited for.
   */
  settle(): Promise<{ readonly processed: number }> {
    return this.#serial.run(async () => ({ processed: await this.#counting(() => this.#settle()) }));
  }

  /**
   * Moves the product clock so far, standing at every instant at which something is due and doing it there; idle time
   * is skipped. Afterwards the clock runs again, or stands where it stood before.
   */
  advance(milliseconds: number): Promise<{ readonly now: Instant; readonly processed: number }> {
    return this.#serial.run(() =>
      this.#scheduler.suspended(async () => {
        const { clock } = this.#options;
        const around = {
          clock,
          mappings: this.#mappings,
          scheduler: this.#scheduler,
          settle: () => this.#settle(),
          signal: this.#stop.signal,
        };
        const wasStanding = clock.isStanding();
        const target = clock.now() + milliseconds;
        try {
          const processed = await this.#counting(() => leapTo(target, around));
          return { now: clock.now(), processed };
        } finally {
          if (!wasStanding) clock.release();
        }
      }),
    );
  }

  /** Ends everything without draining it. Handlers that run get a moment to finish, then count as crashed. */
  async stop(patience = 2_000): Promise<void> {
    this.#stop.abort();
    const server = this.#server;
    const closed = new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())));
    const impatient = setTimeout(() => this.#invoker.crashAll(), patience);
    while (this.#invoker.running() > 0) await this.#invoker.nextEnd();
    clearTimeout(impatient);
    server?.closeAllConnections();
    await Promise.all([closed, ...this.#loops]);
  }

  async #answer(pages: Pages, request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (await pages(request, response)) return;
      await this.serve(request, response);
    } catch {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    }
  }

  #functionNames(): readonly FunctionName[] {
    const { queues, deadLetters, schedules } = this.#topology;
    return [...Object.values(queues), deadLetters, ...schedules].map(({ handler }) => handler);
  }

  async #counting(work: () => Promise<void>): Promise<number> {
    const before = this.#processed;
    await work();
    return this.#processed - before;
  }

  async #settle(): Promise<void> {
    for (;;) {
      for (const mapping of this.#mappings) mapping.pump();
      if (this.#invoker.running() > 0) await this.#invoker.nextEnd();
      else if (this.#mappings.every((mapping) => mapping.backlog() === 0)) return;
    }
  }
}

const portRefused = (port: number, cause: Error): CannotStart =>
  'code' in cause && cause.code === 'EADDRINUSE'
    ? new CannotStart(`Port ${port} is taken: stop what runs there, or choose another with \`--port\` (0 takes any).`, { cause })
    : new CannotStart(`Port ${port} cannot be used: ${cause.message}. Choose another with \`--port\` (0 takes any).`, { cause });
