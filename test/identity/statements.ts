/**
 * People and statements in short: `P = mail1 ?dev2` is a person with a proven address and a device that a browser told;
 * `user1 mail1 was dev2` is a statement with an alias.
 */
import type { Trust } from '../../shared/events/event.ts';
import { inClaimOrder, type Identifier, type IdentifierType } from '../../shared/events/identifier.ts';
import { resolve, type KnownPerson, type Resolution } from '../../shared/identity/resolve.ts';

const kinds: Readonly<Record<string, readonly [IdentifierType, string]>> = {
  user: ['userId', ''],
  till: ['userId', 'till:'],
  shop: ['externalId', 'shop:'],
  crm: ['externalId', 'crm:'],
  card: ['loyaltyId', ''],
  mail: ['email', ''],
  tel: ['phone', ''],
  dev: ['anonymousId', ''],
  cart: ['reference', ''],
};

export type Known = KnownPerson['identifiers'][number];

export function read(word: string): Known {
  const [, unproven, kind = '', number = ''] = /^(\??)([a-z]+)(\d)$/.exec(word) ?? [];
  const known = kinds[kind];
  if (known === undefined) throw new Error(`${word} is no identifier`);
  const source = kind === 'till' ? { source: 'generic' } : {};
  return { type: known[0], value: `${known[1]}${number}`, ...source, verified: unproven === '' };
}

export function written({ type, value }: Identifier): string {
  const named = Object.entries(kinds).filter(([, known]) => known[0] === type && value.startsWith(known[1]));
  const [kind] = named.toSorted(([, a], [, b]) => b[1].length - a[1].length)[0] ?? ['?'];
  return `${kind}${value.at(-1)}`;
}

export const words = (text: string): readonly string[] => text.split(' ').filter((word) => word !== '');
export const isSame = (a: Identifier, b: Identifier): boolean => a.type === b.type && a.value === b.value;

/** `P = mail1 dev1; Q = user2` */
export const peopleIn = (text: string): readonly KnownPerson[] =>
  text
    .split('; ')
    .filter((one) => one !== '')
    .map((one) => {
      const [id = '', all = ''] = one.split(' = ');
      return { id, identifiers: words(all).map(read) };
    });

export function ask(trust: Trust, people: readonly KnownPerson[], statement: string): Resolution {
  const [named = '', previously] = statement.split(' was ');
  return resolve({
    trust,
    identifiers: inClaimOrder(words(named).map(read)),
    ownerOf: (identifier) => people.find(({ identifiers }) => identifiers.some((one) => isSame(one, identifier))),
    ...(previously === undefined ? {} : { previously: read(previously) }),
  });
}

/** `P, claims user1, merges Q, leaves tel1`, and `, only attaches` where nothing may be written. */
export function told(trust: Trust, people: string, statement: string): string {
  const { subject, claim, merge, left, mayWrite } = ask(trust, peopleIn(people), statement);
  const lists = [
    ['claims', claim.map(written)],
    ['merges', merge.map(({ id }) => id)],
    ['leaves', left.map(written)],
  ] as const;
  const said = lists.flatMap(([word, all]) => (all.length === 0 ? [] : `${word} ${all.join(' ')}`));
  return [subject?.id ?? 'new', ...said, ...(mayWrite ? [] : ['only attaches'])].join(', ');
}
