/** Templates that would not go out as they were meant. */
import { inEmail, withBody, type Broken } from './broken.ts';
import { email } from './small-config.ts';

export const brokenTemplates: readonly Broken[] = [
  inEmail(
    'no front matter',
    email.slice(email.indexOf('<mjml>')),
    '1 the file does not begin with front matter → write --- before and after subject and purpose',
  ),
  inEmail(
    'front matter that does not end',
    email.replace('marketing\n---', 'marketing'),
    '1 the line --- that ends the front matter is missing → write --- before and after subject and purpose',
  ),
  inEmail(
    'no subject and no purpose',
    email.replace(/subject.*\n/, '').replace(/purpose.*\n/, 'topic: paniers\n'),
    '2 "purpose" is missing → write purpose: …',
    '2 "subject" is missing → write subject: …',
  ),
  inEmail(
    'an unknown field',
    email.replace('purpose:', 'preheadr: Bonjour\npurpose:'),
    '3 there is no field "preheadr" here → did you mean "preheader"?',
  ),
  inEmail(
    'a wrong purpose',
    email.replace('purpose: marketing', 'purpose: Marketing'),
    '3 "Marketing" is not one of the words known here → did you mean "marketing"?',
  ),
  inEmail(
    'marketing that may repeat',
    email.replace('purpose: marketing', 'purpose: marketing\nrepeat: allowed'),
    '4 a marketing message never goes out twice → remove repeat',
  ),
  inEmail(
    'a subject with a colon',
    email.replace('Votre panier', 'Votre panier : il attend'),
    '2 a second colon makes this text unreadable → write: subject: "Votre panier : il attend"',
  ),
  inEmail(
    'a subject with a non-breaking space and a colon',
    email.replace('Votre panier', 'Votre panier\u00a0: il attend'),
    '2 a second colon makes this text unreadable → write: subject: "Votre panier : il attend"',
  ),
  inEmail(
    'several mistakes of Liquid, beside one in another line',
    withBody(
      '<mj-text>{{ brand.name | majuscule }}\n{{ brand.nom }}\n{% si person.vip %}a{% endsi %}b{% endif %}\n{% if cart.valeur > 1 %}\n{{ orders.cont | minuscule }}\n{{ cart.url\n</mj-text>',
    )
      .replace('purpose:', 'reapet: never\npurpose:')
      .replace('Votre panier', '"{{ persone.a }}"'),
    '2 nothing is called "persone" here → did you mean "person"?',
    '3 there is no field "reapet" here → did you mean "repeat"?',
    '10 there is no Liquid filter "majuscule"',
    '11 brand has no "nom" → did you mean "brand.name"?',
    '12 there is no Liquid tag "si" here → did you mean "if"?',
    '13 Liquid cannot be read: tag {% if cart.valeur > 1 %} not closed',
    '13 cart has no "valeur" → did you mean "cart.value"?',
    '14 there is no Liquid filter "minuscule"',
    '14 orders has no "cont" → did you mean "orders.count"?',
    '15 Liquid cannot be read: output "{{ cart.url" not closed',
  ),
  inEmail(
    'a branch that belongs to nothing',
    withBody('<mj-text>{% else %}{{ brand.nom }}</mj-text>'),
    '9 there is no Liquid tag "else" here',
    '9 brand has no "nom" → did you mean "brand.name"?',
  ),
  inEmail(
    'a loop over a hundred million numbers',
    withBody('<mj-text>{% for i in (1..100000000) %}{{ i }}{% endfor %}{% for i in (1..1000) %}{{ i }}{% endfor %}</mj-text>'),
    '9 this loop runs 100000000 times',
  ),
  inEmail(
    'a subject that begins with braces',
    email.replace('Votre panier', '{{ person.firstName }}, votre panier'),
    '2 "person.firstName" may be missing, and nothing stands in for it → write {% if person.firstName != blank %}…{% endif %} around it, or {{ person.firstName | default: "…" }}',
    '2 the text goes on after its end → write: subject: "{{ person.firstName }}, votre panier"',
  ),
  inEmail(
    'a subject of braces only',
    email.replace('Votre panier', '{{ person.firstName }}'),
    '2 "person.firstName" may be missing, and nothing stands in for it → write {% if person.firstName != blank %}…{% endif %} around it, or {{ person.firstName | default: "…" }}',
    '2 YAML reads { and [ as data, not as text → write: subject: "{{ person.firstName }}"',
  ),
  inEmail(
    'a subject with a hash sign',
    email.replace('Votre panier', '20 % #soldes'),
    '2 "#soldes" would be read as a comment and lost → write: subject: "20 % #soldes"',
  ),
  inEmail(
    'a subject with an unknown variable',
    email.replace('Votre panier', 'Bonjour {{ prenom }}'),
    '2 nothing is called "prenom" here',
  ),
  inEmail(
    'Liquid that is not closed',
    withBody('<mj-text>Bonjour {{ person.firstName </mj-text>'),
    '9 Liquid cannot be read: output "{{ person.firstName </mj-text..." not closed',
  ),
  inEmail(
    'an if without end',
    withBody('<mj-text>\n          {% if person.firstName %}Bonjour\n        </mj-text>'),
    '10 Liquid cannot be read: tag {% if person.firstName %} not closed',
  ),
  inEmail('an end without if', withBody('<mj-text>Bonjour {% endif %}</mj-text>'), '9 there is no Liquid tag "endif" here'),
  inEmail(
    'an unknown filter',
    withBody('<mj-text>{{ cart.value | mony: cart.currency }}</mj-text>'),
    '9 there is no Liquid filter "mony" → did you mean "money"?',
    '9 "cart.value" may be missing, and nothing stands in for it → write {% if cart.value != blank %}…{% endif %} around it, or {{ cart.value | default: "…" }}',
  ),
  inEmail(
    'an unknown variable',
    withBody('<mj-text>Bonjour {{ persn.firstName }}</mj-text>'),
    '9 nothing is called "persn" here → did you mean "person"?',
  ),
  inEmail('an unknown field of the cart', withBody('<mj-text>{{ cart.totl }}</mj-text>'), '9 cart has no "totl"'),
  inEmail(
    'a Liquid include',
    withBody('<mj-text>{% include "pied" %}</mj-text>'),
    `9 Liquid's include is not available → write <mj-include path="../_layout/…" />`,
  ),
  inEmail('an unknown element', withBody('<mj-txt>Bonjour</mj-txt>'), '9 MJML has no <mj-txt> → did you mean "mj-text"?'),
  inEmail('an unknown attribute', withBody('<mj-text colour="red">Bonjour</mj-text>'), '9 <mj-text> has no attribute colour'),
  inEmail(
    'an element in the wrong place',
    withBody('<mj-column><mj-text>Bonjour</mj-text></mj-column>'),
    '9 mj-column cannot be used inside mj-column, only inside: mj-attributes, mj-group, mj-section',
  ),
  inEmail('an element that is not closed', withBody('<mj-text>Bonjour'), '9 <mj-text> is not closed'),
  inEmail(
    'Liquid between elements',
    withBody('{% if person.firstName %}<mj-text>Bonjour</mj-text>{% endif %}'),
    '9 "{% if person.firstName %}" stands directly in <mj-column> and would be lost → write <mj-raw>{% if person.firstName %}</mj-raw>',
    '9 "{% endif %}" stands directly in <mj-column> and would be lost → write <mj-raw>{% endif %}</mj-raw>',
  ),
  inEmail('no MJML at all', '---\nsubject: Bonjour\npurpose: transactional\n---\n<p>Bonjour</p>\n', '1 this is no MJML e-mail'),
  inEmail(
    'no unsubscribe link',
    email.replace('{{ links.unsubscribe }}', 'https://example.fr'),
    '1 a marketing e-mail without an unsubscribe link → include the shared foot',
  ),
  inEmail(
    'a preview element',
    email.replace('  <mj-body>', '  <mj-head><mj-preview>Bonjour</mj-preview></mj-head>\n  <mj-body>'),
    '6 mj-preview would say the preheader twice → write preheader: at the top',
  ),
  inEmail(
    'a part that does not exist',
    withBody('<mj-include path="../_layout/pied.mjml" />'),
    '9 there is no file templates/_layout/pied.mjml',
  ),
  inEmail(
    'a part outside of config',
    withBody('<mj-include path="../../../../etc/passwd" />'),
    '9 "../../../../etc/passwd" leads out of config/templates',
  ),
  {
    why: 'a mistake in a shared part is told once, in the part',
    files: {
      'templates/_layout/pied.mjml': '<mj-text>\n  {{ brnd.address }}\n</mj-text>\n<mj-text colour="red">x</mj-text>\n',
      'templates/rappel/email.fr.mjml': withBody('<mj-include path="../_layout/pied.mjml" />'),
      'templates/autre/email.fr.mjml': withBody('<mj-include path="../_layout/pied.mjml" />'),
    },
    says: ['2 nothing is called "brnd" here → did you mean "brand"?', '4 <mj-text> has no attribute colour'],
  },
  {
    why: 'a part that includes itself',
    files: {
      'templates/_layout/a.mjml': '<mj-include path="b.mjml" />\n',
      'templates/_layout/b.mjml': '\n<mj-include path="a.mjml" />\n',
      'templates/rappel/email.fr.mjml': withBody('<mj-include path="../_layout/a.mjml" />'),
    },
    says: ['templates/_layout/b.mjml 2 templates/_layout/a.mjml includes itself'],
  },
  {
    why: 'a text part with bad Liquid',
    files: { 'templates/rappel/email.fr.txt': 'Bonjour,\n{{ cart.totl }}\n{{ links.unsubscribe }}' },
    says: ['2 cart has no "totl"'],
  },
  {
    why: 'a template without the language of the brand',
    files: { 'templates/rappel/email.fr.mjml': undefined, 'templates/rappel/email.en.mjml': email },
    says: ['1 template "rappel" is missing in the language of the brand (fr) → write templates/rappel/email.fr.mjml'],
  },
  {
    why: 'a purpose that differs between languages',
    files: { 'templates/rappel/email.en.mjml': email.replace('purpose: marketing', 'topic: x\npurpose: transactional') },
    says: [
      'templates/rappel/email.fr.mjml 2 topic differs from the one in templates/rappel/email.en.mjml',
      'templates/rappel/email.fr.mjml 3 purpose differs from the one in templates/rappel/email.en.mjml',
    ],
  },
];
