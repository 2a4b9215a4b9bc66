/**
 * What every `relance` command is: one file in cli/ and one line in relance.ts.
 */
import type { Asked, OptionKinds } from './options.ts';
import type { World } from './world.ts';

export interface Terminal {
  /** One line each, without its line break. */
  readonly out: (line: string) => void;
  readonly error: (line: string) => void;
}

export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What `relance <name> --help` prints. */
  readonly help: string;
  /** What it knows beside `--help` and `--json`. */
  readonly options?: OptionKinds;
  /** How many words may follow that are no options; none where it is not said. */
  readonly mostWords?: number;
  /** Answers the exit code: 0 well, 1 not well, 2 could not be done or was called wrongly. What it throws is told in words. */
  readonly run: (asked: Asked, terminal: Terminal, world: World) => Promise<number>;
}
