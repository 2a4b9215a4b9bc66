/** A brand.yaml that is wrong, with the traps of French typing. */
import { inBrand, type Broken } from './broken.ts';
import { brand } from './small-config.ts';

export const brokenBrands: readonly Broken[] = [
  {
    why: 'no brand.yaml',
    files: { 'brand.yaml': undefined },
    says: ['1 brand.yaml is missing → copy the one that comes with Relance'],
  },
  inBrand(
    'fields that are missing',
    'name: Atelier\n',
    '1 "address" is missing → write address: …',
    '1 "country" is missing → write country: …',
    '1 "currency" is missing → write currency: …',
    '1 "locale" is missing → write locale: …',
    '1 "maturity" is missing → write maturity: …',
    '1 "sender" is missing → write sender: …',
    '1 "site" is missing → write site: …',
    '1 "timeZone" is missing → write timeZone: …',
  ),
  inBrand('a locale with an underscore', brand.replace('fr-FR', 'fr_FR'), '3 "fr_FR" is not a locale → write fr-FR'),
  inBrand(
    'a zone that does not exist',
    brand.replace('Europe/Paris', 'Europe/Pari'),
    '4 "Europe/Pari" is not a time zone → did you mean "Europe/Paris"?',
  ),
  inBrand(
    'a town that names no zone, and is not nearly another one',
    brand.replace('Europe/Paris', 'Europe/Lyon'),
    '4 "Europe/Lyon" is not a time zone',
  ),
  inBrand('a country in small letters', brand.replace('country: FR', 'country: fr'), '5 "fr" is not a country code → write FR'),
  inBrand('a currency as a sign', brand.replace('EUR', '€'), '6 "€" is not a currency code → write EUR'),
  inBrand(
    'an address that is none',
    brand.replace('bonjour@news.atelier.fr', 'bonjour.atelier.fr'),
    '7 "bonjour.atelier.fr" is not an e-mail address',
  ),
  inBrand(
    'a sender of SMS with a space and an accent',
    brand.replace('atelier.fr }', 'atelier.fr, sms: Élan Vital }'),
    '7 "Élan Vital" cannot be the sender of an SMS → write ELANVITAL',
  ),
  inBrand(
    'a sender of SMS with a space alone',
    brand.replace('atelier.fr }', 'atelier.fr, sms: Elan Vital }'),
    '7 "Elan Vital" cannot be the sender of an SMS → write ELANVITAL',
  ),
  inBrand(
    'a sender of SMS that is too long',
    brand.replace('atelier.fr }', 'atelier.fr, sms: Atelier Lumière }'),
    '7 "Atelier Lumière" cannot be the sender of an SMS → write ATELIER',
  ),
  inBrand(
    'a sender of SMS that is a number',
    brand.replace('atelier.fr }', 'atelier.fr, sms: 36105 }'),
    '7 "36105" cannot be the sender of an SMS',
  ),
  inBrand(
    'a site with https',
    brand.replace('site: www.atelier.fr', 'site: [https://www.atelier.fr/boutique]'),
    '8 "https://www.atelier.fr/boutique" is not the name of a host → write www.atelier.fr',
  ),
  inBrand('a level that does not exist', brand.replace('maturity: 2', 'maturity: 5'), '2 "5" is not a level'),
  inBrand(
    'a level below what is used',
    brand.replace('maturity: 2', 'maturity: 1'),
    'journeys/rappel.yaml 1 journeys are level 2, and brand.yaml allows level 1 → write maturity: 2 in brand.yaml',
  ),
  inBrand('paused with a word', `${brand}paused: peut-être\n`, '10 this is neither true nor false'),
  inBrand(
    'a second colon',
    brand.replace('name: Atelier\n', 'name: Atelier : Lumière\n'),
    '1 a second colon makes this text unreadable → write: name: "Atelier : Lumière"',
  ),
  inBrand(
    'an apostrophe in single quotes',
    brand.replace('name: Atelier\n', "name: 'L'atelier'\n"),
    `1 the text goes on after its end → write: name: "L'atelier"`,
  ),
  inBrand(
    'a hash sign in a name',
    brand.replace('name: Atelier\n', 'name: Atelier #1\n'),
    '1 "#1" would be read as a comment and lost → write: name: "Atelier #1"',
  ),
  inBrand(
    'a hash sign in a name, and a comment behind it',
    brand.replace('name: Atelier\n', 'name: Atelier #1     # as on the sign\n'),
    '1 "#1" would be read as a comment and lost → write: name: "Atelier #1"     # as on the sign',
  ),
  inBrand(
    'a quote that is not closed',
    brand.replace('name: Atelier\n', 'name: "Atelier\n'),
    '1 a quote is opened and not closed → write: name: "Atelier"',
  ),
];
