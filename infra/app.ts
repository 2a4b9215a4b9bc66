/** What `cdk` runs (cdk.json): bundles the functions, checks the owner's choices, and writes the CloudFormation templates. */
import { choices } from '../relance.config.ts';
import { buildFunctions, distFolder } from './bundles.ts';
import { BadChoices, checkChoices } from './choices.ts';
import { relanceApp } from './relance-app.ts';

try {
  const checked = checkChoices(choices);
  await buildFunctions();
  relanceApp({ choices: checked, dist: distFolder }).synth();
} catch (error) {
  console.error(error instanceof BadChoices ? error.message : error);
  process.exitCode = 1;
}
