/** json-logic-engine with its rules compiled to functions. */
import { LogicEngine } from 'json-logic-engine';
import type { Condition } from '../../shared/rules/condition.ts';
import { byEvent, readRules, untold, type Contender } from './contender.ts';

const operators: Readonly<Record<string, string>> = { eq: '===', ne: '!==', gt: '>', gte: '>=', lt: '<', lte: '<=' };

function translated(condition: Condition): unknown {
  switch (condition.kind) {
    case 'all':
      return { and: condition.of.map(translated) };
    case 'any':
      return { or: condition.of.map(translated) };
    case 'not':
      return { '!': [translated(condition.of)] };
    case 'compare': {
      const { op, value } = condition.comparison;
      const seen = { var: condition.path.join('.') };
      if (op === 'in') return { in: [seen, value] };
      if (op === 'not-in') return { '!': [{ in: [seen, value] }] };
      if (op === 'contains') return { in: [value, seen] };
      return { [operators[op] ?? untold(condition)]: [seen, value] };
    }
    case 'did':
    case 'orders':
    case 'segment':
      return untold(condition);
  }
}

interface Stored {
  readonly id: string;
  readonly event: string;
  readonly logic: unknown;
}

const isStored = (value: object): value is Stored => 'logic' in value;

type Test = (facts: unknown) => unknown;
const isTest = (built: unknown): built is Test => typeof built === 'function';

export const contender: Contender = {
  name: 'json-logic-engine, compiled',
  stored: (rules) =>
    JSON.stringify(rules.map(({ id, event, condition }): Stored => ({ id, event, logic: translated(condition) }))),
  load: (stored) => {
    const engine = new LogicEngine();
    const rules = readRules(stored, isStored);
    const built = rules.map(({ id, event, logic }) => {
      const holds: unknown = engine.build(logic);
      return { id, event, holds: isTest(holds) ? holds : (): boolean => holds === true };
    });
    const index = byEvent(built);
    return (name, facts) => {
      const holding: string[] = [];
      for (const { id, holds } of index.get(name) ?? []) if (holds(facts) === true) holding.push(id);
      return holding;
    };
  },
  prepared: ({ event, traits, cart, orders }) => ({ event, traits, cart, orders }),
};
