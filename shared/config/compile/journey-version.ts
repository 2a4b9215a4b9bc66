/**
 * A journey with its templates under the hash of its content: the same content has the same name on every machine,
 * whatever the order of fields and files.
 */
import type { Journey } from '../../journeys/journey.ts';
import { contentHash } from '../../kernel/ids.ts';
import { canonicalJson, type Json } from '../../kernel/json.ts';
import type { JourneyVersion, Template } from '../config.ts';

export function journeyVersion(journey: Journey, templates: readonly Template[]): JourneyVersion {
  const byName = Object.fromEntries(templates.map((template) => [template.name, template]));
  return { hash: contentHash('journey', canonicalText(journey), canonicalText(byName)), journey, templates: byName };
}

/** Absent and undefined are the same here. */
function canonicalText(value: object): string {
  const plain: Json = JSON.parse(JSON.stringify(value));
  return canonicalJson(plain);
}
