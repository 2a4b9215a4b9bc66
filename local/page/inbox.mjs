/**
 * The inbox: every mail that left, as a mailbox shows it, and every SMS, as a phone does. Mails are strangers' HTML: a sandbox
 * without rights holds them.
 */
import { bringIntoView, el, empty, longTime, show, table, time } from './dom.mjs';
import { oneClickLink, read, tell, unsubscribeByMail } from './server.mjs';

const newest = 50;

export function inboxView() {
  let mails = [];
  let total = 0;
  let selected = '';
  let part = 'mail';
  let pictures = false;
  let shownMail = '';
  const list = el('nav', { class: 'list', 'aria-label': 'Messages' });
  const pane = el('article', { class: 'card pane' });
  const element = el(
    'div',
    { class: 'columns narrow-first' },
    el('section', { class: 'card' }, el('h1', {}, 'Inbox'), list),
    pane,
  );

  function showList() {
    if (mails.length === 0) return show(list, empty('No message yet. Play a visit: the cart reminder comes after 30 minutes.'));
    const line = (mail) =>
      el(
        'a',
        {
          href: `#inbox/${encodeURIComponent(mail.id)}`,
          'data-key': mail.id,
          'aria-current': mail.id === selected ? 'true' : null,
        },
        el('strong', {}, titleOf(mail)),
        el('span', { class: 'quiet' }, mail.to, ' · ', time(mail.sentAt)),
      );
    show(
      list,
      mails.map(line),
      total > mails.length ? empty(`The newest ${mails.length} of ${total}. All of them: GET /_local/messages.`) : null,
    );
  }

  function showMail() {
    const mail = mails.find(({ id }) => id === selected);
    if (mail === undefined) {
      shownMail = '';
      return show(pane, empty(mails.length === 0 ? 'Messages will be shown here.' : 'Choose a message.'));
    }
    const state = JSON.stringify([mail.id, part, pictures]);
    if (state === shownMail) return;
    shownMail = state;
    show(
      pane,
      el('h2', {}, titleOf(mail)),
      el(
        'dl',
        { class: 'facts' },
        isText(mail) ? fact('From', `${mail.from} (${mail.type.toLowerCase()} SMS)`) : null,
        fact('To', mail.to),
        fact('Sent', longTime(mail.sentAt)),
        mail.status === 'opted-out' ? fact('Then', 'kept from the phone, which had answered STOP; SNS tells nobody') : null,
        fact('Because of', mail.cause === null ? 'unknown' : `${mail.cause.kind} ${mail.cause.name}, step ${mail.cause.step}`),
        mail.profileId === null
          ? null
          : fact('Person', el('a', { href: `#people/${encodeURIComponent(mail.profileId)}` }, 'profile and story')),
      ),
      isText(mail) ? phoneOf(mail) : partsOf(mail),
    );
  }

  const partsOf = (mail) => [
    el(
      'div',
      { class: 'row', role: 'group', 'aria-label': 'Part of the mail' },
      ['mail', 'text', 'headers', 'links'].map(partButton),
    ),
    partOf(mail),
  ];

  const fact = (name, value) => [el('dt', {}, name), el('dd', {}, value)];

  const partButton = (name) =>
    el(
      'button',
      {
        type: 'button',
        class: 'plain',
        'data-key': `part-${name}`,
        'aria-pressed': String(part === name),
        on: {
          click: () => {
            part = name;
            showMail();
          },
        },
      },
      { mail: 'As mail', text: 'As text', headers: 'Headers', links: 'Links' }[name],
    );

  function partOf(mail) {
    switch (part) {
      case 'text':
        return el('pre', { tabindex: '0' }, mail.text);
      case 'headers': {
        const written = Object.entries(mail.headers).filter(
          ([name]) => name !== name.toLowerCase() || !hasOtherCase(mail.headers, name),
        );
        return table('Headers', ['Header', 'Value'], written);
      }
      case 'links':
        return linksOf(mail);
      default:
        return [frame(mail, pictures), picturesSwitch(mail)];
    }
  }

  /** Nothing of the web is loaded unless somebody asks for it: a picture tells its sender who looks. */
  const picturesSwitch = ({ html }) =>
    /<img\s/i.test(html) && !pictures
      ? el(
          'button',
          {
            type: 'button',
            class: 'plain',
            'data-key': 'pictures',
            on: {
              click: () => {
                pictures = true;
                showMail();
              },
            },
          },
          'Load pictures from the web',
        )
      : null;

  function linksOf(mail) {
    const links = [...new DOMParser().parseFromString(mail.html, 'text/html').querySelectorAll('a[href]')];
    const web = links.filter((link) => /^https?:\/\//i.test(link.getAttribute('href')));
    const done = el('p', { role: 'status' });
    const click = async () => {
      await unsubscribeByMail(mail);
      await tell('settle');
      done.textContent = 'Unsubscribed: the next marketing mail will be dropped for want of consent.';
    };
    return el(
      'div',
      {},
      el('p', { class: 'quiet' }, 'A click in the frame leads nowhere; these open in a new tab.'),
      el(
        'ul',
        { class: 'links' },
        web.map((link) => {
          const address = link.getAttribute('href');
          return el(
            'li',
            {},
            el('a', { href: address, target: '_blank', rel: 'noopener noreferrer' }, link.textContent.trim() || address),
            el('span', { class: 'quiet' }, address),
          );
        }),
      ),
      oneClickLink(mail) === undefined
        ? null
        : el(
            'p',
            {},
            el(
              'button',
              { type: 'button', class: 'plain', on: { click: () => void click() } },
              'Unsubscribe with one click, as mail programs do',
            ),
          ),
      done,
    );
  }

  async function refresh({ mails: sent, texts }) {
    total = sent + texts;
    mails = (await read(`messages?newest=${newest}`)).toReversed();
    if (selected === '' && mails.length > 0) selected = mails[0].id;
    showList();
    showMail();
  }

  async function open(id, summary) {
    selected = id === '' ? selected : id;
    await refresh(summary);
    if (id !== '') bringIntoView(pane);
  }

  return { element, open, refresh };
}

const isText = ({ channel }) => channel === 'sms';

/** An SMS has no subject: its first line stands for it. */
const titleOf = (message) => (isText(message) ? `SMS: ${message.text.split('\n')[0]}` : message.subject);

/** The text as it is shown, and the links that a phone would make of it. */
function phoneOf({ text }) {
  const links = text.match(/https?:\/\/\S+/g) ?? [];
  return [
    el('pre', { tabindex: '0', 'aria-label': 'Text of the SMS' }, text),
    links.length === 0
      ? null
      : el(
          'ul',
          { class: 'links' },
          links.map((address) => el('li', {}, el('a', { href: address, target: '_blank', rel: 'noopener noreferrer' }, address))),
        ),
  ];
}

const hasOtherCase = (headers, name) => Object.keys(headers).some((other) => other !== name && other.toLowerCase() === name);

/** No scripts, no forms, no popups, no origin; and by its own policy nothing is fetched. */
function frame({ html, subject }, pictures) {
  const mail = new DOMParser().parseFromString(html, 'text/html');
  for (const meta of mail.querySelectorAll('meta[http-equiv]')) meta.remove();
  for (const base of mail.querySelectorAll('base')) base.remove();
  const policy = mail.createElement('meta');
  policy.httpEquiv = 'Content-Security-Policy';
  policy.content = `default-src 'none'; style-src 'unsafe-inline'; img-src data:${pictures ? ' https:' : ''}`;
  const base = mail.createElement('base');
  base.target = '_blank';
  mail.head.prepend(policy, base);
  return el('iframe', {
    sandbox: '',
    referrerpolicy: 'no-referrer',
    title: `Mail: ${subject}`,
    srcdoc: `<!doctype html>${mail.documentElement.outerHTML}`,
  });
}
