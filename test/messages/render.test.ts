/** From template and person to a mail: escaped, in the reader's language, without what strangers would like to say. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { JsonObject } from '../../shared/kernel/json.ts';
import { cleanSubject, renderEmail, renderSms, type RenderedEmail } from '../../shared/messages/render.ts';
import type { EmailTemplate } from '../../shared/messages/template.ts';
import { wrapLinks } from '../../shared/messages/wrap-links.ts';
import { aBrand } from './people.ts';

const mail = (change: Partial<EmailTemplate> = {}): EmailTemplate => ({
  subject: 'Bonjour',
  html: '<p>Bonjour</p>',
  text: 'Bonjour',
  ...change,
});

const attempt = (content: Partial<EmailTemplate>, variables: JsonObject = {}, locale = 'fr-FR') =>
  renderEmail({ template: { email: { fr: mail(content) } }, brand: aBrand(), locale, variables });

function render(content: Partial<EmailTemplate>, variables: JsonObject = {}, locale = 'fr-FR'): RenderedEmail {
  const rendering = attempt(content, variables, locale);
  if (rendering.kind === 'cannot') throw new Error(rendering.because);
  return rendering;
}

const html = (source: string, variables: JsonObject = {}, locale?: string): string =>
  render({ html: source }, variables, locale).html;

describe('what people write', () => {
  const name = '<script>alert("x")</script> & \'co\'';
  const safe = '&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt; &amp; &#39;co&#39;';

  test('is escaped in HTML, and as it is in subject and text', () => {
    const source = 'Bonjour {{ person.name }}';
    const rendered = render({ subject: source, html: source, text: source }, { person: { name } });
    expect(rendered).toMatchObject({ subject: `Bonjour ${name}`, html: `Bonjour ${safe}`, text: `Bonjour ${name}` });
  });

  test.each([
    ['{{ n }}', safe],
    ['{% assign m = n %}{{ m }}', safe],
    ['{% echo n %}', safe],
    ['{% for c in list %}{{ c }}{% endfor %}', safe],
    ['{{ list }}', safe],
    ['{{ n | append: "<b>" }}', `${safe}&lt;b&gt;`],
    ['{{ n | escape }}', safe],
    ['{{ lines | newline_to_br }}', '&lt;a&gt;<br>\nb'],
    ['<a title="{{ n }}">', `<a title="${safe}">`],
    ['{{ missing | default: n }}', safe],
    ['{% cycle n, "b" %}', safe],
  ])('is escaped once on the way %s', (source, as) => {
    expect(html(source, { n: name, list: [name], lines: '<a>\nb' })).toBe(as);
  });

  test('is not Liquid, nor HTML of a second pass', () => {
    expect(html('{{ n }}', { n: '{{ brand.secret }}{% raw %}' })).toBe('{{ brand.secret }}{% raw %}');
  });
});

describe('an SMS', () => {
  const sms = { fr: { text: '{{ n }} : {{ v | money }} {{ links.unsubscribe }}' }, en: { text: '{{ v | money }}' } };
  const renderText = (locale: string, variables: JsonObject = {}, template = { sms }) =>
    renderSms({ template, brand: aBrand(), locale, variables });

  test('is plain text: nothing is escaped, and no link exchanged', () => {
    const variables = { n: `Léa & "co" <3 l'été`, v: 31.9, links: { unsubscribe: 'https://links.example/l/u/x' } };
    expect(renderText('fr-FR', variables)).toEqual({
      kind: 'rendered',
      language: 'fr',
      text: `Léa & "co" <3 l'été : 31,90 € https://links.example/l/u/x`,
    });
  });

  test.each([
    ['en-GB', 'en', '€31.90'],
    ['de-DE', 'fr', '31,90'],
  ])('is in the language of who reads %s', (locale, language, shown) => {
    expect(renderText(locale, { v: 31.9 })).toMatchObject({ language, text: expect.stringContaining(shown) as string });
  });

  test.each<[string, Parameters<typeof renderText>[2], RegExp]>([
    ['a template that has none', {} as { sms: typeof sms }, /^the template has no SMS$/],
    [
      'a text that runs without end',
      { sms: { ...sms, fr: { text: '{% for i in (1..99999999) %}{{ i }}{% endfor %}' } } },
      /limit/,
    ],
    ['a text that is no Liquid', { sms: { ...sms, fr: { text: '{% if %' } } }, /not closed/],
  ])('cannot be made of %s', (_what, template, because) => {
    expect(renderText('fr-FR', {}, template)).toMatchObject({
      kind: 'cannot',
      because: expect.stringMatching(because) as string,
    });
  });
});

describe('what is missing', () => {
  test.each([
    ['[{{ person.nickname }}]', '[]'],
    ['[{{ nothing.of.all.this }}]', '[]'],
    ['{{ person.nickname | default: "vous" }}', 'vous'],
    ['{% for p in cart.products %}x{% endfor %}', ''],
    ['{% if cart.url %}x{% else %}y{% endif %}', 'y'],
    ['[{{ person }}]', '[]'],
    ['[{{ person.constructor }}{{ person.__proto__.toString }}{{ person.hasOwnProperty }}]', '[]'],
    ['[{{ cart.value | money }}]', '[]'],
  ])('prints nothing: %s', (source, as) => {
    expect(html(source, { person: {} })).toBe(as);
  });
});

describe('money and dates', () => {
  test.each([
    ['31.9', 'EUR', 'fr-FR', '31,90 €'],
    ['31.9', 'EUR', 'en-GB', '€31.90'],
    ['1234567.5', 'USD', 'en-US', '$1,234,567.50'],
    ['980', 'JPY', 'ja-JP', '¥980'],
    ['12', 'eur', 'fr-CA', '12,00 €'],
    ['12', '', 'fr-FR', '12,00 €'],
    ['12', 'POINTS', 'fr-FR', '12,00 POINTS'],
    ['-5.005', 'CHF', 'de-CH', 'CHF-5.01'],
    ['abc', 'EUR', 'fr-FR', ''],
  ])('%s %s for a reader of %s', (amount, currency, locale, as) => {
    const language = locale.split('-')[0] ?? '';
    const template = { email: { [language]: mail({ subject: 'x', text: '{{ a | money: c }}' }) } };
    const rendered = renderEmail({ template, brand: aBrand(), locale, variables: { a: amount, c: currency } });
    const normal = (text: string) =>
      text
        .replace(/[\u00a0\u202f]/g, ' ')
        .replace('−', '-')
        .replace('￥', '¥');
    expect(rendered.kind === 'rendered' && normal(rendered.text)).toBe(as);
  });

  test('follow the language of the text when the person reads another one', () => {
    expect(html('{{ 3.5 | money }}', {}, 'en-US').replace(/\s/g, ' ')).toBe('3,50 €');
  });

  test('are told in the zone of the brand and in the words of the reader', () => {
    expect(html('{{ at | date: "%A %-d %B %Y, %H:%M" }}', { at: '2026-07-14T22:30:00Z' })).toBe(
      'mercredi 15 juillet 2026, 00:30',
    );
  });

  test('"now" is the product clock', () => {
    expect(html('{{ "now" | date: "%Y-%m-%d" }} {{ "today" | date: "%Y" }}', { now: '2031-05-06T07:00:00Z' })).toBe(
      '2031-05-06 2031',
    );
  });
});

describe('subjects', () => {
  test.each([
    ['a new header', 'Hi\r\nBcc: victim@example.com', 'Hi Bcc: victim@example.com'],
    ['a lone carriage return or line feed', 'a\rb\nc', 'a b c'],
    ['a Unicode line break', 'a\u2028b\u2029c\u0085d', 'a b c d'],
    ['NUL, bell and escape', 'a\u0000b\u0007c\u001bd', 'a b c d'],
    ['reversed reading order', 'invoice\u202efdp.exe', 'invoice fdp.exe'],
    ['isolates', '\u2067abc\u2069', 'abc'],
    ['a lone surrogate', 'a\ud83d b', 'a\ufffd b'],
    ['line breaks of the template', '\n  Votre panier\n', 'Votre panier'],
  ])('hold no %s', (_what, value, as) => {
    expect(render({ subject: '{{ v }}' }, { v: value }).subject).toBe(as);
  });

  test('keep emoji, accents and other scripts', () => {
    expect(render({ subject: '🛒 {{ v }}' }, { v: 'Été, 購物車, سلة 👩‍👩‍👧' }).subject).toBe('🛒 Été, 購物車, سلة 👩‍👩‍👧');
  });

  test('are at most 255 units long, cut at a whole character', () => {
    const subject = cleanSubject('👩‍👩‍👧'.repeat(100));
    expect(subject.length).toBeLessThanOrEqual(255);
    expect(subject).toMatch(/^(?:👩‍👩‍👧)+…$/u);
  });

  test('cannot be empty', () => {
    expect(attempt({ subject: '{{ nothing }}' })).toEqual({ kind: 'cannot', because: 'the subject is empty' });
  });
});

describe('the language', () => {
  const email = { fr: mail({ subject: 'fr' }), en: mail({ subject: 'en' }), 'pt-BR': mail({ subject: 'pt-BR' }) };
  test.each([
    ['fr-CA', 'fr-FR', 'fr'],
    ['fr', 'en-GB', 'fr'],
    ['EN-us', 'fr-FR', 'en'],
    ['pt-BR', 'fr-FR', 'pt-BR'],
    ['pt-PT', 'fr-FR', 'fr'],
    ['de-DE', 'en-GB', 'en'],
    ['de-DE', 'es-ES', 'en'],
  ])('for a reader of %s in a shop of %s is %s', (locale, brandLocale, language) => {
    const rendered = renderEmail({ template: { email }, brand: aBrand({ locale: brandLocale }), locale, variables: {} });
    expect(rendered).toMatchObject({ language, subject: language });
  });

  test('without any there is no mail', () => {
    expect(renderEmail({ template: { email: {} }, brand: aBrand(), locale: 'fr', variables: {} })).toMatchObject({
      kind: 'cannot',
    });
  });
});

describe('a template', () => {
  test.each([
    ['includes a file', '{% include "/etc/hostname" %}', /include/],
    ['renders a file', '{% render "../package.json" %}', /render/],
    ['inherits from a file', '{% layout "x" %}', /layout/],
    ['uses an unknown filter', '{{ a | upcas }}', /upcas/],
    ['uses chance', '{{ list | sample }}', /sample/],
    ['is not closed', '{% if a %}', /if/],
    ['is longer than any mail', 'x'.repeat(1_000_001), /limit/],
  ])('that %s cannot be rendered, and says why', (_what, source, because) => {
    expect(attempt({ html: source })).toEqual({ kind: 'cannot', because: expect.stringMatching(because) as string });
  });

  test.each([
    ['memory', '{% for i in (1..100000000) %}x{% endfor %}'],
    ['text that doubles', '{% assign a = "xxxxxxxxxx" %}{% for i in (1..40) %}{% assign a = a | append: a %}{% endfor %}{{ a }}'],
  ])('that eats %s is stopped', (_what, source) => {
    expect(attempt({ html: source })).toMatchObject({ kind: 'cannot', because: expect.stringContaining('limit') as string });
  });

  test('that runs for ever is stopped', () => {
    const started = performance.now();
    const loop = '{% for i in (1..100000) %}{% for j in (1..10000) %}{{ i }}{% endfor %}{% endfor %}';
    expect(attempt({ html: loop })).toMatchObject({ kind: 'cannot' });
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test('is parsed once: a thousand mails take less than a second', () => {
    const source = `<html><body>${'<p>{{ person.name }}</p>'.repeat(200)}</body></html>`;
    html(source, { person: { name: 'Ada' } });
    const started = performance.now();
    for (let count = 0; count < 1_000; count++) html(source, { person: { name: `Ada ${count}` } });
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  test('of one person never answers with the content of another', () => {
    expect(html('{% assign x = n %}{{ x }}{% increment i %}', { n: 'a' })).toBe('a0');
    expect(html('{% assign x = n %}{{ x }}{% increment i %}', {})).toBe('0');
  });

  test('has its preheader first in the body, escaped and hidden', () => {
    const rendered = render(
      { preheader: 'Pour {{ n }}', html: '<html><body class="a>b"><p>x</p></body></html>' },
      { n: '<Ada>' },
    );
    expect(rendered.html).toMatch(/<body class="a>b"><div style="display:none[^>]*>Pour &lt;Ada&gt;<\/div><p>x<\/p>/);
  });
});

describe('click tracking', () => {
  const wrap = vi.fn<(url: string) => string | undefined>((url) =>
    url.includes('/l/u/') ? undefined : `https://l.example/c?${url.length}`,
  );
  afterEach(() => wrap.mockClear());
  const source = '<a href="https://shop.example/?a=1&amp;b=2">x</a> <a href="https://l.example/l/u/token">u</a>';
  const track = (clickConsent: boolean) =>
    renderEmail(
      {
        template: { email: { fr: mail({ html: source, text: 'https://shop.example/' }) } },
        brand: aBrand(),
        locale: 'fr',
        variables: {},
      },
      { clickConsent, wrap },
    );

  test('leaves every link as it is without consent', () => {
    expect(track(false)).toMatchObject({ html: source, text: 'https://shop.example/' });
    expect(attempt({ html: source })).toMatchObject({ html: source });
    expect(wrap).not.toHaveBeenCalled();
  });

  test('with consent exchanges links of the HTML, and leaves text and our own links', () => {
    expect(track(true)).toMatchObject({
      html: '<a href="https://l.example/c?29">x</a> <a href="https://l.example/l/u/token">u</a>',
      text: 'https://shop.example/',
    });
    expect(wrap).toHaveBeenCalledWith('https://shop.example/?a=1&b=2');
  });

  test.each([
    ["<A\nclass='b>c' HREF = 'https://a.example/x' >", `<A\nclass='b>c' HREF = "W" >`],
    ['<a href=https://a.example/x>', '<a href="W">'],
    [
      '<a title="href=https://a.example" data-href="https://a.example" href="https://a.example">',
      '<a title="href=https://a.example" data-href="https://a.example" href="W">',
    ],
    ['<a href="mailto:a@b.c">', '<a href="mailto:a@b.c">'],
    ['<a href="#top">', '<a href="#top">'],
    ['<a href="">', '<a href="">'],
    ['<a name="x">', '<a name="x">'],
    ['<abbr href="https://a.example">', '<abbr href="https://a.example">'],
    ['<img src="https://a.example/x.png">', '<img src="https://a.example/x.png">'],
    ['href="https://a.example"', 'href="https://a.example"'],
    ['<a href="https://a.example" broken', '<a href="https://a.example" broken'],
    ['<a href="  https://a.example/?x=&#34;&#x27;&lt;">', '<a href="W">'],
  ])('reads HTML as mail programs do: %s', (given, as) => {
    expect(wrapLinks(given, () => 'W')).toBe(as);
  });

  test('escapes what it writes', () => {
    expect(wrapLinks('<a href="https://a.example">', () => 'https://l.example/?a="&b')).toBe(
      '<a href="https://l.example/?a=&#34;&amp;b">',
    );
  });
});
