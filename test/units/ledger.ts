/** Sums of one operation: what a function's calls cost, and the table of all of them in words. */
import type { FunctionName } from '../../shared/topology.ts';
import type { Call, Written } from './meter.ts';
import { noUnits, plus, total, type Units } from './unit-rules.ts';

export interface Ledger {
  readonly write: { readonly measured: Units; readonly computed: Units };
  readonly read: { readonly measured: Units; readonly computed: Units };
  /** `PutItem` → how many requests, repeats included. */
  readonly requests: Readonly<Record<string, number>>;
  readonly refused: number;
  readonly written: readonly Written[];
}

/** A container reads what is live once a minute, whatever it does: no part of an operation. */
const isConfig = ({ kinds }: Call): boolean => kinds.length > 0 && kinds.every((kind) => /^D#(active|journey)/.test(kind));

export function ledgerOf(calls: readonly Call[], functionName: FunctionName): Ledger {
  const own = calls.filter((call) => call.functionName === functionName && !isConfig(call));
  const sumOf = (units: (call: Call) => Units): Units => own.map(units).reduce(plus, noUnits);
  const requests: Record<string, number> = {};
  for (const call of own) requests[call.command] = (requests[call.command] ?? 0) + call.requests;
  return {
    write: { measured: sumOf(({ write }) => write.measured), computed: sumOf(({ write }) => write.computed) },
    read: { measured: sumOf(({ read }) => read.measured), computed: sumOf(({ read }) => read.computed) },
    requests: Object.fromEntries(Object.entries(requests).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    refused: own.filter(({ refused }) => refused).length,
    written: own.flatMap(({ written }) => written),
  };
}

/** Of the largest item of that kind that was written; 0 when none was. */
export const bytesWritten = ({ written }: Ledger, kind: string): number =>
  Math.max(0, ...written.filter((item) => item.kind === kind).map(({ bytes }) => bytes));

export interface Line {
  readonly operation: string;
  /** As design section 3 says it. */
  readonly promised: string;
  readonly ledger: Ledger;
}

const inArms = ({ table, due, dir }: Units): string =>
  [`${table}`, ...(due === 0 ? [] : [`${due} due`]), ...(dir === 0 ? [] : [`${dir} dir`])].join(' + ');

/** Markdown. */
export function tableOf(lines: readonly Line[]): string {
  const rows = lines.map(({ operation, promised, ledger }) => [
    operation,
    promised,
    `${total(ledger.write.measured)}`,
    `${total(ledger.write.computed)}`,
    inArms(ledger.write.measured),
    `${total(ledger.read.measured)}`,
    ledger.written.map(({ kind, bytes }) => `${kind} ${bytes}`).join(', '),
    Object.entries(ledger.requests)
      .map(([command, count]) => `${command} ${count}`)
      .join(', '),
  ]);
  const head = ['operation', 'promised', 'measured', 'computed', 'table + indexes', 'read', 'bytes written', 'requests'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
