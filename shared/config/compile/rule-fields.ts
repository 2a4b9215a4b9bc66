/**
 * What each rule of the config looks at, by name: the base of the record of what is processed about people.
 */
import type { Journey, RunPattern, Step } from '../../journeys/journey.ts';
import type { Condition } from '../../rules/condition.ts';
import { fieldsOf } from '../../rules/fields.ts';
import type { Config } from '../config.ts';

export interface RuleFields {
  /** `journeys/bienvenue`, `segments/fideles`, `campaigns/nouveautes`. */
  readonly rule: string;
  /** Sorted, each once. */
  readonly fields: readonly string[];
}

export const fieldsOfRules = ({
  journeys,
  segments,
  campaigns,
}: Pick<Config, 'journeys' | 'segments' | 'campaigns'>): readonly RuleFields[] => [
  ...journeys.map(({ journey }) => ({ rule: `journeys/${journey.name}`, fields: fieldsOfJourney(journey) })),
  ...segments.map(({ name, when }) => ({ rule: `segments/${name}`, fields: fieldsOf(when) })),
  ...campaigns.map(({ campaign }) => ({ rule: `campaigns/${campaign.name}`, fields: fieldsOf(campaign.when) })),
];

function fieldsOfJourney({ start, exit, steps }: Journey): readonly string[] {
  const { cause, reentry } = start;
  const found = [
    ...(cause.kind === 'event' || cause.kind === 'did' ? start.on.map((event) => `did ${event}`) : []),
    ...ofPattern(start),
    ...(cause.kind === 'did' ? fieldsOf(cause.did) : []),
    ...(cause.kind === 'segment' ? fieldsOf(cause.when) : []),
    ...(cause.kind === 'date' ? [`traits.${cause.date.path.join('.')}`] : []),
    ...(reentry.kind === 'once-per' ? [reentry.path.join('.')] : []),
    ...(exit === undefined ? [] : ofRun(exit)),
    ...steps.flatMap(fieldsOfStep),
  ];
  return [...new Set(found)].toSorted();
}

const ofPattern = ({ where }: { readonly where?: Condition }): readonly string[] => (where === undefined ? [] : fieldsOf(where));

const ofRun = (pattern: RunPattern): readonly string[] => [
  ...pattern.on.map((event) => `did ${event}`),
  ...ofPattern(pattern),
  ...(pattern.same === undefined ? [] : [`event.${pattern.same.join('.')}`]),
];

function fieldsOfStep(step: Step): readonly string[] {
  switch (step.kind) {
    case 'branch':
      return fieldsOf(step.condition);
    case 'wait':
      return step.restartOn.map((event) => `did ${event}`);
    case 'wait-event':
      return ofRun(step.pattern);
    case 'wait-date':
      return [`traits.${step.date.path.join('.')}`];
    case 'set':
      return Object.keys(step.traits).map((trait) => `traits.${trait}`);
    case 'tag':
      return ['traits.tags'];
    case 'wait-time':
    case 'wait-best-time':
    case 'send':
    case 'split':
    case 'webhook':
    case 'task':
    case 'goal':
    case 'jump':
    case 'end':
      return [];
  }
}
