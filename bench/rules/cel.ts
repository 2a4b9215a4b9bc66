/**
 * CEL, by @marcbachmann/cel-js: the implementation in JavaScript that is kept best (8.0 of August 2026, without dependencies,
 * the one that other implementations compare themselves with). Each expression is parsed and checked once.
 */
import { Environment } from '@marcbachmann/cel-js';
import type { Json } from '../../shared/kernel/json.ts';
import type { Condition } from '../../shared/rules/condition.ts';
import { byEvent, readRules, untold, type Contender } from './contender.ts';

const operators: Readonly<Record<string, string>> = { eq: '==', ne: '!=', gt: '>', gte: '>=', lt: '<', lte: '<=' };

/** Numbers of JavaScript are doubles to CEL. */
const literal = (value: Json): string =>
  typeof value === 'number' && Number.isInteger(value) ? `${value}.0` : JSON.stringify(value);

function translated(condition: Condition): string {
  switch (condition.kind) {
    case 'all':
      return `(${condition.of.map(translated).join(' && ')})`;
    case 'any':
      return `(${condition.of.map(translated).join(' || ')})`;
    case 'not':
      return `!(${translated(condition.of)})`;
    case 'compare': {
      const { path, comparison } = condition;
      const seen = path.join('.');
      if (comparison.op === 'in') return `${seen} in [${comparison.value.map(literal).join(', ')}]`;
      if (comparison.op === 'not-in') return `!(${seen} in [${comparison.value.map(literal).join(', ')}])`;
      if (comparison.op === 'contains') return `${literal(comparison.value)} in ${seen}`;
      const sign = operators[comparison.op] ?? untold(condition);
      return `${seen} ${sign} ${'value' in comparison && isPlain(comparison.value) ? literal(comparison.value) : untold(condition)}`;
    }
    case 'did':
    case 'orders':
    case 'segment':
      return untold(condition);
  }
}

const isPlain = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number';

interface Stored {
  readonly id: string;
  readonly event: string;
  readonly expression: string;
}

const isStored = (value: object): value is Stored => 'expression' in value;

export const contender: Contender = {
  name: 'CEL, @marcbachmann/cel-js',
  stored: (rules) =>
    JSON.stringify(rules.map(({ id, event, condition }): Stored => ({ id, event, expression: translated(condition) }))),
  load: (stored) => {
    const environment = new Environment({ unlistedVariablesAreDyn: true });
    const rules = readRules(stored, isStored);
    const index = byEvent(rules.map(({ id, event, expression }) => ({ id, event, holds: environment.parse(expression) })));
    return (name, facts) => {
      const holding: string[] = [];
      if (typeof facts !== 'object' || facts === null) return holding;
      const context = { ...facts };
      for (const { id, holds } of index.get(name) ?? []) if (holds(context) === true) holding.push(id);
      return holding;
    };
  },
  prepared: ({ event, traits, cart, orders }) => ({ event, traits, cart, orders }),
};
