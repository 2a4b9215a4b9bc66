/** The records that `relance setup` lists and `relance doctor` looks for are those that the stacks really give out. */
import { describe, expect, test } from 'vitest';
import { lookUp, recordsIn, recordTable, type DnsRecord } from '../../cli/dns-records.ts';
import { checkChoices } from '../../infra/choices.ts';
import { resourceNames } from '../../infra/resource-names.ts';
import { choices } from '../../relance.config.ts';
import { synthesised } from '../infra/synthesised.ts';
import { FakeDns } from './owner.ts';

test('the outputs of the messaging stack are all read', async () => {
  const { messaging } = await synthesised();
  const outputs = Object.values(messaging.Outputs).map(({ Value: value, Description: description = '' }) => ({
    value: String(value),
    description,
  }));
  const records = recordsIn(outputs);
  expect(records).toHaveLength(outputs.length);
  const domains = Object.values(resourceNames(checkChoices(choices)).mailDomains);
  expect([...new Set(records.map(({ of }) => of))]).toEqual(domains);
  for (const domain of domains) {
    const own = records.filter(({ of }) => of === domain);
    expect(own.map(({ type }) => type)).toEqual(['CNAME', 'CNAME', 'CNAME', 'MX', 'TXT', 'TXT']);
    expect(own.at(-1)).toMatchObject({ name: `_dmarc.${domain}`, value: 'v=DMARC1; p=none' });
    expect(own.at(-2)).toMatchObject({ name: `bounce.${domain}`, value: 'v=spf1 include:amazonses.com ~all' });
  }
});

test('outputs that are no records are left out', () => {
  const description = 'DNS record for a.fr: x';
  expect(recordsIn([{ value: 'https://a.fr', description: 'Where to' }])).toEqual([]);
  expect(recordsIn([{ value: 'A a.fr 1.2.3.4', description }])).toEqual([]);
  expect(recordsIn([{ value: 'CNAME a.fr', description }])).toEqual([]);
});

describe('a look-up', () => {
  const record = (type: DnsRecord['type'], name: string, value: string): DnsRecord => ({
    type,
    name,
    value,
    of: 'a.fr',
    what: '',
  });
  const links = record('CNAME', 'l.a.fr', 'd-1.execute-api.eu-west-3.amazonaws.com');
  const bounce = record('MX', 'bounce.a.fr', '10 feedback-smtp.eu-west-3.amazonses.com');
  const answered = (asked: DnsRecord, ...found: readonly { type: string; name: string; value: string }[]) => {
    const dns = new FakeDns();
    dns.add(found);
    return lookUp(dns, asked, 'a.fr');
  };

  test('takes an alias for the CNAME of links, never for a signature', async () => {
    const address = { type: 'A', value: '1.2.3.4' };
    expect(await answered(links, { ...address, name: 'l.a.fr' })).toEqual({ kind: 'right' });
    const dkim = record('CNAME', 'x._domainkey.a.fr', 'x.dkim.amazonses.com');
    expect(await answered(dkim, { ...address, name: dkim.name })).toEqual({ kind: 'missing' });
  });

  test('says what stands there instead', async () => {
    expect(await answered(links, { ...links, value: 'elsewhere.fr' })).toEqual({ kind: 'other', says: 'ELSEWHERE.FR.' });
    expect(await answered(bounce, bounce)).toEqual({ kind: 'right' });
    expect(await answered(bounce, bounce, { ...bounce, value: '5 mail.a.fr' })).toMatchObject({ kind: 'other' });
    expect(await answered(bounce)).toEqual({ kind: 'missing' });
  });
});

test('the table aligns names and values', () => {
  const record = { type: 'TXT', of: '', what: '' } as const;
  expect(
    recordTable([
      { ...record, name: 'long.name.fr', value: 'b' },
      { ...record, name: 'c', value: 'd' },
    ]),
  ).toEqual(['Type  Name          Value', 'TXT   long.name.fr  b', 'TXT   c             d']);
});
