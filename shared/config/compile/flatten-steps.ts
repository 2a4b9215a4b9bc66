/**
 * Steps as a tree → a flat program with jump targets: a run of it is one number, and visits what the tree says.
 */
import type { Step, Variant } from '../../journeys/journey.ts';
import type { WrittenStep } from '../decode/written-step.ts';

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
    case 'wait-time':
    case 'wait-date':
    case 'wait-best-time':
    case 'send':
    case 'set':
    case 'tag':
    case 'webhook':
    case 'task':
    case 'goal':
      return [{ ...step, label }];
    case 'end':
      return [{ kind: 'end', label }];
    case 'branch': {
      const { kind, condition } = step;
      return flattenFork(step, label, at, (otherwise) => ({ kind, label, condition, otherwise }));
    }
    case 'wait-event': {
      const { kind, pattern, atMost } = step;
      return flattenFork(step, label, at, (otherwise) => ({ kind, label, pattern, atMost, otherwise }));
    }
    case 'split':
      return flattenSplit(step, label, at);
  }
}

interface Fork {
  readonly steps: readonly WrittenStep[];
  readonly otherwise: readonly WrittenStep[];
}

/** What holds goes on with the next step, what does not with `otherwise`. */
function flattenFork(fork: Fork, label: string, at: number, head: (otherwise: number) => Step): readonly Step[] {
  const then = flatten(fork.steps, `${label}.then.`, at + 1);
  if (fork.otherwise.length === 0) return [head(at + 1 + then.length), ...then];
  const otherwise = at + 1 + then.length + 1; // behind the jump that ends "then"
  const rest = flatten(fork.otherwise, `${label}.else.`, otherwise);
  return [head(otherwise), ...then, { kind: 'jump', to: otherwise + rest.length }, ...rest];
}

/** Each variant but the last ends with a jump behind all of them; one without steps leads there at once. */
function flattenSplit(
  { variants }: Extract<WrittenStep, { readonly kind: 'split' }>,
  label: string,
  at: number,
): readonly Step[] {
  const filled = variants.filter(({ steps }) => steps.length > 0);
  const parts: { readonly name: string; readonly from: number; readonly steps: readonly Step[] }[] = [];
  let next = at + 1;
  for (const { name, steps } of filled) {
    const part = flatten(steps, `${label}.${name}.`, next);
    parts.push({ name, from: next, steps: part });
    next += part.length + (parts.length < filled.length ? 1 : 0);
  }
  const end = next;
  const chosen = variants.map(({ name, weight }): Variant => ({
    name,
    weight,
    to: parts.find((part) => part.name === name)?.from ?? end,
  }));
  const program = parts.flatMap(({ steps }, index): readonly Step[] =>
    index < parts.length - 1 ? [...steps, { kind: 'jump', to: end }] : steps,
  );
  return [{ kind: 'split', label, variants: chosen }, ...program];
}
