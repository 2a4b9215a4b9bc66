/** The items or the queue that a call is about, by kind: `A+H`, `I#email`, `work`. Names crash points so that a person knows where they are. */

export function whatIsTouched(input: object): string {
  const kinds = new Set(kindsIn(input));
  if (kinds.size > 0) return [...kinds].join('+');
  if ('QueueUrl' in input && typeof input.QueueUrl === 'string') return input.QueueUrl.split('/').at(-1) ?? '';
  if ('IndexName' in input && typeof input.IndexName === 'string') return input.IndexName;
  return 'Destinations' in input ? 'mail' : 'range';
}

function* kindsIn(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  if ('pk' in value && 'sk' in value) yield kindOf(textIn(value.pk), textIn(value.sk));
  for (const part of Object.values(value)) yield* kindsIn(part);
}

const textIn = (attribute: unknown): string =>
  typeof attribute === 'object' && attribute !== null && 'S' in attribute && typeof attribute.S === 'string' ? attribute.S : '';

function kindOf(partition: string, sort: string): string {
  const [letter = '', kind = ''] = partition.split('#');
  switch (letter) {
    case 'P':
      return sort.split('#')[0] ?? sort;
    case 'I':
    case 'D':
      return `${letter}#${kind}`;
    default:
      return letter;
  }
}
