/** What SES tells is read in both its forms and both wrappings; what is not ours is left alone, and what is broken says where. */
import { describe, expect, test } from 'vitest';
import { readSesFeedback } from '../../shared/channels/ses-feedback.ts';
import { InvalidInput } from '../../shared/kernel/errors.ts';
import type { JsonObject } from '../../shared/kernel/json.ts';
import type { Mark } from '../../shared/messages/marks.ts';
import { bounce, complaint, delay, delivery, notified, providerId, published, wrapped } from './ses-told.ts';

const at = Date.parse('2026-11-23T18:00:05.123Z');
const taken = Date.parse('2026-11-23T18:00:00.000Z');
const mail = { person: '01JD0000000000000000000000', sendKey: 'AbC_-0123456789x', orderTime: 1_795_456_800_000, at: taken };

const told: readonly [string, JsonObject, Mark][] = [
  ['Send', { send: {} }, { kind: 'accepted', at: taken, providerId }],
  ['Delivery', delivery(at), { kind: 'delivered', at }],
  ['Bounce', bounce(at), { kind: 'bounced', at, type: 'permanent', subtype: 'General' }],
  ['Bounce', bounce(at, 'Transient', 'MailboxFull'), { kind: 'bounced', at, type: 'transient', subtype: 'MailboxFull' }],
  ['Bounce', bounce(at, 'Undetermined', 'Undetermined'), { kind: 'bounced', at, type: 'undetermined', subtype: 'Undetermined' }],
  ['Complaint', complaint(at, 'abuse'), { kind: 'complained', at, type: 'abuse' }],
  ['Complaint', complaint(at), { kind: 'complained', at, type: 'unknown' }],
  [
    'Complaint',
    complaint(at, undefined, 'OnAccountSuppressionList'),
    { kind: 'complained', at, type: 'unknown', subtype: 'OnAccountSuppressionList' },
  ],
  ['Reject', { reject: { reason: 'Bad content' } }, { kind: 'rejected', at: taken, because: 'Bad content' }],
  [
    'Rendering Failure',
    { failure: { errorMessage: "Attribute 'ada@example.com' is not present", templateName: 'x' } },
    { kind: 'not-rendered', at: taken, because: 'the template and its data do not fit' },
  ],
  ['DeliveryDelay', delay(at), { kind: 'delayed', at, because: 'MailboxFull' }],
];

describe('event publishing', () => {
  test.each(told)('%s %j', (eventType, content, mark) => {
    const expected = {
      kind: 'feedback',
      channel: 'email',
      providerId,
      acceptedAt: taken,
      to: ['ada@example.com'],
      mark,
      about: {
        by: 'tags',
        person: mail.person,
        sendKey: mail.sendKey,
        orderTime: mail.orderTime,
        cause: { kind: 'journey', name: 'bienvenue', step: '1' },
      },
    };
    expect(readSesFeedback(published(eventType, mail, content))).toEqual(expected);
    expect(readSesFeedback(wrapped(published(eventType, mail, content)))).toEqual(expected);
  });
});

describe('identity notifications carry no tags', () => {
  test.each(told.filter(([type]) => ['Bounce', 'Complaint', 'Delivery'].includes(type)))(
    '%s is found by address, and by the Message-ID where SES gives the headers',
    (type, content, mark) => {
      expect(readSesFeedback(notified(type, mail, content))).toMatchObject({ mark, about: { by: 'address' } });
      expect(readSesFeedback(wrapped(notified(type, mail, content, true)))).toMatchObject({
        mark,
        about: { by: 'address', message: { sendKey: mail.sendKey, orderTime: mail.orderTime } },
      });
    },
  );
});

test('in a mail to one, the one is meant, whatever mailbox the bounce names (a forwarding one, perhaps)', () => {
  const told = published('Bounce', mail, bounce(at, 'Permanent', 'General', 'forwarded@elsewhere.example'));
  expect(readSesFeedback(told)).toMatchObject({ to: ['ada@example.com'] });
});

test('in a mail to several, only those are meant whom SES names', () => {
  const one = notified('Bounce', mail, bounce(at, 'Permanent', 'General', 'bob@example.com'));
  const several = one.replace('"destination":["ada@example.com"]', '"destination":["ada@example.com","bob@example.com"]');
  expect(readSesFeedback(several)).toMatchObject({ to: ['bob@example.com'] });
});

test.each([
  ['opens', published('Open', mail, { open: { ipAddress: '192.0.2.1' } }), /Open events are not kept/],
  ['clicks', published('Click', mail, { click: { link: 'https://x.example' } }), /Click events are not kept/],
  ['subscriptions', published('Subscription', mail), /not kept/],
  ['what SES may learn to tell', published('Telepathy', mail), /Telepathy events are not kept/],
  ['mails without our tags', published('Send', mail).replace('"sk":', '"other":'), /not sent by Relance/],
  ['mails without tags', JSON.stringify({ ...JSON.parse(notified('Send', mail, {})), eventType: 'Send' }), /not sent by Relance/],
  ['the greeting of SES', 'Successfully validated SNS topic for Amazon SES event publishing.', /connected/],
])('%s are ignored with a reason', (_what, body, because) => {
  const receipt = readSesFeedback(body);
  expect(receipt.kind === 'ignored' ? receipt.because : receipt).toMatch(because);
});

test.each([
  ['no JSON', 'half a mess', /not valid JSON/],
  ['a list', '[]', /expected feedback of SES/],
  ['an order', '{"person":"x"}', /eventType/],
  ['no mail', '{"eventType":"Send"}', /^mail/],
  [
    'a bounce without what it is',
    published('Bounce', mail, { bounce: { timestamp: 'x' } }),
    /bounce\.timestamp.*bounce\.bounceType/,
  ],
  ['a delivery at no time', published('Delivery', mail, { delivery: { timestamp: 'soon' } }), /delivery\.timestamp/],
  ['nested too deep', `{"eventType":"Send","mail":${'['.repeat(10_000)}`, /nested deeper/],
])('%s can never succeed', (_what, body, problem) => {
  expect(() => readSesFeedback(body)).toThrow(InvalidInput);
  expect(() => readSesFeedback(body)).toThrow(problem);
});
