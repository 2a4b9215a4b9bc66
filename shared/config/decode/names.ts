/**
 * Names of journeys, templates and topics: they stand in keys of the store, in file names and in addresses of links.
 */

/** Small letters, digits and dashes, at most 60; not the one word that JSON readers drop as dangerous. */
export const isName = (text: string): boolean =>
  /^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/.test(text) && text !== 'constructor' && text !== 'prototype';

/** The name somebody meant: `Panier abandonné` → `panier-abandonne`. Empty where nothing is left. */
export const nameLike = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replaceAll(/^-+|-+$/g, '');
