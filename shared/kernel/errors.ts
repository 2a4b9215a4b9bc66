/**
 * The errors nobody expects, named by what must happen next. What the business expects is returned, never thrown.
 */

export interface Problem {
  /** Where: a path such as `batch[3].properties.total`, or a file and line. */
  readonly where: string;
  /** What is wrong, and what was expected instead. */
  readonly problem: string;
}

/** It can never succeed as it is: park it with its reason, where a person finds it. */
export class InvalidInput extends Error {
  override readonly name = 'InvalidInput';
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(problems.map(({ where, problem }) => (where === '' ? problem : `${where}: ${problem}`)).join('; '));
    this.problems = problems;
  }
}

/** Somebody else wrote first: load again, decide again. */
export class Conflict extends Error {
  override readonly name = 'Conflict';
}

/** The other side cannot answer now: try again later, nothing is lost. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

/** A switch over a union that forgot a case does not compile; data that slipped past the door ends here. */
export function impossible(value: never): never {
  throw new Error(`impossible value: ${JSON.stringify(value)}`);
}
