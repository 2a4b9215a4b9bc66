/** The device and the place of people are kept only where a rule asks for them (promise 6: what is not kept needs no erasing). */
import { describe, expect, test } from 'vitest';
import type { JourneyVersion } from '../../shared/config/config.ts';
import { asksWhereabouts } from '../../shared/config/whereabouts-asked.ts';
import type { Step } from '../../shared/journeys/journey.ts';
import type { Condition } from '../../shared/rules/condition.ts';
import { ada, aJourney, aWorld, bySegment, goal, is, publish, tell, wait } from './language-world.ts';
import { noon, theOne, track } from './process-events-world.ts';

const onPhone = is('device.type', 'eq', 'mobile');
const branch = (condition: Condition): Step => ({ kind: 'branch', label: '1', condition, otherwise: 2 });
const when = (step: Step): JourneyVersion => aJourney('parcours', { on: ['Signed Up'] }, [step, goal('2')]);
const atTen: Step = { kind: 'wait-time', label: '1', at: 600, weekdays: [], zone: 'recipient' };
const inLyon: Condition = { kind: 'segment', segment: 'lyon', of: { kind: 'not', of: is('place.city', 'eq', 'Lyon') } };

describe('whereabouts are asked for by', () => {
  test.each<[string, boolean, JourneyVersion]>([
    ['a branch on the device', true, when(branch(onPhone))],
    ['a segment inside a condition', true, when(branch({ kind: 'any', of: [is('city', 'eq', 'Lyon'), inLyon] }))],
    ['a segment that is watched', true, bySegment('mobiles', 'entered', onPhone, [goal('1')])],
    ["a wait by the recipient's clock", true, when(atTen)],
    ["not by a wait by the brand's clock", false, when({ ...atTen, zone: 'brand' })],
    ['not by a trait called city', false, when(branch(is('city', 'eq', 'Lyon')))],
    ['not by a plain wait', false, when(wait('1', '1 day'))],
  ])('%s', async (_what, isAsked, journey) => {
    const { settings } = (await aWorld([journey])).ports;
    expect(asksWhereabouts(await settings.config())).toBe(isAsked);
  });
});

test('they are kept from then on, and leave when nobody asks any more', async () => {
  const view = (id: string) =>
    track(id, 'Page Viewed', noon, {}, { context: { device: { type: 'ios' }, location: { country: 'FR', city: 'Lyon' } } });
  const world = await aWorld([]);
  await tell(world, view('1'));
  expect((await theOne(world, ada)).hot).not.toHaveProperty('device');
  await publish(world, when(branch(onPhone)));
  await tell(world, view('2'));
  expect((await theOne(world, ada)).hot).toMatchObject({ device: { type: 'mobile' }, place: { country: 'FR', city: 'Lyon' } });
  await publish(world);
  await tell(world, view('3'));
  const { hot } = await theOne(world, ada);
  expect([hot.device, hot.place]).toEqual([undefined, undefined]);
});
