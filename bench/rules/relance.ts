/** Our own engine, loaded as a container loads it: decoded from the table's JSON, then compiled. */
import { decodeJourneyVersion } from '../../shared/adapters/aws/config-shape.ts';
import type { JourneyVersion } from '../../shared/config/config.ts';
import { compileCondition } from '../../shared/rules/compile.ts';
import type { Facts } from '../../shared/rules/condition.ts';
import { byEvent, type Contender, type Rule } from './contender.ts';

const versionOf = ({ id, event, condition }: Rule): JourneyVersion => ({
  hash: id,
  journey: {
    name: id,
    start: {
      ...{ on: [event], where: condition, cause: { kind: 'event' }, reentry: { kind: 'always' } },
      late: { count: 1, unit: 'hours' },
    },
    steps: [],
  },
  templates: {},
});

const isFacts = (facts: unknown): facts is Facts => typeof facts === 'object' && facts !== null && 'counts' in facts;

export const contender: Contender = {
  name: 'Relance',
  stored: (rules) => JSON.stringify(rules.map(versionOf)),
  load: (stored) => {
    const read: unknown = JSON.parse(stored);
    const versions = (Array.isArray(read) ? read : []).map((one) => decodeJourneyVersion(one, 'bench'));
    const index = byEvent(
      versions.map(({ hash, journey: { start } }) => ({
        ...{ id: hash, event: start.on[0] ?? '' },
        holds: compileCondition(start.where ?? { kind: 'all', of: [] }),
      })),
    );
    return (name, facts) => {
      if (!isFacts(facts)) return [];
      const holding: string[] = [];
      for (const { id, holds } of index.get(name) ?? []) if (holds(facts)) holding.push(id);
      return holding;
    };
  },
  prepared: (facts) => facts,
};
