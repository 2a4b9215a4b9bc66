/** The DNS records that the owner adds: read from the outputs of the stacks, and compared with what the world's DNS says. */

/** The look-ups that node:dns makes. A name without such records throws ENODATA or ENOTFOUND. */
export interface Dns {
  resolveCname(name: string): Promise<string[]>;
  resolveMx(name: string): Promise<readonly { readonly exchange: string; readonly priority: number }[]>;
  resolveTxt(name: string): Promise<readonly (readonly string[])[]>;
  resolve4(name: string): Promise<string[]>;
}

export interface DnsRecord {
  readonly type: 'CNAME' | 'MX' | 'TXT';
  readonly name: string;
  readonly value: string;
  /** The domain that it is needed for. */
  readonly of: string;
  /** What it is good for. */
  readonly what: string;
}

export interface StackOutput {
  readonly value: string;
  readonly description: string;
}

/** Outputs are written `<type> <name> <value>` and described `DNS record for <domain>: <what>`. */
export function recordsIn(outputs: readonly StackOutput[]): readonly DnsRecord[] {
  return outputs.flatMap(({ value, description }) => {
    const [, of, what] = /^DNS record for (\S+): (.*)$/.exec(description) ?? [];
    const [, type, name, rest] = /^(CNAME|MX|TXT) (\S+) (.+)$/.exec(value) ?? [];
    if (of === undefined || what === undefined || name === undefined || rest === undefined) return [];
    if (type !== 'CNAME' && type !== 'MX' && type !== 'TXT') return [];
    return [{ type, name, value: rest, of, what }];
  });
}

export type Found =
  | { readonly kind: 'right' }
  | { readonly kind: 'missing' }
  /** There is one, and it says something else. */
  | { readonly kind: 'other'; readonly says: string }
  /** The look-up itself failed. */
  | { readonly kind: 'unseen'; readonly because: string };

/** `shopDomain`: a DMARC policy there speaks for its sub-domains as well. */
export async function lookUp(dns: Dns, record: DnsRecord, shopDomain: string): Promise<Found> {
  try {
    return await compare(dns, record, shopDomain);
  } catch (error) {
    return { kind: 'unseen', because: error instanceof Error ? error.message : String(error) };
  }
}

function compare(dns: Dns, record: DnsRecord, shopDomain: string): Promise<Found> {
  switch (record.type) {
    case 'CNAME':
      return compareCname(dns, record);
    case 'MX':
      return compareMx(dns, record);
    case 'TXT':
      return compareTxt(dns, record, shopDomain);
  }
}

/** A link domain may as well be an alias at its DNS provider: then it has addresses and no CNAME. A signature never is. */
async function compareCname(dns: Dns, { name, value }: DnsRecord): Promise<Found> {
  const found = await orNone(dns.resolveCname(name));
  if (found.some((target) => bare(target) === bare(value))) return { kind: 'right' };
  if (found.length === 0 && !name.includes('._domainkey.') && (await orNone(dns.resolve4(name))).length > 0)
    return { kind: 'right' };
  return otherOrMissing(found);
}

async function compareMx(dns: Dns, { name, value }: DnsRecord): Promise<Found> {
  const found = await orNone(dns.resolveMx(name));
  const expected = bare(value.split(' ').at(-1) ?? '');
  // SES accepts the bounce domain only while it receives nothing but SES's own mail.
  if (found.length === 1 && bare(found[0]?.exchange ?? '') === expected) return { kind: 'right' };
  return otherOrMissing(found.map(({ exchange, priority }) => `${priority} ${exchange}`));
}

async function compareTxt(dns: Dns, { name, value }: DnsRecord, shopDomain: string): Promise<Found> {
  const texts = async (at: string): Promise<readonly string[]> =>
    (await orNone(dns.resolveTxt(at))).map((parts) => parts.join(''));
  if (value.startsWith('v=DMARC1')) {
    const policies = [...(await texts(name)), ...(await texts(`_dmarc.${shopDomain}`))];
    return policies.some((text) => /^v=DMARC1\s*;/i.test(text)) ? { kind: 'right' } : { kind: 'missing' };
  }
  const found = (await texts(name)).filter((text) => /^v=spf1( |$)/i.test(text));
  if (found.length === 1 && found[0]?.includes('include:amazonses.com')) return { kind: 'right' };
  return otherOrMissing(found);
}

const otherOrMissing = (found: readonly string[]): Found =>
  found.length === 0 ? { kind: 'missing' } : { kind: 'other', says: found.join(', ') };

const bare = (host: string): string => host.toLowerCase().replace(/\.$/, '');

async function orNone<T>(answer: Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await answer;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENODATA' || code === 'ENOTFOUND') return [];
    throw error;
  }
}

/** As a table to copy from. */
export function recordTable(records: readonly DnsRecord[]): readonly string[] {
  const width = (of: (record: DnsRecord) => string): number => Math.max(4, ...records.map((record) => of(record).length));
  const [type, name] = [width((record) => record.type), width((record) => record.name)];
  const row = (a: string, b: string, c: string): string => `${a.padEnd(type)}  ${b.padEnd(name)}  ${c}`;
  return [row('Type', 'Name', 'Value'), ...records.map((record) => row(record.type, record.name, record.value))];
}
