/**
 * A journey with its templates under the hash of its content: the same content has the same name on every machine,
 * whatever the order of fields and files.
 */
import type { Journey } from '../../journeys/journey.ts';
import { contentHash } from '../../kernel/ids.ts';
import { canonicalJson, parseJson } from '../../kernel/json.ts';
import type { JourneyVersion, Template } from '../config.ts';

export function journeyVersion(journey: Journey, templates: readonly Template[]): JourneyVersion {
  const byName = Object.fromEntries(templates.map((template) => [template.name, template]));
  return { hash: contentHash('journey', canonicalText(journey), canonicalText(byName)), journey, templates: byName };
}

/** Through text, as it is stored: absent and undefined are the same there. */
export const canonicalText = (value: object): string => canonicalJson(parseJson(JSON.stringify(value)));
