/** JSON from strangers: what was written is what is read, and nothing in it can reach a prototype, a stack or the table. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidInput } from '../../shared/kernel/errors.ts';
import {
  at,
  canonicalJson,
  isCut,
  isObject,
  maxDepth,
  numberOf,
  parseJson,
  parseJsonInParts,
  textOf,
  type Json,
} from '../../shared/kernel/json.ts';

const nested = (depth: number, open = '[', close = ']'): string => open.repeat(depth) + close.repeat(depth);
const objects = (depth: number): string => '{"a":'.repeat(depth) + '1' + '}'.repeat(depth);

/** Every key and text anywhere in the document. */
function wordsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(wordsIn);
  return isObject(value) ? Object.entries(value).flatMap(([key, one]) => [key, ...wordsIn(one)]) : [];
}

describe('numbers', () => {
  test.each<[string, Json]>([
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', '9007199254740993'],
    ['-9007199254740993', '-9007199254740993'],
    ['820982911946154508123', '820982911946154508123'],
    ['-0', -0],
    ['0', 0],
    ['1e3', 1000],
    ['1.50', 1.5],
    ['1E+2', 100],
    ['1e400', '1e400'],
    ['-1e400', '-1e400'],
    ['1e-400', 0],
    ['0.1', 0.1],
  ])('%s becomes %j', (written, read) => {
    expect(parseJson(written)).toBe(read);
    expect(parseJson(`{"deep":[${written}]}`)).toEqual({ deep: [read] });
  });

  test('an id keeps every digit, however long', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), (id) => {
        expect(textOf(parseJson(String(id)))).toBe(String(id));
      }),
    );
  });

  test('every number read is finite', () => {
    fc.assert(
      fc.property(fc.integer({ min: -999, max: 999 }), fc.nat(99), fc.integer({ min: -500, max: 500 }), (whole, part, power) => {
        const read = parseJson(`${whole}.${part}e${power}`);
        expect(typeof read === 'string' || Number.isFinite(read)).toBe(true);
      }),
    );
  });
});

describe('keys that reach a prototype', () => {
  test.each([
    ['at the top', '{"__proto__":{"admin":true},"a":1}', { a: 1 }],
    ['deep', '{"a":[{"b":{"__proto__":{"admin":true},"c":2}}]}', { a: [{ b: { c: 2 } }] }],
    ['twice', '{"__proto__":1,"__proto__":2,"a":1}', { a: 1 }],
    ['escaped', '{"\\u005f_proto__":{"admin":true},"a":1}', { a: 1 }],
    ['by way of the constructor', '{"constructor":{"prototype":{"admin":true}},"prototype":1,"a":1}', { a: 1 }],
    ['inside themselves', '{"__proto__":{"__proto__":{"admin":true}},"a":1}', { a: 1 }],
  ])('are dropped %s', (_where, text, rest) => {
    const read = parseJson(text);
    expect(read).toEqual(rest);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect(at(read, ['admin'])).toBeUndefined();
    expect(Reflect.get({}, 'admin')).toBeUndefined();
  });

  test('are dropped at any depth', () => {
    const hostile = fc.constantFrom('__proto__', 'constructor', 'prototype');
    fc.assert(
      fc.property(hostile, fc.integer({ min: 0, max: maxDepth - 2 }), (key, depth) => {
        const read = parseJson(`${'{"a":'.repeat(depth)}{"${key}":{"x":1},"b":2}${'}'.repeat(depth)}`);
        expect(wordsIn(read)).toEqual([...Array.from({ length: depth }, () => 'a'), 'b']);
      }),
    );
  });

  test('mean nothing to a path', () => {
    for (const path of [['__proto__'], ['constructor', 'name'], ['toString'], ['length']]) {
      expect(at({ a: 1 }, path)).toBeUndefined();
      expect(at([1, 2], path)).toBeUndefined();
      expect(at('text', path)).toBeUndefined();
    }
  });
});

describe('text that is no text', () => {
  test.each<[string, Json]>([
    ['"a\\ud800b"', 'a\ufffdb'],
    ['{"name":"\\udc00"}', { name: '\ufffd' }],
    ['"\\ud83e\\udde3"', '🧣'],
    ['{"\\ud800":1}', { '\ufffd': 1 }],
    ['{"a":[{"x\\udfff":{"y\\ud800":2}}]}', { a: [{ 'x\ufffd': { 'y\ufffd': 2 } }] }],
  ])('%s is read as %j', (text, read) => {
    expect(parseJson(text)).toEqual(read);
  });

  test('never gets in, as a key or as a value', () => {
    const units = fc.string({ unit: fc.constantFrom('a', '\ud800', '\udfff', '🧣'), maxLength: 5 });
    fc.assert(
      fc.property(fc.array(fc.tuple(units, units), { maxLength: 4 }), (pairs) => {
        const read = parseJson(JSON.stringify(pairs.map(([key, value]) => ({ [key]: [value] }))));
        expect(wordsIn(read).every((word) => word.isWellFormed())).toBe(true);
      }),
    );
  });
});

describe('depth', () => {
  test('64 levels are taken', () => {
    expect(() => parseJson(nested(maxDepth))).not.toThrow();
    expect(() => parseJson(objects(maxDepth))).not.toThrow();
  });

  test.each([65, 10_000, 200_000])('%i levels are refused, and it is said where', (depth) => {
    const refusal = new InvalidInput([{ where: 'batch[3]', problem: 'nested deeper than 64 levels; send flatter objects' }]);
    for (const text of [nested(depth), objects(depth)]) expect(() => parseJson(text, 'batch[3]')).toThrow(refusal);
  });

  test('of a part leaves the others readable, whatever stands around it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.json(), fc.string(), (depth, other, name) => {
        const text = `{${JSON.stringify(`_${name}`)}:${other},"deep":${nested(depth)},"last":1}`;
        const read = parseJsonInParts(text);
        expect(isCut(JSON.stringify(read))).toBe(depth >= maxDepth);
        expect(read).toMatchObject({ last: 1 });
      }),
    );
  });

  test('that fits is read the same in parts', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseJsonInParts(text)).toEqual(parseJson(text));
      }),
    );
  });

  test('can be claimed by nobody else: a lone surrogate is replaced', () => {
    expect(isCut(JSON.stringify(parseJsonInParts('["\\ud800nested"]')))).toBe(false);
  });

  test('is counted outside of text alone', () => {
    const brackets = nested(500);
    expect(parseJson(JSON.stringify([`\\"${brackets}\\`, brackets]))).toEqual([`\\"${brackets}\\`, brackets]);
  });

  test('cannot be hidden behind brackets that close nothing', () => {
    expect(() => parseJson(']'.repeat(10_000) + nested(10_000))).toThrow(InvalidInput);
    expect(() => parseJson(`"${'\\"'.repeat(3)}`)).toThrow(InvalidInput);
  });
});

describe('a document', () => {
  test('with a key twice has the last one', () => {
    expect(parseJson('{"a":9007199254740993,"b":1,"a":2}')).toEqual({ a: 2, b: 1 });
    expect(parseJson('{"a":2,"a":9007199254740993}')).toEqual({ a: '9007199254740993' });
  });

  test.each(['', ' ', '{', '{"a":1,}', '[1,]', "{'a':1}", 'undefined', 'NaN', '01', '+1', '.5', '{"a":1}{"b":2}', '\u0000'])(
    'that is no JSON (%j) is refused and not guessed',
    (text) => {
      expect(() => parseJson(text)).toThrow(InvalidInput);
    },
  );

  test('is read as it was written', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!/__proto__|constructor|prototype|\d{16}|e[+-]?\d/.test(text)); // those have laws of their own, above
        expect(JSON.stringify(parseJson(text))).toBe(text);
      }),
    );
  });
});

describe('the canonical text', () => {
  const aDocument = fc.jsonValue({ maxDepth: 4 });
  const reversed = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(reversed);
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value)
        .toReversed()
        .map(([key, one]) => [key, reversed(one)]),
    );
  };

  test('is the same for the same document, in whatever order its keys are told', () => {
    fc.assert(
      fc.property(aDocument, (value) => {
        const read = parseJson(JSON.stringify(value));
        expect(canonicalJson(reversed(read))).toBe(canonicalJson(read));
      }),
    );
  });

  test('tells different documents apart', () => {
    fc.assert(
      fc.property(aDocument, (value) => {
        const read = parseJson(JSON.stringify(value));
        expect(parseJson(canonicalJson(read))).toEqual(read);
      }),
    );
  });

  test('keeps the order of lists and sorts keys by code unit', () => {
    expect(canonicalJson({ b: [2, 1], a: { é: 1, Z: null } })).toBe('{"a":{"Z":null,"é":1},"b":[2,1]}');
  });
});

describe('a scalar', () => {
  test.each<[Json | undefined, string | undefined, number | undefined]>([
    [' 31.99 ', '31.99', 31.99],
    ['', undefined, undefined],
    ['  ', undefined, undefined],
    ['12,50', '12,50', undefined],
    ['1e400', '1e400', undefined],
    ['NaN', 'NaN', undefined],
    [0, '0', 0],
    [true, 'true', undefined],
    [null, undefined, undefined],
    [undefined, undefined, undefined],
    [[1], undefined, undefined],
    [{}, undefined, undefined],
  ])('%j is the text %j and the number %j', (value, text, number) => {
    expect(textOf(value)).toBe(text);
    expect(numberOf(value)).toBe(number);
  });
});
