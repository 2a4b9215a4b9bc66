/**
 * Puts the product clock in the place of system time for all code of this realm. A bundle reads time through `Date` alone,
 * as in AWS, and needs no way to be told another one.
 */

/** Timers, sockets and `performance` go on by real time; so does `Intl` where it is given no date. */
export function replaceDate(clock: (system: () => number) => () => number): void {
  const System = Date;
  const now = clock(System.now.bind(System));
  const handler: ProxyHandler<DateConstructor> = {
    apply: () => new System(now()).toString(),
    construct: (target, given: readonly unknown[], newTarget) => {
      const made: unknown = Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget);
      if (made instanceof System) return made;
      throw new TypeError('a date was expected');
    },
  };
  System.now = now;
  globalThis.Date = new Proxy(System, handler);
  Object.defineProperty(System.prototype, 'constructor', { value: globalThis.Date });
}
