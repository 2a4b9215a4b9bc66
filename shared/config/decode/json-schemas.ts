/**
 * The JSON Schemas that editors complete and check config/ with, from the schemas that decode it.
 */
import { toJsonSchema, type ConversionConfig } from '@valibot/to-json-schema';
import type * as v from 'valibot';
import { canonicalJson, isObject, parseJson, type Json, type JsonObject } from '../../kernel/json.ts';
import { brandSchema } from './brand-schema.ts';
import { campaignSchema } from './campaign-schema.ts';
import { journeyDefinitions, journeySchema } from './journey-schema.ts';
import { segmentDefinitions, segmentSchema } from './segment-schema.ts';

/** File name in config/schemas → its text. */
export const jsonSchemas = (): Readonly<Record<string, string>> => ({
  'brand.json': schemaText('brand.yaml', brandSchema, {}),
  'journey.json': schemaText('A journey in config/journeys', journeySchema, journeyDefinitions),
  'segment.json': schemaText('A segment in config/segments', segmentSchema, segmentDefinitions),
  'campaign.json': schemaText('A campaign in config/campaigns', campaignSchema, {}),
});

function schemaText(title: string, schema: v.GenericSchema, definitions: NonNullable<ConversionConfig['definitions']>): string {
  const converted = toJsonSchema(schema, { typeMode: 'input', errorMode: 'ignore', definitions });
  return `${JSON.stringify(closed(parseJson(JSON.stringify({ title, ...converted }))), null, 2)}\n`;
}

/** Mappings of known fields take no others (only conditions are open: their fields are paths), and editors propose examples. */
function closed(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(closed);
  if (!isObject(schema)) return schema;
  const { anyOf, examples, ...rest } = schema;
  if (canonicalJson(anyOf ?? null) === anyText) return textSchema(rest, examples);
  const parts = Object.fromEntries(Object.entries(schema).map(([key, part]) => [key, closed(part)]));
  const isMapping = parts['type'] === 'object' && isObject(parts['properties']);
  const isOpen = isObject(parts['additionalProperties']) && Object.keys(parts['additionalProperties']).length > 0;
  return isMapping && !isOpen ? { ...parts, additionalProperties: false } : parts;
}

const anyText = canonicalJson([{ type: 'string' }, { type: 'number' }, { type: 'boolean' }]);

/** Editors propose what stands in an `enum`; that other text is fine as well says the second half. */
function textSchema(rest: JsonObject, examples: Json | undefined): Json {
  const scalar = { type: ['string', 'number', 'boolean'] };
  return Array.isArray(examples) && examples.length > 0
    ? { ...rest, anyOf: [{ enum: examples }, scalar] }
    : { ...rest, ...scalar };
}
