/** One thing that happens: how it comes about, what it may cost, and with how many requests. */
import type { FunctionName } from '../../shared/topology.ts';
import type { Shop } from '../stories/shop.ts';
import { noUnits, type Units } from './unit-rules.ts';

export interface Operation {
  readonly operation: string;
  /** In the words of design section 3; what it does not speak of says so. */
  readonly promised: string;
  readonly by: FunctionName;
  readonly write: Units;
  /** DynamoDB, SQS and SES, without those of the queue's own mapping. */
  readonly requests: Readonly<Record<string, number>>;
  /** Makes everything ready and answers what is to be counted. */
  readonly ready: (story: Shop) => Promise<() => Promise<unknown>>;
}

export const units = (table: number, indexes: Partial<Units> = {}): Units => ({ ...noUnits, table, ...indexes });
