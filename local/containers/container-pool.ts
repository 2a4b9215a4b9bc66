/**
 * The containers of one function, as Lambda keeps them: one event each at a time, the last used first, another one where all
 * are busy. Lambda would start a thousand; here the fifth call at once waits, and its time limit runs.
 */
import { invocation, type LambdaContext } from '../host/invocation.ts';
import type { Container } from './container.ts';

/** As many batches of a queue as the host hands out at the same time. */
const mostContainers = 4;

export class ContainerPool {
  readonly #start: (onEnd: (container: Container) => void) => Container;
  readonly #alive = new Set<Container>();
  #idle: Container[] = [];
  readonly #waiting: ((container: Container) => void)[] = [];
  #stopped = false;

  constructor(start: (onEnd: (container: Container) => void) => Container) {
    this.#start = start;
  }

  containers(): readonly Container[] {
    return [...this.#alive];
  }

  /** When the invocation is ended from outside, by its time limit or a crash, its container dies with it. */
  async call(event: unknown, context: LambdaContext): Promise<unknown> {
    const running = invocation.getStore();
    const container = await this.#take();
    let over = false;
    void running?.ended.then(() => (over ? undefined : container.kill()));
    try {
      if (running?.crashed === true) throw new Error('ended before it began');
      return await container.call(event, context);
    } finally {
      over = true;
      this.#giveBack(container);
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.containers().map((container) => container.kill()));
  }

  async #take(): Promise<Container> {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    if (this.#alive.size < mostContainers) return this.#another();
    return new Promise((resolve) => void this.#waiting.push(resolve));
  }

  #giveBack(container: Container): void {
    const next = this.#waiting.shift();
    const isAlive = this.#alive.has(container);
    if (next !== undefined) next(isAlive ? container : this.#another());
    else if (isAlive) this.#idle.push(container);
  }

  #another(): Container {
    if (this.#stopped) throw new Error('the functions are stopped');
    const container = this.#start((ended) => {
      this.#alive.delete(ended);
      this.#idle = this.#idle.filter((one) => one !== ended);
    });
    this.#alive.add(container);
    return container;
  }
}
