/**
 * Names of journeys, templates and topics: they stand in keys of the store, in file names and in addresses of links. And the
 * name that a phone shows as the sender of an SMS.
 */

/** Small letters, digits and dashes, at most 60; not the one word that JSON readers drop as dangerous. */
export const isName = (text: string): boolean =>
  /^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/.test(text) && text !== 'constructor' && text !== 'prototype';

/** The name somebody meant: `Panier abandonné` → `panier-abandonne`. Empty where nothing is left that can be a name. */
export function nameLike(text: string): string {
  const name = text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replaceAll(/^-+|-+$/g, '');
  return isName(name) ? name : '';
}

/** `write panier-abandonne`; empty where no name is near. */
export function nameInstead(word: 'write' | 'rename it to', text: string): string {
  const meant = nameLike(text);
  return meant === '' ? '' : `${word} ${meant}`;
}

/** A sender id as SNS takes it: 3 to 11 letters and digits without accents, a letter among them, no space. */
export const isSmsSender = (text: string): boolean => /^(?=.*[A-Za-z])[A-Za-z0-9]{3,11}$/.test(text);

/** The sender somebody meant: `Atelier Lumière` → `ATELIER`. Empty where no word is left that can be one. */
export function smsSenderLike(text: string): string {
  const words = text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toUpperCase().split(/\s+/);
  const plain = words.map((word) => word.replaceAll(/[^A-Z0-9]/g, '')).filter((word) => word !== '');
  return [plain.join(''), ...plain, plain.join('').slice(0, 11)].find(isSmsSender) ?? '';
}
