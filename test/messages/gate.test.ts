/** The gate: what stops a message, in which order, and that no marketing ever leaves without consent (promise 3). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { channels } from '../../shared/events/event.ts';
import { checks, chooseChannel, gate, type Check, type GateContext, type RunFacts } from '../../shared/messages/gate.ts';
import type { DropReason } from '../../shared/messages/message.ts';
import type { Template } from '../../shared/messages/template.ts';
import { agreed, aPerson, noon, withdrawn } from './people.ts';

const day = 86_400_000;
const openRun = { kind: 'open', sendKey: 'sk-1', carts: [], hasSent: false } as const satisfies RunFacts;
const resting = (daysAgo: number, hasSent = false): RunFacts => ({
  ...openRun,
  hasSent,
  rest: { duration: { count: 3, unit: 'days' }, lastMessageAt: noon - daysAgo * day },
});

const aContext = (change: Partial<GateContext> = {}): GateContext => ({
  now: noon,
  brand: { paused: false, timeZone: 'Europe/Paris' },
  template: { purpose: 'marketing' },
  sendKey: 'sk-1',
  choice: { kind: 'channel', channel: 'email', to: 'ada@example.com' },
  attributes: aPerson(),
  hot: { closedCarts: [], claims: [] },
  suppressed: false,
  run: openRun,
  ...change,
});

/** One reason each, and nothing else wrong. */
const reasons: readonly (readonly [string, Partial<GateContext>, DropReason])[] = [
  ['the brand is paused', { brand: { paused: true, timeZone: 'UTC' } }, 'paused'],
  ['there is no such run', { run: { kind: 'missing' } }, 'journey-ended'],
  ['the run has ended', { run: { kind: 'ended', because: 'exit' } }, 'journey-ended'],
  ['the run sends another message now', { run: { kind: 'open', sendKey: 'sk-2', carts: [], hasSent: false } }, 'journey-ended'],
  ['the run waits and sends nothing', { run: { kind: 'open', carts: [], hasSent: false } }, 'journey-ended'],
  [
    'the cart was ordered or emptied',
    { run: { ...openRun, carts: ['cart-9'] }, hot: { closedCarts: ['cart-8', 'cart-9'], claims: [] } },
    'journey-ended',
  ],
  ['the campaign was taken back', { run: { kind: 'campaign', ended: 'gone' } }, 'campaign-ended'],
  ['no channel has content', { choice: { kind: 'none', because: 'no-template', seen: ['sms'] } }, 'no-template'],
  ['no address is known', { choice: { kind: 'none', because: 'no-address', seen: ['email'] } }, 'no-address'],
  ['the address is suppressed', { suppressed: true }, 'suppressed'],
  ['nothing was ever agreed to', { attributes: { consents: {} } }, 'no-consent'],
  ['the person withdrew', { attributes: { consents: { 'email.marketing': withdrawn } } }, 'no-consent'],
  ['only SMS was agreed to', { attributes: { consents: { 'sms.marketing': agreed } } }, 'no-consent'],
  ['the journey wrote two days ago and rests three', { run: resting(2) }, 'rest'],
];

describe('the gate', () => {
  test('lets a wanted message go, to the chosen address', () => {
    expect(gate(aContext())).toEqual({ kind: 'send', channel: 'email', to: 'ada@example.com' });
  });

  test.each(reasons)('drops marketing when %s', (_why, change, because) => {
    expect(gate(aContext(change))).toMatchObject({ kind: 'drop', because });
  });

  test.each(reasons)('says what it saw when %s', (_why, change) => {
    expect(gate(aContext(change))).toHaveProperty('seen', expect.anything());
  });

  test('a receipt leaves without consent, in a pause and in a rest, but to no suppressed address and for no ended run', () => {
    const receipt = { template: { purpose: 'transactional' as const }, attributes: { consents: {} } };
    expect(gate(aContext({ ...receipt, brand: { paused: true, timeZone: 'UTC' }, run: resting(1) })).kind).toBe('send');
    expect(gate(aContext({ ...receipt, suppressed: true }))).toMatchObject({ because: 'suppressed' });
    expect(gate(aContext({ ...receipt, run: { kind: 'ended', because: 'completed' } }))).toMatchObject({
      because: 'journey-ended',
    });
  });

  test('the rest ends after three calendar days of the brand, across a change of the clocks', () => {
    const lastMessageAt = Date.parse('2026-10-23T10:00:00+02:00');
    const run: RunFacts = { ...openRun, rest: { duration: { count: 3, unit: 'days' }, lastMessageAt } };
    const at = (time: string) => gate(aContext({ run, now: Date.parse(time) })).kind;
    expect(at('2026-10-26T09:59:59+01:00')).toBe('drop');
    expect(at('2026-10-26T10:00:00+01:00')).toBe('send');
  });

  test('the rest is between runs: a second message of the same run, and its own claim seen again, pass', () => {
    expect(gate(aContext({ run: resting(1, true) })).kind).toBe('send');
    const own = { closedCarts: [], claims: [{ sendKey: 'sk-1', at: noon - day }] };
    expect(gate(aContext({ run: resting(1), hot: own })).kind).toBe('send');
    expect(gate(aContext({ run: resting(1), hot: { ...own, claims: [{ sendKey: 'sk-0', at: noon - day }] } })).kind).toBe('drop');
  });

  test('the first check that speaks decides', () => {
    const everything = Object.assign({}, ...reasons.map(([, change]) => change)) as Partial<GateContext>;
    expect(gate(aContext({ ...everything, run: { kind: 'missing' } }))).toMatchObject({ because: 'paused' });
  });
});

describe('a run that has just begun', () => {
  const fresh = ({ run = openRun, ...change }: Partial<GateContext> = {}): GateContext =>
    aContext({ ...change, run: run.kind === 'open' ? { ...run, freshUntil: noon + 1 } : run });
  const noAddress = { choice: { kind: 'none', because: 'no-address', seen: ['email'] } } as const;
  const unstated = { attributes: { consents: { 'sms.marketing': withdrawn } } };

  test.each([
    ['an address is not known yet', noAddress, 'no-address', ['email']],
    ['a consent was never stated', unstated, 'no-consent', 'never given'],
  ] as const)('is asked again when %s, and told what is missing', (_why, change, because, seen) => {
    expect(gate(fresh(change))).toEqual({ kind: 'later', until: noon + 1, because, seen });
    expect(gate({ ...fresh(change), now: noon + 1 })).toEqual({ kind: 'drop', because, seen });
  });

  const final = reasons.filter(([, { attributes }, because]) => {
    const isUnstated = because === 'no-consent' && attributes?.consents['email.marketing'] === undefined;
    return because !== 'no-address' && !isUnstated;
  });
  test.each(final)('is refused at once when %s', (_why, change, because) => {
    expect(gate(fresh(change))).toMatchObject({ kind: 'drop', because });
  });
});

const anyRun: fc.Arbitrary<RunFacts> = fc.oneof(
  fc.constant<RunFacts>({ kind: 'missing' }),
  fc.constantFrom('completed', 'exit').map((because): RunFacts => ({ kind: 'ended', because })),
  fc.constant<RunFacts>({ kind: 'campaign' }),
  fc.constant<RunFacts>({ kind: 'campaign', ended: 'it was taken out of config/, or switched off' }),
  fc
    .record({
      sendKey: fc.constantFrom('sk-1', 'sk-1', 'sk-1', 'sk-2', undefined),
      carts: fc.subarray(['cart-1', 'cart-2']),
      hasSent: fc.boolean(),
      lastMessageAt: fc.option(fc.integer({ min: noon - 5 * day, max: noon }), { nil: undefined }),
    })
    .map(({ sendKey, carts, hasSent, lastMessageAt }): RunFacts => ({
      kind: 'open',
      carts,
      hasSent,
      ...(sendKey === undefined ? {} : { sendKey }),
      rest: { duration: { count: 3, unit: 'days' }, ...(lastMessageAt === undefined ? {} : { lastMessageAt }) },
    })),
);

const anyConsent = fc.constantFrom(undefined, agreed, agreed, withdrawn);
const anyContext: fc.Arbitrary<GateContext> = fc
  .record({
    paused: fc.constantFrom(true, false, false),
    purpose: fc.constantFrom('marketing' as const, 'transactional' as const),
    channel: fc.constantFrom(...channels),
    choice: fc.constantFrom('channel', 'channel', 'channel', 'no-address' as const, 'no-template' as const),
    email: anyConsent,
    sms: anyConsent,
    closedCarts: fc.subarray(['cart-1', 'cart-3']),
    ownClaim: fc.boolean(),
    suppressed: fc.constantFrom(true, false, false),
    run: anyRun,
  })
  .map((drawn) => ({
    now: noon,
    brand: { paused: drawn.paused, timeZone: 'UTC' },
    template: { purpose: drawn.purpose },
    sendKey: 'sk-1',
    choice:
      drawn.choice === 'no-address' || drawn.choice === 'no-template'
        ? { kind: 'none', because: drawn.choice, seen: ['email'] }
        : { kind: 'channel', channel: drawn.channel, to: 'somewhere' },
    attributes: {
      consents: {
        ...(drawn.email === undefined ? {} : { 'email.marketing': drawn.email }),
        ...(drawn.sms === undefined ? {} : { 'sms.marketing': drawn.sms }),
      },
    },
    hot: { closedCarts: drawn.closedCarts, claims: drawn.ownClaim ? [{ sendKey: 'sk-1', at: noon - day }] : [] },
    suppressed: drawn.suppressed,
    run: drawn.run,
  }));

/** What a lawyer would say, in other words than the code's. Each entry: what may never leave. */
const laws: Readonly<Record<DropReason, (context: GateContext) => boolean>> = {
  paused: ({ brand, template }) => brand.paused && template.purpose === 'marketing',
  'journey-ended': ({ run, hot }) =>
    run.kind === 'missing' ||
    run.kind === 'ended' ||
    (run.kind === 'open' && (run.sendKey !== 'sk-1' || run.carts.some((cart) => new Set(hot.closedCarts).has(cart)))),
  'campaign-ended': ({ run }) => run.kind === 'campaign' && run.ended !== undefined,
  'no-template': ({ choice }) => choice.kind === 'none' && choice.because === 'no-template',
  'no-address': ({ choice }) => choice.kind === 'none' && choice.because === 'no-address',
  suppressed: ({ suppressed }) => suppressed,
  'no-consent': ({ template, choice, attributes }) =>
    template.purpose === 'marketing' &&
    choice.kind === 'channel' &&
    attributes.consents[`${choice.channel}.marketing`]?.state !== 'granted',
  rest: ({ template, run, hot }) =>
    template.purpose === 'marketing' &&
    run.kind === 'open' &&
    !run.hasSent &&
    run.rest?.lastMessageAt !== undefined &&
    run.rest.lastMessageAt > noon - 3 * day &&
    hot.claims[0]?.at !== run.rest.lastMessageAt,
};

/** Verdict and reason agree with the laws, whose order is that of the list. */
function judge(list: readonly Check[]): void {
  fc.assert(
    fc.property(anyContext, (context) => {
      const [broken] = checks.map(({ name }) => name).filter((name) => laws[name](context));
      const verdict = gate(context, list);
      expect(verdict.kind === 'drop' ? verdict.because : verdict.kind).toBe(broken ?? 'send');
    }),
    { numRuns: 3_000, seed: 42 },
  );
}

describe('whatever is true of a person, a run and a brand', () => {
  test('the first broken law decides, and without one the message leaves', () => {
    expect(() => judge(checks)).not.toThrow();
  });

  test('marketing never leaves without consent to its channel', () => {
    fc.assert(
      fc.property(anyContext, (context) => {
        const verdict = gate(context);
        const leaves = verdict.kind === 'send' && context.template.purpose === 'marketing';
        const state = verdict.kind === 'send' ? context.attributes.consents[`${verdict.channel}.marketing`]?.state : undefined;
        expect(!leaves || state === 'granted').toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });

  test.each(checks.map(({ name }) => name))('the check "%s" is missed when it is left out', (left) => {
    expect(() => judge(checks.filter(({ name }) => name !== left))).toThrow('Property failed');
  });

  test('every check refuses under its own name', () => {
    fc.assert(
      fc.property(anyContext, (context) => {
        const spoken = checks.flatMap((check) => check.refuses(context) ?? []);
        const names = checks.filter((check) => check.refuses(context) !== undefined).map(({ name }) => name);
        expect(spoken.map((refusal) => (refusal.kind === 'drop' ? refusal.because : refusal.kind))).toEqual(names);
      }),
    );
  });
});

describe('the channel of a message', () => {
  const mail = { subject: 's', html: '<p>h</p>', text: 't' };
  const template: Template = { name: 'welcome', purpose: 'marketing', repeat: 'never', email: { fr: mail } };

  test('is the first wanted one with content and an address', () => {
    expect(chooseChannel(['sms', 'email'], template, aPerson())).toEqual({
      kind: 'channel',
      channel: 'email',
      to: 'ada@example.com',
    });
  });

  test.each([
    ['an address is missing', ['email'] as const, template, aPerson({ email: '' }), 'no-address'],
    ['the template has nothing for the channel', ['sms', 'push'] as const, template, aPerson(), 'no-template'],
    ['the template has nothing at all', ['email'] as const, { ...template, email: {} }, aPerson(), 'no-template'],
    ['the template is gone', ['email'] as const, undefined, aPerson(), 'no-template'],
    ['no channel is wanted', [] as const, template, aPerson(), 'no-template'],
  ])('is none when %s', (_why, wanted, given, person, because) => {
    expect(chooseChannel(wanted, given, person)).toMatchObject({ kind: 'none', because });
  });

  test('is none where the address told is none, and that is said', () => {
    const person = aPerson({ email: '', traits: { email: 'x@localhost' } });
    expect(chooseChannel(['sms', 'email'], template, person)).toEqual({
      kind: 'none',
      because: 'no-address',
      seen: 'the e-mail told is no address, or somebody else’s',
    });
    expect(chooseChannel(['email'], template, aPerson({ email: '' }))).toMatchObject({ seen: ['email'] });
  });

  const withSms: Template = { ...template, sms: { fr: { text: 't' } } };
  const byPhone = { channel: 'sms', to: '+33612345678' };
  const byEmail = { channel: 'email', to: 'ada@example.com' };
  const phone = '+33612345678';

  test.each([
    ['SMS first, with both', ['sms', 'email'] as const, withSms, aPerson({ phone }), byPhone],
    ['e-mail first, with both', ['email', 'sms'] as const, withSms, aPerson({ phone }), byEmail],
    ['SMS first, without a phone', ['sms', 'email'] as const, withSms, aPerson(), byEmail],
    ['e-mail first, without an address', ['email', 'sms'] as const, withSms, aPerson({ phone, email: '' }), byPhone],
    ['SMS first, of a template without one', ['sms', 'email'] as const, template, aPerson({ phone }), byEmail],
    ['SMS alone', ['sms'] as const, { ...withSms, email: {} }, aPerson({ phone }), byPhone],
    ['push first, which reaches nobody yet', ['push', 'sms'] as const, withSms, aPerson({ phone }), byPhone],
  ])('is the first by which the person can be reached: %s', (_what, wanted, given, person, choice) => {
    expect(chooseChannel(wanted, given, person)).toMatchObject(choice);
  });

  test('is none without a phone, and it is said whether one was told', () => {
    const none = { kind: 'none', because: 'no-address' };
    expect(chooseChannel(['sms'], withSms, aPerson())).toEqual({ ...none, seen: ['sms'] });
    const told = aPerson({ traits: { phone: '0000' } });
    expect(chooseChannel(['sms'], withSms, told)).toEqual({ ...none, seen: 'the phone told is no number, or somebody else’s' });
    expect(chooseChannel(['email'], withSms, aPerson({ email: '', traits: { phone: '0000' } }))).toEqual({
      ...none,
      seen: ['email'],
    });
    const both = aPerson({ email: '', traits: { phone: '0000', email: 'x@localhost' } });
    expect(chooseChannel(['sms', 'email'], withSms, both)).toEqual({
      ...none,
      seen: 'the phone told is no number, or somebody else’s; the e-mail told is no address, or somebody else’s',
    });
  });

  test('has its own consent: a yes to e-mail is none to SMS, and the other way round', () => {
    const choice = chooseChannel(['sms', 'email'], withSms, aPerson({ phone }));
    const asked = (consents: GateContext['attributes']['consents']) => gate(aContext({ choice, attributes: { consents } }));
    expect(asked({ 'email.marketing': agreed })).toEqual({ kind: 'drop', because: 'no-consent', seen: 'never given' });
    expect(asked({ 'email.marketing': agreed, 'sms.marketing': withdrawn })).toMatchObject({ seen: { state: 'withdrawn' } });
    expect(asked({ 'email.marketing': withdrawn, 'sms.marketing': agreed })).toEqual({ kind: 'send', ...byPhone });
    expect(gate(aContext({ choice, template: { purpose: 'transactional' }, attributes: { consents: {} } }))).toEqual({
      kind: 'send',
      ...byPhone,
    });
  });

  test('does not move on to another channel because consent is missing: the gate refuses instead', () => {
    const choice = chooseChannel(['email', 'sms'], template, aPerson({ consents: { 'sms.marketing': agreed } }));
    expect(choice).toMatchObject({ channel: 'email' });
    expect(gate(aContext({ choice, attributes: { consents: { 'sms.marketing': agreed } } }))).toMatchObject({
      because: 'no-consent',
    });
  });
});
