/** Marketing e-mails whose unsubscribe link not everybody sees; and those that show it to all, however they are written. */
import type { Broken } from './broken.ts';
import { email } from './small-config.ts';

const written = '<mj-text><a href="{{ links.unsubscribe }}">Se désinscrire</a></mj-text>';
const withLink = (link: string): Record<string, string> => ({ 'templates/rappel/email.fr.mjml': email.replace(written, link) });
const says = ['10 not everybody sees this unsubscribe link → include the shared foot'];
const anchor = '<a href="{{ links.unsubscribe }}">Se désinscrire</a>';

const lost: readonly (readonly [string, string])[] = [
  ['a comment', `<mj-text>Merci</mj-text><!-- ${anchor} -->`],
  ['a comment that does not end', `<mj-raw><!-- ${anchor}</mj-raw>`],
  ['a comment of Liquid', `<mj-text>{% comment %}${anchor}{% endcomment %}</mj-text>`],
  ['raw Liquid', `<mj-text>{% raw %}${anchor}{% endraw %}</mj-text>`],
  ['a variable that nobody prints', '<mj-text>{% assign a = links.unsubscribe %}Merci</mj-text>'],
  ['a text that is captured and not printed', `<mj-text>{% capture a %}${anchor}{% endcapture %}Merci</mj-text>`],
  [
    'a variable that is printed in a condition',
    '<mj-text>{% assign a = links.unsubscribe %}{% if person.vip %}{{ a }}{% endif %}</mj-text>',
  ],
  [
    'a variable that was given something else',
    '<mj-text>{% assign a = links.unsubscribe %}{% assign a = "x" %}{{ a }}</mj-text>',
  ],
  ['a condition', `<mj-text>{% if person.vip %}${anchor}{% endif %}</mj-text>`],
  ['a condition around MJML', `<mj-raw>{% if person.vip %}</mj-raw><mj-text>${anchor}</mj-text><mj-raw>{% endif %}</mj-raw>`],
  ['two of three branches', `<mj-text>{% if person.a %}${anchor}{% elsif person.b %}Non{% else %}${anchor}{% endif %}</mj-text>`],
  ['an unless', `<mj-text>{% unless person.vip %}${anchor}{% endunless %}</mj-text>`],
  ['some of the cases', `<mj-text>{% case locale %}{% when "fr" %}${anchor}{% endcase %}</mj-text>`],
  ['a loop', `<mj-text>{% for p in cart.products %}${anchor}{% endfor %}</mj-text>`],
  ['words', '<mj-text>links.unsubscribe</mj-text>'],
  ['a default of something else', '<mj-text>{{ brand.url | default: links.unsubscribe }}</mj-text>'],
  ['a class', '<mj-text css-class="{{ links.unsubscribe }}">Merci</mj-text>'],
  ['the title', '<mj-text>Merci</mj-text><mj-raw><title>{{ links.unsubscribe }}</title></mj-raw>'],
  ['a script', '<mj-raw><script>var a = "{{ links.unsubscribe }}"</script></mj-raw>'],
  ['what is not displayed', `<mj-text>${anchor.replace('<a ', '<a style="display: none" ')}</mj-text>`],
  ['what is not displayed, said behind it', `<mj-text>${anchor.replace('}}"', '}}" style="color:red;display:none"')}</mj-text>`],
];

export const brokenLinks: readonly Broken[] = [
  ...lost.map(([where, link]): Broken => ({ why: `the unsubscribe link in ${where}`, files: withLink(link), says })),
  {
    why: 'the unsubscribe link in the head',
    files: {
      'templates/rappel/email.fr.mjml': email
        .replace(written, '<mj-text>Merci</mj-text>')
        .replace('<mjml>', '<mjml><mj-head><mj-title>{{ links.unsubscribe }}</mj-title></mj-head>'),
    },
    says: ['5 not everybody sees this unsubscribe link → include the shared foot'],
  },
  {
    why: 'the unsubscribe link in a shared part, for some',
    files: {
      'templates/_layout/foot.mjml': `<mj-text>\n{% if person.vip %}${anchor}{% endif %}</mj-text>`,
      'templates/rappel/email.fr.mjml': email.replace(written, '<mj-include path="../_layout/foot.mjml" />'),
    },
    says: ['2 not everybody sees this unsubscribe link → include the shared foot'],
  },
  {
    why: 'a text part without the unsubscribe link',
    files: { 'templates/rappel/email.fr.txt': 'Votre panier vous attend.\n' },
    says: ['1 the text of a marketing e-mail without an unsubscribe link → write it at the end'],
  },
];

/** How it is written, and the files. */
export const goodLinks: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['as text', withLink('<mj-text>Ne plus recevoir : {{ links.unsubscribe }}</mj-text>')],
  ['as a button', withLink('<mj-button href="{{ links.unsubscribe }}">Stop</mj-button>')],
  [
    'in single quotes, behind other attributes',
    withLink(`<mj-text><a class="x" href='{{ links.unsubscribe }}'>Stop</a></mj-text>`),
  ],
  ['in every branch', withLink(`<mj-text>{% if person.vip %}${anchor}{% else %}<b>${anchor}</b>{% endif %}</mj-text>`)],
  ['in every case', withLink(`<mj-text>{% case locale %}{% when "fr" %}${anchor}{% else %}${anchor}{% endcase %}</mj-text>`)],
  ['by a variable', withLink('<mj-text>{% assign a = links.unsubscribe %}<a href="{{ a }}">Stop</a></mj-text>')],
  ['by a captured text', withLink(`<mj-text>{% capture a %}${anchor}{% endcapture %}{{ a }}</mj-text>`)],
  ['by echo', withLink('<mj-text>{% liquid\nassign a = links.unsubscribe\necho a\n%}</mj-text>')],
  ['in a comment and in the open', withLink(`<!-- {{ links.unsubscribe }} -->${written}`)],
  ['beside a sign that ends no tag', withLink(`<mj-text>{% if cart.quantity > 2 %}Oui{% endif %} ${anchor}</mj-text>`)],
];
