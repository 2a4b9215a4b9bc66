/**
 * Times work against a reference in the same run: machines differ and are busy, ratios stay. The rounds of all works
 * alternate, and the fastest round of each counts: noise only ever adds.
 */
export interface Work {
  readonly name: string;
  /** Calls per round. */
  readonly calls: number;
  readonly call: () => unknown;
}

export interface Timed {
  readonly name: string;
  readonly microseconds: number;
  /** How many times the reference. */
  readonly ratio: number;
}

/** The first work is the reference. */
export async function stopwatch(works: readonly Work[], rounds = 7): Promise<readonly Timed[]> {
  const best = new Map<Work, number>();
  for (let round = 0; round < rounds; round++) {
    for (const work of works) best.set(work, Math.min(best.get(work) ?? Infinity, await timed(work)));
  }
  const [first] = works;
  const reference = (first === undefined ? undefined : best.get(first)) ?? Number.NaN;
  return works.map((work) => {
    const microseconds = best.get(work) ?? Number.NaN;
    return { name: work.name, microseconds, ratio: microseconds / reference };
  });
}

async function timed({ calls, call }: Work): Promise<number> {
  const begun = performance.now();
  for (let index = 0; index < calls; index++) {
    const answer = call();
    if (answer instanceof Promise) await answer;
  }
  return ((performance.now() - begun) * 1_000) / calls;
}

export function print(title: string, times: readonly Timed[]): void {
  const width = Math.max(...times.map(({ name }) => name.length));
  const lines = times.map(
    ({ name, microseconds, ratio }) =>
      `  ${name.padEnd(width)}  ${microseconds.toFixed(microseconds < 10 ? 2 : 1).padStart(9)} µs  ${ratio.toFixed(2).padStart(8)} ×`,
  );
  process.stdout.write(`\n${title}\n${lines.join('\n')}\n`);
}
