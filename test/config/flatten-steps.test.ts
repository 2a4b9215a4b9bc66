/** The flat program of a journey visits the same steps as the tree a marketer wrote. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { flattenSteps } from '../../shared/config/compile/flatten-steps.ts';
import type { WrittenStep } from '../../shared/config/decode/written-step.ts';
import type { Step } from '../../shared/journeys/journey.ts';
import type { Condition } from '../../shared/rules/condition.ts';

const condition: Condition = { kind: 'compare', path: ['vip'], comparison: { op: 'eq', value: true } };
const wait: WrittenStep = { kind: 'wait', duration: { count: 1, unit: 'days' }, restartOn: [] };
const send = (template: string): WrittenStep => ({ kind: 'send', template, channels: ['email'] });
const end: WrittenStep = { kind: 'end' };
const branch = (steps: readonly WrittenStep[], otherwise: readonly WrittenStep[] = []): WrittenStep => ({
  kind: 'branch',
  condition,
  steps,
  otherwise,
});
const waitFor = (steps: readonly WrittenStep[], otherwise: readonly WrittenStep[]): WrittenStep => ({
  kind: 'wait-event',
  pattern: { on: ['Order Completed'] },
  atMost: { count: 1, unit: 'days' },
  steps,
  otherwise,
});
const split = (parts: readonly (readonly WrittenStep[])[]): WrittenStep => ({
  kind: 'split',
  variants: parts.map((steps, index) => ({ name: `v${index}`, weight: index + 1, steps })),
});

/** The tree, walked as it reads. Takes the next answer for each fork; answers whether the journey ended. */
function walkTree(steps: readonly WrittenStep[], prefix: string, answers: number[], visited: string[]): boolean {
  for (const [index, step] of steps.entries()) {
    const label = `${prefix}${index + 1}`;
    visited.push(`${label} ${step.kind}`);
    if (step.kind === 'end') return true;
    const answer = answers[0] ?? 0;
    if (step.kind === 'branch' || step.kind === 'wait-event' || step.kind === 'split') answers.shift();
    if (step.kind === 'branch' || step.kind === 'wait-event') {
      const holds = answer % 2 === 1;
      if (walkTree(holds ? step.steps : step.otherwise, `${label}.${holds ? 'then' : 'else'}.`, answers, visited)) return true;
    }
    if (step.kind === 'split') {
      const variant = step.variants[answer % step.variants.length]!;
      if (walkTree(variant.steps, `${label}.${variant.name}.`, answers, visited)) return true;
    }
  }
  return false;
}

/** The program, run as advance-journeys runs it. */
function runProgram(program: readonly Step[], answers: number[]): string[] {
  const visited: string[] = [];
  for (let at = 0; at < program.length;) {
    const step = program[at]!;
    if (step.kind !== 'jump') visited.push(`${step.label} ${step.kind}`);
    if (step.kind === 'end') return visited;
    if (step.kind === 'jump') at = step.to;
    else if (step.kind === 'branch' || step.kind === 'wait-event')
      at = (answers.shift() ?? 0) % 2 === 1 ? at + 1 : step.otherwise;
    else if (step.kind === 'split') at = step.variants[(answers.shift() ?? 0) % step.variants.length]!.to;
    else at++;
  }
  return visited;
}

const { steps: anySteps } = fc.letrec<{ steps: readonly WrittenStep[]; step: WrittenStep }>((tie) => ({
  steps: fc.array(tie('step'), { maxLength: 4 }),
  step: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant(wait),
    fc.constant(send('a')),
    fc.constant(end),
    fc.tuple(tie('steps'), tie('steps')).map(([then, otherwise]) => branch(then, otherwise)),
    fc.tuple(tie('steps'), tie('steps')).map(([then, otherwise]) => waitFor(then, otherwise)),
    fc.array(tie('steps'), { minLength: 2, maxLength: 4 }).map(split),
  ),
}));

describe('the flat program', () => {
  test('jumps over the part that was not taken', () => {
    expect(flattenSteps([branch([send('a'), wait], [send('b')]), send('c')])).toEqual([
      { kind: 'branch', label: '1', condition, otherwise: 4 },
      { kind: 'send', label: '1.then.1', template: 'a', channels: ['email'] },
      { kind: 'wait', label: '1.then.2', duration: { count: 1, unit: 'days' }, restartOn: [] },
      { kind: 'jump', to: 5 },
      { kind: 'send', label: '1.else.1', template: 'b', channels: ['email'] },
      { kind: 'send', label: '2', template: 'c', channels: ['email'] },
    ]);
  });

  test('visits the same steps as the tree, whatever the forks answer', () => {
    fc.assert(
      fc.property(anySteps, fc.array(fc.nat(11), { maxLength: 12 }), (steps, answers) => {
        const visited: string[] = [];
        walkTree(steps, '', [...answers], visited);
        expect(runProgram(flattenSteps(steps), [...answers])).toEqual(visited);
      }),
      { numRuns: 2_000 },
    );
  });

  test('gives every step a label of its own, and every jump a target ahead of it', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const program = flattenSteps(steps);
        const labels = program.flatMap((step) => ('label' in step ? [step.label] : []));
        expect(new Set(labels).size).toBe(labels.length);
        const targets = program.flatMap((step, at) => {
          if (step.kind === 'jump') return [step.to - at];
          if (step.kind === 'split') return step.variants.map(({ to }) => to - at);
          return step.kind === 'branch' || step.kind === 'wait-event' ? [step.otherwise - at] : [];
        });
        expect(Math.min(1, ...targets)).toBe(1);
      }),
    );
  });
});
