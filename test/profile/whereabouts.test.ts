/** Which device a person used last, and where they were: from the latest event that says so, in any order of arrival. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../shared/kernel/json.ts';
import { foldWhereabouts, mergeWhereabouts, type Whereabouts } from '../../shared/profile/whereabouts.ts';

const seen = (context: JsonObject, occurredAt = 1): Whereabouts => foldWhereabouts({}, { context, occurredAt });

const agents = {
  iPhone: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1',
  iPad: 'Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1',
  pixel: 'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36',
  galaxyTab: 'Mozilla/5.0 (Linux; Android 14; SM-X710) AppleWebKit/537.36 Chrome/131.0 Safari/537.36',
  windows: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36',
  mac: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15',
};

describe('a device', () => {
  test.each<[JsonObject, object | undefined]>([
    [{ userAgent: agents.iPhone }, { type: 'mobile', os: 'iOS' }],
    [{ userAgent: agents.iPad }, { type: 'tablet', os: 'iOS' }],
    [{ userAgent: agents.pixel }, { type: 'mobile', os: 'Android' }],
    [{ userAgent: agents.galaxyTab }, { type: 'tablet', os: 'Android' }],
    [{ userAgent: agents.windows }, { type: 'desktop', os: 'Windows' }],
    [{ userAgent: agents.mac }, { type: 'desktop', os: 'macOS' }],
    [{ userAgentData: { mobile: true, platform: 'Android' } }, { type: 'mobile', os: 'Android' }],
    [{ userAgentData: { mobile: false, platform: 'Linux' } }, { type: 'desktop', os: 'Linux' }],
    [
      { device: { type: 'ios' }, os: { name: 'iPadOS' } },
      { type: 'mobile', os: 'iPadOS' },
    ],
    [{ device: { type: 7 }, os: [], userAgent: {} }, undefined],
    [{}, undefined],
  ])('of %o is %o', (context, device) => {
    expect(seen(context).device).toEqual(device === undefined ? undefined : { ...device, at: 1 });
  });
});

test.each<[JsonObject, object | undefined]>([
  [{ location: { country: 'France', city: 'Lyon', region: 'ARA' } }, { country: 'France', city: 'Lyon', region: 'ARA', at: 1 }],
  [{ timezone: 'Europe/Paris' }, { timezone: 'Europe/Paris', at: 1 }],
  [{ timezone: 'Mars/Phobos', location: 'Lyon' }, undefined],
  [{ location: { city: 'x'.repeat(500) } }, { city: 'x'.repeat(64), at: 1 }],
])('a place of %o is %o', (context, place) => expect(seen(context).place).toEqual(place));

test('the order of arrival plays no part, nor does a merge', () => {
  const context = fc.record(
    { device: fc.record({ type: fc.constantFrom('ios', 'desktop') }), location: fc.record({ city: fc.constantFrom('a', 'b') }) },
    { requiredKeys: [] },
  );
  const events = fc.array(fc.record({ context, occurredAt: fc.nat(3) }), { maxLength: 6 });
  fc.assert(
    fc.property(events, events, (mine, theirs) => {
      const fold = (list: typeof mine) => list.reduce<Whereabouts>(foldWhereabouts, {});
      const all = fold([...mine, ...theirs]);
      expect(fold([...theirs, ...mine].toReversed())).toEqual(all);
      expect(mergeWhereabouts(fold(mine), fold(theirs))).toEqual(all);
    }),
  );
});
