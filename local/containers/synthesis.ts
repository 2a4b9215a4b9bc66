/** The process of make-bundles.ts: builds and synthesises what runs locally from the bundles. */
import { endBuilding } from '../../infra/bundles.ts';
import { BadChoices, checkChoices } from '../../infra/choices.ts';
import { deployedFunctions } from '../../infra/deployed-functions.ts';
import { synthesise } from '../../infra/synthesise.ts';
import type { Outcome } from './make-bundles.ts';

/** The owner's own domain for links has no part in what runs on one machine, nor has another name than the local table's. */
async function outcome(): Promise<Outcome> {
  const { links: _links, ...given } = checkChoices(JSON.parse(process.argv[2] ?? ''));
  const local = { ...given, name: 'relance' };
  const synthesised = await synthesise(local);
  await endBuilding();
  const origin = synthesised.engine.Outputs['Origin']?.Value;
  if (typeof origin !== 'string') throw new Error('the template does not say where the doors are');
  return { kind: 'made', functions: Object.fromEntries(deployedFunctions(synthesised)), prefix: `${local.name}-`, origin };
}

const refused = (error: unknown): Outcome => {
  if (error instanceof BadChoices) return { kind: 'refused', because: error.message };
  throw error;
};

process.send?.(await outcome().catch(refused));
process.disconnect();
