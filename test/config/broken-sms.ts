/** Texts for phones that would not be shown as they were meant, and channels that nothing is written for. */
import { maxSmsBytes } from '../../shared/channels/sms.ts';
import { withSteps, type Broken } from './broken.ts';
import { brand, brandWithSms, email, sms } from './small-config.ts';

/** The brand names a sender, and nothing else is wrong. */
const inSms = (why: string, text: string, ...says: string[]): Broken => ({
  why,
  files: { 'templates/rappel/sms.fr.txt': text, 'brand.yaml': brandWithSms },
  says,
});
const withText = (text: string): string => `---\npurpose: marketing\n---\n{{ links.unsubscribe }} ${text}`;
const withWords = (text: string): string => withText(text).replace('{{ links.unsubscribe }} ', '');

const lost = (line: number): string =>
  `${line} not everybody sees this unsubscribe link → write Stop : {{ links.unsubscribe }} at the end`;

export const brokenSms: readonly Broken[] = [
  inSms(
    'marketing, and no way to say no',
    withWords('Votre panier vous attend.\n'),
    '1 a marketing SMS without a way to say no → write Stop : {{ links.unsubscribe }} at the end',
  ),
  inSms(
    'more text than an SMS can hold',
    withText(`${'é'.repeat(700)}{% if person.vip %}${'a'.repeat(700)}{% endif %}${'a'.repeat(maxSmsBytes - 1_399)}\n`),
    '1 the SMS has 1601 bytes without its variables → write less',
  ),
  inSms(
    'a way to say no for some',
    withWords('Bonjour\n{% if person.vip %}Stop : {{ links.unsubscribe }}{% endif %}\n'),
    lost(5),
  ),
  inSms(
    'a way to say no for each article',
    withWords('{% for p in cart.products %}{{ links.unsubscribe }}{% endfor %}\n'),
    lost(4),
  ),
  inSms('a way to say no as a word', withWords('Stop : links.unsubscribe\n'), lost(4)),
  inSms('half a way to say no', withWords('Stop : {{ links.unsubscribe | truncate: 20 }}\n'), lost(4)),
  inSms(
    'no front matter',
    'Votre panier vous attend.\n',
    '1 the file does not begin with front matter → write --- before and after purpose',
  ),
  inSms(
    'front matter that does not end',
    '---\npurpose: marketing\nVotre panier vous attend, <b>{{ persn }}</b>.\n',
    '1 the line --- that ends the front matter is missing → write --- before and after purpose',
  ),
  inSms('nothing at all', '', '1 the file does not begin with front matter → write --- before and after purpose'),
  inSms('no purpose', sms.replace('purpose: marketing', 'topic: paniers'), '2 "purpose" is missing → write purpose: …'),
  inSms('empty front matter', '---\n---\nBonjour\n', '2 the part between --- and --- is empty'),
  inSms(
    'a subject and a preheader',
    sms.replace('purpose:', 'subject: Votre panier\npreheader: Il attend\npurpose:'),
    '2 an SMS has no subject → remove subject',
    '3 an SMS has no preheader → remove preheader',
  ),
  inSms(
    'an unknown field',
    sms.replace('purpose:', 'topik: paniers\npurpose:'),
    '2 there is no field "topik" here → did you mean "topic"?',
  ),
  inSms(
    'marketing that may repeat',
    sms.replace('purpose: marketing', 'purpose: marketing\nrepeat: allowed'),
    '3 a marketing message never goes out twice → remove repeat',
  ),
  inSms('no text', withWords(''), '1 the SMS says nothing'),
  inSms('blanks for a text', withWords('\n \n\t\u00a0\n'), '1 the SMS says nothing'),
  inSms(
    'an e-mail that was pasted',
    withText(email.slice(email.indexOf('<mjml>'))),
    '4 <mjml> is MJML, which an SMS does not understand → put it into email.<language>.mjml',
  ),
  inSms(
    'a part of MJML',
    withText('Bonjour\n<mj-include path="../_layout/foot.fr.mjml" />\n'),
    '5 <mj-include> is MJML, which an SMS does not understand → put it into email.<language>.mjml',
  ),
  inSms('a paragraph', withText('<p>Bonjour</p>\n'), '4 <p> is HTML, which an SMS does not understand → remove it'),
  inSms(
    'a link in HTML',
    withText('Bonjour,\nvotre <a href="{{ brand.url }}">panier</a><br>\n'),
    '5 <a> is HTML, which an SMS does not understand → write the address itself, such as {{ cart.url | default: brand.url }}',
  ),
  inSms(
    'a line break in HTML',
    withText('Bonjour<br/>à bientôt\n'),
    '4 <br> is HTML, which an SMS does not understand → begin a new line instead',
  ),
  inSms(
    'a comment in HTML',
    withText('Bonjour <!-- à revoir -->\n'),
    '4 <!-- is HTML, which an SMS does not understand → remove it',
  ),
  inSms(
    'signs as HTML writes them',
    withText('Tom&nbsp;&amp;&nbsp;L&eacute;a\n'),
    '4 &nbsp; stands for a sign in HTML; an SMS shows it as it is written → write a space',
  ),
  inSms(
    'unknown variables and fields',
    withText('Bonjour {{ persn.firstName }},\n{{ cart.totl }}\n'),
    '4 nothing is called "persn" here → did you mean "person"?',
    '5 cart has no "totl"',
  ),
  inSms(
    'an unknown filter',
    withText('\n{{ cart.value | mony }}\n'),
    '5 there is no Liquid filter "mony" → did you mean "money"?',
    '5 "cart.value" may be missing, and nothing stands in for it → write {% if cart.value != blank %}…{% endif %} around it, or {{ cart.value | default: "…" }}',
  ),
  inSms(
    'Liquid that is not closed',
    withText('Bonjour {{ person.firstName'),
    '4 Liquid cannot be read: output "{{ person.firstName" not closed',
  ),
  inSms('a Liquid include, for which there is no part', withText('{% include "pied" %}'), "4 Liquid's include is not available"),
  inSms(
    'several mistakes, all told at once',
    '---\npurpos: marketing\n---\n<b>Bonjour</b> {{ nom }}&nbsp;!\n',
    '1 a marketing SMS without a way to say no → write Stop : {{ links.unsubscribe }} at the end',
    '2 there is no field "purpos" here → did you mean "purpose"?',
    '4 <b> is HTML, which an SMS does not understand → remove it',
    '4 nothing is called "nom" here → did you mean "now"?',
    '4 &nbsp; stands for a sign in HTML; an SMS shows it as it is written → write a space',
  ),
  {
    why: 'a purpose, a topic and a repeat that differ from those of the e-mail',
    files: {
      'templates/rappel/sms.fr.txt': '---\npurpose: transactional\ntopic: paniers\nrepeat: allowed\n---\nBonjour\n',
      'brand.yaml': brandWithSms,
    },
    says: [
      '2 purpose differs from the one in templates/rappel/email.fr.mjml',
      '3 topic differs from the one in templates/rappel/email.fr.mjml',
      '4 repeat differs from the one in templates/rappel/email.fr.mjml',
    ],
  },
  {
    why: 'an SMS that is not there in the language of the brand, although the e-mail is',
    files: { 'templates/rappel/sms.en.txt': sms, 'brand.yaml': brandWithSms },
    says: [
      'templates/rappel/sms.fr.txt 1 template "rappel" is missing as SMS in the language of the brand (fr) → write templates/rappel/sms.fr.txt',
    ],
  },
  {
    why: 'an e-mail that is not there in the language of the brand, although the SMS is',
    files: {
      'templates/rappel/email.fr.mjml': undefined,
      'templates/rappel/email.en.mjml': email,
      'templates/rappel/sms.fr.txt': sms,
      'brand.yaml': brandWithSms,
    },
    says: ['1 template "rappel" is missing in the language of the brand (fr) → write templates/rappel/email.fr.mjml'],
  },
  {
    why: 'an SMS, and no sender in the brand',
    files: { 'brand.yaml': brand.replace('name: Atelier\n', 'name: Atelier Lumière\n'), 'templates/rappel/sms.fr.txt': sms },
    says: ['7 template "rappel" has an SMS, and no sender is named for it → add sms: ATELIER'],
  },
  {
    why: 'an SMS in a template that no journey uses yet, and no sender in the brand',
    files: { 'brand.yaml': brand, 'templates/autre/sms.fr.txt': sms },
    says: ['7 template "autre" has an SMS, and no sender is named for it → add sms: ATELIER'],
  },
  {
    why: 'a step for SMS whose template is an e-mail alone',
    files: { 'journeys/rappel.yaml': withSteps('  - send: rappel\n    channels: [sms, email]\n') },
    says: ['4 template "rappel" has no SMS → write templates/rappel/sms.fr.txt'],
  },
  {
    why: 'a step for e-mail, deep in a branch, whose template is an SMS alone',
    files: {
      'journeys/rappel.yaml': withSteps('  - if: { city: Lyon }\n    then:\n      - send: rappel\n        channels: email\n'),
      'templates/rappel/email.fr.mjml': undefined,
      'templates/rappel/sms.fr.txt': sms,
      'brand.yaml': brandWithSms,
    },
    says: ['6 template "rappel" has no e-mail → write templates/rappel/email.fr.mjml'],
  },
  {
    why: 'a step for SMS whose SMS is broken: told once, where it is broken',
    files: {
      'templates/rappel/sms.fr.txt': withText('<b>Bonjour</b>'),
      'journeys/rappel.yaml': withSteps('  - send: rappel\n    channels: sms\n'),
      'brand.yaml': brandWithSms,
    },
    says: ['4 <b> is HTML, which an SMS does not understand → remove it'],
  },
  {
    why: 'a step with a wrong channel beside one that has no content',
    files: { 'journeys/rappel.yaml': withSteps('  - send: rappel\n    channels:\n      - sms\n      - mail\n') },
    says: [
      '5 template "rappel" has no SMS → write templates/rappel/sms.fr.txt',
      '6 "mail" is not a channel → did you mean "email"?',
    ],
  },
];
