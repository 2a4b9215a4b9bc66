/** Documents from strangers, for properties: any JSON value at any place, hostile keys and names included. */
import fc from 'fast-check';
import { InvalidInput } from '../../shared/kernel/errors.ts';
import type { Json, JsonObject } from '../../shared/kernel/json.ts';

const hostileText = fc.constantFrom(
  '',
  '__proto__',
  'constructor',
  'null',
  '\ud800',
  '\u0000',
  '9007199254740993',
  'x'.repeat(2_000),
  '2026-11-23T10:00:00Z',
);
const scalar = fc.oneof(
  hostileText,
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);

export const anyJson: fc.Arbitrary<Json> = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(hostileText, fc.string({ maxLength: 12 })), tie('json'), { maxKeys: 4 }),
  ),
})).json;

/** The document with any value at one of its places, at any depth. */
export function withAnything(document: Json): fc.Arbitrary<Json> {
  const places = placesOf(document);
  return fc.tuple(fc.constantFrom(...places), anyJson).map(([place, value]) => replaced(document, place, value));
}

const isRecord = (value: Json): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

function placesOf(document: Json): readonly (readonly string[])[] {
  if (typeof document !== 'object' || document === null) return [[]];
  return [
    [],
    ...Object.entries(document).flatMap(([key, value]: [string, Json]) => placesOf(value).map((place) => [key, ...place])),
  ];
}

function replaced(document: Json, [key, ...rest]: readonly string[], value: Json): Json {
  if (key === undefined) return value;
  if (Array.isArray(document)) return document.map((one: Json, at) => (String(at) === key ? replaced(one, rest, value) : one));
  return isRecord(document) ? { ...document, [key]: replaced(document[key] ?? null, rest, value) } : document;
}

/** What was made of it; undefined where it was refused as InvalidInput, the only error a stranger may cause. */
export function unlessInvalid<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof InvalidInput) return undefined;
    throw error;
  }
}
