/** What `relance doctor` found, for tests that judge it: by what it is about. */
import * as v from 'valibot';
import type { Owner } from './owner.ts';

const told = v.object({
  account: v.string(),
  region: v.string(),
  findings: v.array(
    v.object({
      kind: v.picklist(['fine', 'wrong', 'unseen']),
      about: v.string(),
      says: v.string(),
      next: v.optional(v.array(v.string()), []),
    }),
  ),
});

export interface Diagnosis {
  readonly code: number;
  /** What is to be done or could not be seen. */
  readonly about: readonly string[];
}

/** For one owner. */
export const diagnosing = (shop: Owner) => ({ todo: () => todo(shop), healthy: () => healthy(shop) });

async function todo(shop: Owner): Promise<Diagnosis> {
  const { code, out } = await shop.run(['doctor', '--json']);
  const { findings } = v.parse(told, JSON.parse(out));
  return { code, about: findings.filter(({ kind }) => kind !== 'fine').map(({ about }) => about) };
}

/** Deployed and set up, nothing missing. */
async function healthy(shop: Owner): Promise<void> {
  shop.makeHealthy(await shop.deploy());
  const { code, error } = await shop.run(['setup', '--yes']);
  if (code !== 0) throw new Error(error);
}
