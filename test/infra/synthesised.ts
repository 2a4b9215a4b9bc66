/** The installation as CDK synthesises it, once for all who ask in a test process (3 seconds). */
import { synthesise, type Synthesised } from '../../infra/synthesise.ts';
import { choices } from '../../relance.config.ts';

let example: Promise<Synthesised> | undefined;

/** With the choices of the repository. */
export const synthesised = (): Promise<Synthesised> => (example ??= synthesise(choices));
