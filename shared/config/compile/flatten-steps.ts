/**
 * Steps as a tree → a flat program with jump targets: a run of it is one number, and visits what the tree says.
 */
import type { Step } from '../../journeys/journey.ts';
import type { WrittenStep } from '../decode/journey-schema.ts';

export const flattenSteps = (steps: readonly WrittenStep[]): readonly Step[] => flatten(steps, '', 0);

/** `prefix`: labels of the steps around, such as `3.then.`; `from`: index of the first step in the whole program. */
function flatten(steps: readonly WrittenStep[], prefix: string, from: number): readonly Step[] {
  const program: Step[] = [];
  for (const [index, step] of steps.entries()) program.push(...flattenOne(step, `${prefix}${index + 1}`, from + program.length));
  return program;
}

function flattenOne(step: WrittenStep, label: string, at: number): readonly Step[] {
  switch (step.kind) {
    case 'wait':
      return [{ kind: 'wait', label, duration: step.duration, restartOn: step.restartOn }];
    case 'send':
      return [{ kind: 'send', label, template: step.template, channels: step.channels }];
    case 'end':
      return [{ kind: 'end', label }];
    case 'branch': {
      const then = flatten(step.steps, `${label}.then.`, at + 1);
      if (step.otherwise.length === 0)
        return [{ kind: 'branch', label, condition: step.condition, otherwise: at + 1 + then.length }, ...then];
      const otherwise = at + 1 + then.length + 1; // behind the jump that ends "then"
      const rest = flatten(step.otherwise, `${label}.else.`, otherwise);
      const branch: Step = { kind: 'branch', label, condition: step.condition, otherwise };
      return [branch, ...then, { kind: 'jump', to: otherwise + rest.length }, ...rest];
    }
  }
}
