/** The page at /_local in a real browser: a visit can be played and read without any documentation, and nobody's words run. */
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { shop } from '../stories/shop.ts';
import { chromiumPath, launchChromium } from './chromium.ts';

if (chromiumPath === undefined) {
  console.warn(
    'The tests of the page at /_local are skipped: no Chromium on PATH (`apt-get install chromium`, or set CHROMIUM).',
  );
}

/** A busy machine may take a while; a second is not enough. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 40_000 });

describe.skipIf(chromiumPath === undefined)('the page at /_local', { timeout: 120_000 }, () => {
  const local = shop();
  let browser: Browser;
  const pages: Page[] = [];
  const complaints: string[] = [];
  /** A look-up of somebody unknown is answered 404, which a browser writes down. */
  const harmless = /status of 404/;
  let expected = harmless;

  beforeAll(async () => void (browser = await launchChromium()));
  afterAll(() => browser.close());
  afterEach(async () => {
    await Promise.all(pages.splice(0).map((page) => page.context().close()));
    const unexpected = complaints.splice(0).filter((line) => !harmless.test(line) && !expected.test(line));
    expected = harmless;
    if (unexpected.length > 0) throw new Error(`the browser complained:\n${unexpected.join('\n')}`);
  });

  /** Whatever left the browser for somewhere else, whether it was answered or not; the policy stops a request before that. */
  function complainOf(url: string): void {
    if (!url.startsWith(local.stack().origin) && !/^(data|about):/.test(url)) complaints.push(`asked ${url}`);
  }

  async function open(options: { width?: number; height?: number; hash?: string; dark?: boolean } = {}): Promise<Page> {
    const { width = 1280, height = 900, hash = '', dark = false } = options;
    const colorScheme = dark ? 'dark' : 'light';
    const context = await browser.newContext({ viewport: { width, height }, colorScheme, locale: 'en-GB' });
    const page = await context.newPage();
    pages.push(page);
    page.setDefaultTimeout(60_000);
    page.on('console', (line) => void complaints.push(`${line.type()} ${line.text()}`));
    page.on('pageerror', (error) => void complaints.push(error.message));
    page.on('dialog', (dialog) => void complaints.push(`dialog ${dialog.message()}`));
    page.on('requestfinished', (request) => complainOf(request.url()));
    page.on('requestfailed', (request) => {
      if (request.failure()?.errorText !== 'csp') complainOf(request.url());
    });
    await page.goto(`${local.stack().origin}/_local${hash}`);
    return page;
  }

  async function become(page: Page, firstName: string, email: string): Promise<void> {
    await page.getByLabel('First name').fill(firstName);
    await page.getByLabel('E-mail', { exact: true }).fill(email);
    await page.getByLabel('E-mail', { exact: true }).blur();
  }

  const log = (page: Page) => page.getByRole('list', { name: 'What happened, and why' });

  async function act(page: Page, name: RegExp): Promise<string> {
    const before = await log(page).locator('> li > h3').count();
    await page.getByRole('button', { name }).click();
    await eventually(() => log(page).locator('> li > h3').count()).toBe(before + 1);
    await page.locator('.act:not([aria-disabled=true])').first().waitFor();
    return log(page).locator('> li').first().innerText();
  }

  /** The mouse goes down, what has the focus loses it, and the mouse goes up: a click is both on the same element. */
  async function pressByHand(page: Page, button: Locator): Promise<void> {
    const box = await button.boundingBox();
    if (box === null) throw new Error('the button is not to be seen');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.waitForTimeout(80);
    await page.mouse.up();
  }

  test('a visit is played by its buttons, and exactly one reminder is sent', async () => {
    const page = await open();
    const email = `${local.fresh('lea')}@example.com`;
    await become(page, 'Léa', email);
    expect(await act(page, /joins and agrees/)).toMatch(
      /“Signed Up” starts bienvenue\..*“bienvenue” of journey bienvenue was sent/s,
    );
    expect(await act(page, /puts a scarf/)).toContain('“Cart Updated” starts panier-abandonne.');
    expect(await page.locator('.next').innerText()).toContain('panier-abandonne waits until');
    expect(await act(page, /Time passes: 30 minutes/)).toContain('“panier-abandonne” of journey panier-abandonne was sent.');
    expect(await act(page, /Léa orders/)).toContain('“Order Completed”');
    expect(await act(page, /Time passes: 3 days/)).toContain('orders.count must be 0 (seen: 1)');
    expect(await act(page, /unsubscribes/)).toContain('“Unsubscribed”: no longer agrees to email.');
    await act(page, /puts a scarf/);
    expect(await act(page, /Time passes: 30 minutes/)).toMatch(/was not sent: there is no consent to this channel/);
    const subjects = (await local.mailsTo(email)).map(({ subject }) => subject);
    expect(subjects).toEqual(['Welcome to Atelier Lumière', 'Léa, your cart is waiting for you']);

    await page.getByRole('link', { name: 'Inbox' }).click();
    await page.getByRole('link', { name: /Léa, your cart is waiting/ }).click();
    expect(await page.frameLocator('iframe').getByText('Aurore scarf').count()).toBe(1);
    await page.getByRole('button', { name: 'As text' }).click();
    expect(await page.locator('pre').innerText()).toContain('Aurore scarf');
    await page.getByRole('button', { name: 'Headers' }).click();
    expect(await page.getByRole('table', { name: 'Headers' }).innerText()).toContain('List-Unsubscribe=One-Click');

    await page.getByRole('link', { name: 'profile and story' }).click();
    await page.getByRole('heading', { name: 'Léa', exact: true }).waitFor();
    const profile = await page.locator('article').innerText();
    expect(profile).toContain('email, marketing: withdrawn');
    expect(profile).toContain('no-consent');
    expect(await page.getByRole('table', { name: 'Identifiers' }).innerText()).toMatch(/email\s+\S+@example\.com\s+verified/);
  });

  test('the button pressed right after typing is the button that acts, on the visitor as typed', async () => {
    const page = await open();
    const button = page.getByRole('button', { name: /joins and agrees/ });
    await button.waitFor();
    for (const [field, typed] of [
      ['E-mail', `${local.fresh('rose')}@example.com`],
      ['First name', 'Rose'],
    ] as const) {
      await page.getByLabel(field, { exact: true }).click();
      await page.keyboard.press('Control+A');
      await page.keyboard.type(typed);
      const sent = page.waitForRequest((request) => request.url().endsWith('/v1/batch'), { timeout: 15_000 });
      await pressByHand(page, button);
      expect((await sent).postData()).toContain(typed);
      await page.locator('.act:not([aria-disabled=true])').first().waitFor();
    }
    expect(await log(page).locator('> li').first().innerText()).toMatch(/^Rose joins/);
  });

  test('a stranger who claims the address in a browser changes nothing, and the page says so', async () => {
    const page = await open();
    await become(page, 'Inès', `${local.fresh('ines')}@example.com`);
    await act(page, /joins and agrees/);
    const told = await act(page, /A stranger claims/);
    expect(told).toContain('The name, the consent and the identifiers of Inès stay as they were');
    expect(told).toContain('as a browser claims');
  });

  test('names, traits and mails full of markup are shown as text and never run', async () => {
    // What the mail wants is refused by its frame, and the browser says so; "asked" and "dialog" must not be among it.
    expected = /^error .*(evil\.example|sandboxed|Content Security Policy)/;
    const hostile = `<img src=x onerror="globalThis.pwned=1"><script>globalThis.pwned=2</script>`;
    const page = await open();
    const email = `${local.fresh('mallory')}@example.com`;
    await become(page, hostile, email);
    expect(await act(page, /joins and agrees/)).toContain(hostile);
    await local.segment('track', { userId: `customer-${email}`, event: hostile, properties: { name: hostile } });
    await local.segment('track', { userId: `customer-${email}`, properties: { name: hostile } });
    await local.settle();
    const raw = [
      `Subject: ${hostile}`,
      'From: shop@example.com',
      `To: ${email}`,
      'Content-Type: text/html; charset=utf-8',
      '',
      `<meta http-equiv="refresh" content="0;url=https://evil.example/"><base href="https://evil.example/">${hostile}`,
      '<p onclick="globalThis.pwned=3">words</p><form action="https://evil.example/"><input autofocus onfocus="globalThis.pwned=4">',
      '<svg onload="globalThis.pwned=5"></svg><iframe src="https://evil.example/"></iframe><link rel="stylesheet" href="https://evil.example/x.css">',
      '<a href="javascript:globalThis.pwned=6">click</a><img src="https://evil.example/pixel.png">',
    ].join('\r\n');
    local.stack().emulators.ses.send({ raw: Buffer.from(raw), destinations: [email], tags: [] });
    await page.getByRole('link', { name: 'Inbox' }).click();
    await page.getByRole('link', { name: hostile }).first().click();
    expect(await page.locator('iframe').getAttribute('sandbox')).toBe('');
    expect(await page.frameLocator('iframe').getByText('words').count()).toBe(1);
    await page.getByRole('button', { name: 'Links' }).click();
    expect(await page.locator('.links a').count()).toBe(0);
    for (const part of ['Headers', 'As text', 'As mail']) await page.getByRole('button', { name: part }).click();
    await page.getByRole('link', { name: 'People' }).click();
    await page.getByRole('link', { name: hostile }).click();
    await page.getByRole('heading', { name: hostile }).waitFor();
    await page.evaluate('for (const details of document.querySelectorAll("details")) details.open = true');
    await page.getByRole('link', { name: 'Engine' }).click();
    await page.locator('summary').first().click();
    expect(await page.locator('#main').innerText()).toContain('onerror');
    await page.waitForTimeout(300);
    for (const frame of page.frames()) expect(await frame.evaluate('globalThis.pwned')).toBeUndefined();
  });

  test('an SMS is shown as a phone shows it, with its sender and its number, and what is in it never runs', async () => {
    const page = await open({ hash: '#inbox' });
    const phone = local.freshPhone();
    const words = `Léa <img src=x onerror="globalThis.pwned=7"> attend & <3`;
    const sender = new Map([['AWS.SNS.SMS.SenderID', 'ATELIER']]);
    const link = `${local.stack().origin}/l/u/abc`;
    local.stack().emulators.sns.phones.send(phone, `${words}\nStop : ${link}`, sender);
    await page.getByRole('link', { name: `SMS: ${words}` }).click();
    await page.getByRole('heading', { name: `SMS: ${words}` }).waitFor();
    expect(await page.locator('pre').innerText()).toBe(`${words}\nStop : ${link}`);
    const facts = await page.locator('.facts').innerText();
    expect(facts).toMatch(new RegExp(`From\\s+ATELIER \\(promotional SMS\\)\\s+To\\s+\\${phone}\\s`));
    expect(await page.locator('.links a').getAttribute('href')).toBe(link);
    expect(await page.getByRole('button', { name: 'As mail' }).count()).toBe(0);
    local.stack().emulators.sns.phones.optOut(phone);
    local.stack().emulators.sns.phones.send(phone, 'Encore', sender);
    await page.getByRole('link', { name: 'SMS: Encore' }).click();
    await page.getByRole('heading', { name: 'SMS: Encore' }).waitFor();
    expect(await page.locator('.facts').innerText()).toContain('had answered STOP');
    expect(await page.locator('[data-count=messages]').innerText()).toMatch(/^\d+$/);
    expect(await page.evaluate('globalThis.pwned')).toBeUndefined();
  });

  test('the clock goes on by buttons and by any duration, and says what it cannot read', async () => {
    const page = await open({ hash: '#engine' });
    const now = () => local.now();
    expected = /status of 400/;
    await page.getByLabel(/Another duration/).fill('soon');
    await page.getByRole('button', { name: 'Go' }).click();
    await page.getByText(/advance must be an ISO 8601 duration/).waitFor();
    const before = now();
    await page.getByLabel(/Another duration/).fill('p2dt3h');
    await page.getByRole('button', { name: 'Go' }).click();
    await eventually(() => now() - before).toBeGreaterThanOrEqual(51 * 3_600_000);
    await eventually(() => page.locator('#duration-problem').isVisible()).toBe(false);
    await page.getByRole('button', { name: '+1 day' }).click();
    await eventually(() => now() - before).toBeGreaterThanOrEqual(75 * 3_600_000);
    expect(await page.locator('#now').innerText()).toMatch(/\d\d:\d\d:\d\d UTC$/);
  });

  test('people are looked up by their identifiers', async () => {
    const userId = local.fresh('u');
    await local.segment('identify', { userId, traits: { firstName: 'Malo', phone: '06 11 22 33 44' } });
    await local.settle();
    const page = await open({ hash: '#people' });
    await page.getByLabel('Look up by').selectOption('phone');
    await page.getByLabel('Value').fill('+33 6 99 99 99 99');
    await page.getByRole('button', { name: 'Look up' }).click();
    await page.getByText(/Nobody is known by the phone/).waitFor();
    await page.getByLabel('Value').fill('0611223344');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Malo' }).waitFor();
    expect(await page.getByRole('table', { name: 'Identifiers' }).innerText()).toContain('+33611223344');
  });

  test('a paused function lets events wait, the page says so, and they are done when it goes on', async () => {
    const page = await open({ hash: '#engine' });
    await page.getByRole('button', { name: 'Pause process-events' }).click();
    await page.getByRole('link', { name: 'Visit' }).click();
    const email = `${local.fresh('noe')}@example.com`;
    await become(page, 'Noé', email);
    expect(await act(page, /joins and agrees/)).toContain('processing is paused');
    await page.getByRole('link', { name: 'Engine' }).click();
    await eventually(() => page.getByRole('row', { name: /^events/ }).innerText()).toMatch(/^events\s+[12]\s/);
    await page.getByRole('button', { name: 'Resume process-events' }).click();
    await eventually(() => local.hasProfile(`email=${email}`)).toBe(true);
    await page.getByRole('link', { name: 'Visit' }).click();
    await eventually(() => log(page).innerText()).toContain('“Signed Up” starts bienvenue.');
  });

  test('it is worked by the keyboard alone', async () => {
    const page = await open();
    await page.locator('.act').first().waitFor();
    await become(page, 'Zoé', `${local.fresh('zoe')}@example.com`);
    await page.getByRole('button', { name: 'Somebody new' }).focus();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.innerText')).toMatch(/^Zoé joins/);
    await page.keyboard.press('Enter');
    await eventually(() => log(page).innerText()).toContain('“Signed Up” starts bienvenue.');
    await page.locator('.act:not([aria-disabled=true])').first().waitFor();
    expect(await page.evaluate('document.activeElement.innerText')).toMatch(/^Zoé joins/);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.innerText')).toMatch(/^Zoé puts/);
  });

  test.each([
    [320, true],
    [768, false],
    [2560, false],
  ])('nothing runs over the edge at %i pixels (dark: %s)', async (width, dark) => {
    const page = await open({ width, height: 640, dark });
    const wide = `${'long'.repeat(40)}.${local.fresh('x')}`;
    await local.segment('identify', { userId: wide, traits: { firstName: wide, email: `${local.fresh('wide')}@example.com` } });
    await local.settle();
    for (const view of ['Visit', 'Inbox', 'People', 'Engine']) {
      await page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name: view }).click();
      if (view === 'People') await page.getByRole('link', { name: wide }).click();
      await page.waitForTimeout(150);
      const over = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect({ view, over }).toEqual({ view, over: 0 });
    }
  });
});
