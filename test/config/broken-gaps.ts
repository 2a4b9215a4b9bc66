/** Templates that could print a gap ("Bonjour ,"): variables that may be missing, with nothing in their place. */
import { inEmail, withBody, type Broken } from './broken.ts';
import { email } from './small-config.ts';

const text = (liquid: string): string => withBody(`<mj-text>${liquid}</mj-text>`);
const around = (name: string, instead = '"…"'): string =>
  `write {% if ${name} != blank %}…{% endif %} around it, or {{ ${name} | default: ${instead} }}`;
const bare = (name: string, line = 9, instead = '"…"'): string =>
  `${line} "${name}" may be missing, and nothing stands in for it → ${around(name, instead)}`;
const empty = (name: string): string =>
  `9 "${name}" may be an empty text, which Liquid takes for something → write {% if ${name} != blank %}`;
const name = 'person.firstName';

export const brokenGaps: readonly Broken[] = [
  inEmail('a first name alone', text('Bonjour {{ person.firstName }},'), bare(name)),
  inEmail('a first name in the subject', email.replace('Votre panier', '"{{ person.firstName }}, bonjour"'), bare(name, 2)),
  inEmail('a default of nothing', text('Bonjour {{ person.firstName | default: "" }},'), bare(name)),
  inEmail('a default that may be missing too', text('{{ person.firstName | default: person.name }}'), bare(name)),
  inEmail('a default that comes too late', text('{{ person.firstName | append: "," | default: "Bonjour" }}'), bare(name)),
  inEmail(
    'an if that takes an empty name for one',
    text('{% if person.firstName %}{{ person.firstName }}{% endif %}'),
    empty(name),
  ),
  inEmail(
    'an if that takes a missing name for one',
    text('{% if person.firstName != "" %}{{ person.firstName }}{% endif %}'),
    bare(name),
  ),
  inEmail(
    'the wrong branch',
    text('{% if person.firstName == blank %}{{ person.firstName }}{% else %}vous{% endif %}'),
    bare(name),
  ),
  inEmail(
    'the branch without',
    text('{% if person.firstName != blank %}oui{% else %}{{ person.firstName }}{% endif %}'),
    bare(name),
  ),
  inEmail('an if about something else', text('{% if person.lastName != blank %}{{ person.firstName }}{% endif %}'), bare(name)),
  inEmail(
    'one of two',
    text('{% if person.firstName != blank or person.lastName != blank %}{{ person.firstName }}{% endif %}'),
    bare(name),
  ),
  inEmail('a name under another name', text('{% assign n = person.firstName %}{{ n }}'), bare('n')),
  inEmail(
    'a name that only one branch gives',
    text('{% if orders.count > 3 %}{% assign n = "ami" %}{% endif %}Bonjour {{ n }}'),
    bare('n'),
  ),
  inEmail('a property of the event', text('{{ entry.category | capitalize }}'), bare('entry.category')),
  inEmail('a link to the cart', withBody('<mj-button href="{{ cart.url }}">x</mj-button>'), bare('cart.url', 9, 'brand.url')),
  inEmail('a total of several currencies', text('{{ cart.value | money: cart.currency }}'), bare('cart.value')),
  inEmail('the total of all orders', text('{{ orders.total | money }}'), bare('orders.total')),
  inEmail('the phone of somebody who gets an e-mail', text('{{ person.phone }}'), bare('person.phone')),
  inEmail(
    'a price in a loop',
    withBody(
      '<mj-raw>{% for p in cart.products %}</mj-raw>\n<mj-text>{{ p.name }} {{ p.price | money }}</mj-text>\n<mj-raw>{% endfor %}</mj-raw>',
    ),
    bare('p.price', 10),
  ),
  {
    why: 'the text part that somebody wrote',
    files: { 'templates/rappel/email.fr.txt': 'Bonjour,\n{{ person.firstName }}\n{{ links.unsubscribe }}' },
    says: [bare(name, 2)],
  },
];

/** What prints no gap: accepted as it stands. */
export const goodGaps: readonly (readonly [string, string])[] = [
  ['a default', '{{ person.firstName | default: "vous" }}'],
  ['a default after another filter', '{{ person.firstName | capitalize | default: "vous" }}'],
  ['a default of the brand', '{{ cart.url | default: brand.url }}'],
  ['not blank', '{% if person.firstName != blank %} {{ person.firstName }}{% endif %}'],
  ['unless blank', '{% unless person.firstName == blank %}{{ person.firstName }}{% endunless %}'],
  ['blank, else', '{% if person.firstName == blank %}vous{% else %}{{ person.firstName }}{% endif %}'],
  ['there and not empty', '{% if person.firstName and person.firstName != "" %}{{ person.firstName }}{% endif %}'],
  ['longer than nothing', '{% if person.firstName.size > 0 %}{{ person.firstName }}{% endif %}'],
  ['both', '{% if person.a != blank and person.b != blank %}{{ person.a }} {{ person.b }}{% endif %}'],
  ['neither is blank', '{% if person.a == blank or person.b == blank %}x{% else %}{{ person.a }}{{ person.b }}{% endif %}'],
  ['not the contrary', '{% if not person.a == blank %}{{ person.a }}{% endif %}'],
  ['elsif', '{% if person.a != blank %}{{ person.a }}{% elsif person.b != blank %}{{ person.b }}{% endif %}'],
  ['equal to a word', '{% if person.title == "Mme" %}Madame ({{ person.title }}){% endif %}'],
  ['more than a number', '{% if cart.value > 0 %}{{ cart.value | money: cart.currency }}{% endif %}'],
  ['a case', '{% case person.title %}{% when "Mme", "M." %}{{ person.title }}{% else %}vous{% endcase %}'],
  ['a part of what is there', '{% if person.address != blank %}{{ person.address.city }}{% endif %}'],
  ['a default under another name', '{% assign n = person.firstName | default: "vous" %}{{ n }}'],
  [
    'a name that every branch gives',
    '{% if person.a != blank %}{% assign n = person.a %}{% else %}{% assign n = "vous" %}{% endif %}{{ n }}',
  ],
  ['what was captured', '{% capture n %}{{ person.a | default: "vous" }}{% endcapture %}{{ n }}'],
  ['what is always there', '{{ brand.name }} {{ orders.count }} {{ person.email }} {{ locale }} {{ now | date: "%Y" }}'],
  ['items of what was sent', '{% for p in entry.products %}{{ p.name }} {{ p }}{% endfor %}'],
  ['a nested if', '{% if person.a != blank %}{% if person.b %}{{ person.a }}{% endif %}{% endif %}'],
];
