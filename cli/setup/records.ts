/** The DNS records that the deployed stacks ask for. */
import type { Account } from '../account.ts';
import { type DnsRecord, recordsIn } from '../dns-records.ts';
import { stackOf } from '../stacks.ts';

export async function wantedRecords(account: Account): Promise<readonly DnsRecord[]> {
  const stacks = [await stackOf(account, 'messaging'), await stackOf(account, 'engine')];
  return recordsIn(stacks.flatMap((stack) => stack?.outputs ?? []));
}
