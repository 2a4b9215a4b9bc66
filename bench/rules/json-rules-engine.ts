/** json-rules-engine: one engine for each event name. Facts are flat, because its paths cost a JSONPath each. */
import { Engine, type NestedCondition, type RuleProperties, type TopLevelCondition } from 'json-rules-engine';
import type { Condition } from '../../shared/rules/condition.ts';
import { byEvent, readRules, untold, type Contender } from './contender.ts';

const operators: Readonly<Record<string, string>> = {
  ...{ eq: 'equal', ne: 'notEqual', gt: 'greaterThan', gte: 'greaterThanInclusive', lt: 'lessThan', lte: 'lessThanInclusive' },
  ...{ in: 'in', 'not-in': 'notIn', contains: 'contains' },
};

function translated(condition: Condition): NestedCondition {
  switch (condition.kind) {
    case 'all':
      return { all: condition.of.map(translated) };
    case 'any':
      return { any: condition.of.map(translated) };
    case 'not':
      return { not: translated(condition.of) };
    case 'compare': {
      const { op, value } = condition.comparison;
      return { fact: condition.path.join('.'), operator: operators[op] ?? untold(condition), value };
    }
    case 'did':
    case 'orders':
    case 'segment':
      return untold(condition);
  }
}

const topLevel = (condition: NestedCondition): TopLevelCondition => ('fact' in condition ? { all: [condition] } : condition);

interface Stored {
  readonly event: string;
  readonly rule: RuleProperties;
}

const isStored = (value: object): value is Stored => 'rule' in value;

export const contender: Contender = {
  name: 'json-rules-engine',
  stored: (rules) =>
    JSON.stringify(
      rules.map(({ id, event, condition }): Stored => ({
        event,
        rule: { conditions: topLevel(translated(condition)), event: { type: id } },
      })),
    ),
  load: (stored) => {
    const rules = readRules(stored, isStored);
    const engines = new Map([...byEvent(rules)].map(([name, of]) => [name, new Engine(of.map(({ rule }) => rule))]));
    return async (name, facts) => {
      const engine = engines.get(name);
      if (engine === undefined || typeof facts !== 'object' || facts === null) return [];
      const { events } = await engine.run({ ...facts });
      return events.map(({ type }) => type);
    };
  },
  prepared: ({ event, traits, cart, orders }) =>
    Object.fromEntries(
      Object.entries({ event, traits, cart, orders }).flatMap(([root, document]) =>
        Object.entries(document ?? {}).map(([key, value]) => [`${root}.${key}`, value]),
      ),
    ),
};
