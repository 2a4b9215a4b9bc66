/** When a message of the work queue is due: its timer's instant, to the millisecond (promise 4). */
import { isObject, parseJson, type Json } from '../shared/kernel/json.ts';
import type { Instant } from '../shared/kernel/time.ts';
import type { QueueName } from '../shared/topology.ts';

const work: QueueName = 'work';

export function dueOfWork(queue: string, body: string): Instant | undefined {
  if (queue !== work) return undefined;
  const told = readable(body);
  const due = isObject(told) ? told['due'] : undefined;
  return typeof due === 'number' ? due : undefined;
}

function readable(body: string): Json {
  try {
    return parseJson(body);
  } catch {
    return null; // whoever handles it says so
  }
}
