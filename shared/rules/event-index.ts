/**
 * Event name → which rules listen, so that an event costs what listens to it and not what exists.
 */

/** What the index needs of a journey; a journey and everything that extends it fits. */
export interface Listening {
  readonly start: { readonly on: readonly string[] };
  readonly exit?: { readonly on: readonly string[] };
  readonly steps: readonly { readonly kind: string; readonly restartOn?: readonly string[] }[];
}

export interface Listeners<J> {
  readonly start: readonly J[];
  readonly exit: readonly J[];
  readonly restart: readonly J[];
}

/** Names that nobody listens to are absent. Each journey stands at most once in a list, in the order given. */
export function indexByEvent<J extends Listening>(journeys: readonly J[]): ReadonlyMap<string, Listeners<J>> {
  const index = new Map<string, { start: J[]; exit: J[]; restart: J[] }>();
  const listenTo = (names: readonly string[], moment: keyof Listeners<J>, journey: J): void => {
    for (const name of new Set(names)) {
      const listeners = index.get(name) ?? { start: [], exit: [], restart: [] };
      listeners[moment].push(journey);
      index.set(name, listeners);
    }
  };
  for (const journey of journeys) {
    listenTo(journey.start.on, 'start', journey);
    listenTo(journey.exit?.on ?? [], 'exit', journey);
    listenTo(
      journey.steps.flatMap(({ restartOn }) => restartOn ?? []),
      'restart',
      journey,
    );
  }
  return index;
}
