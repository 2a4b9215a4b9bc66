/**
 * YAML text → plain data with the place of every key and value. What cannot be read is reported with the corrected line,
 * and reading goes on with that line, so that all problems of a file come at once.
 *
 * Scalars stay as typed: `01000`, `1.50` and `1e3` are text here, only numbers that read back the same become numbers.
 */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type ParsedNode, type YAMLMap } from 'yaml';
import type { Json } from '../../kernel/json.ts';
import { startOfFile, type Finding, type Place, type Said } from '../problem.ts';
import { blamedLine, deeperLine } from './yaml-blame.ts';
import { nameOfYamlError } from './yaml-errors.ts';
import { withoutSlips } from './yaml-slips.ts';
import { proseFields, quotedLine, untabbed, withPlainIndentation } from './yaml-repair.ts';

export type Path = readonly (string | number)[];

export interface YamlDocument {
  /** Undefined: too broken to be read, the findings say why. */
  readonly value: Json | undefined;
  readonly findings: readonly Finding[];
  /** Where the value at the path begins, or the nearest thing around it that exists. */
  readonly placeOf: (path: Path) => Place;
  /** Where the key at the end of the path stands. */
  readonly keyPlaceOf: (path: Path) => Place;
}

interface Reading {
  readonly lines: LineCounter;
  readonly source: string;
  /** Its lines. */
  readonly texts: readonly string[];
  readonly keys: Map<string, Place>;
  readonly values: Map<string, Place>;
  readonly findings: Finding[];
}

/** `firstLine`: the line of the file on which the text begins (front matter). */
export function readYaml(text: string, firstLine = 1): YamlDocument {
  const written = withoutSlips(withPlainIndentation(text));
  const findings: Finding[] = [...written.findings];
  const { document, lines, source, broken } = parseRepairing(written.text, findings);
  const reading: Reading = { lines, source, texts: source.split('\n'), keys: new Map(), values: new Map(), findings };
  const value = broken ? undefined : convert(document.contents, [], reading);
  const moved = (place: Place): Place => ({ ...place, line: place.line + firstLine - 1 });
  const placeOf = (path: Path): Place => moved(nearestPlace(reading, path, reading.values));
  return {
    value,
    findings: findings.map((finding) => ({ ...finding, line: finding.line + firstLine - 1 })),
    placeOf,
    keyPlaceOf: (path) => moved(nearestPlace(reading, path, reading.keys)),
  };
}

const keyOf = (path: Path): string => JSON.stringify(path);

function nearestPlace(reading: Reading, path: Path, places: ReadonlyMap<string, Place>): Place {
  const exact = places.get(keyOf(path)) ?? reading.values.get(keyOf(path)) ?? reading.keys.get(keyOf(path));
  if (exact !== undefined) return exact;
  return path.length === 0 ? startOfFile : nearestPlace(reading, path.slice(0, -1), reading.keys);
}

/** Enough for every line of a journey to be wrong; an end in any case. */
const maxRepairs = 40;

function parseRepairing(text: string, findings: Finding[]) {
  let source = text;
  for (let repairs = 0; ; repairs++) {
    const lines = new LineCounter();
    const document = parsed(source, lines);
    if (document === undefined) {
      findings.push({ ...startOfFile, ...tooDeep });
      return { document: emptyDocument(), lines, source, broken: true };
    }
    const errors = [...document.errors, ...document.warnings];
    const [first] = errors;
    if (first === undefined) return { document, lines, source, broken: false };
    const { finding, repaired } = findingOf(first, lines, source, errors);
    findings.push(finding);
    if (repaired === undefined || repaired === source || repairs >= maxRepairs) return { document, lines, source, broken: true };
    source = repaired;
  }
}

/** Undefined where brackets nest so deep that the parser runs out of its stack. */
function parsed(source: string, lineCounter: LineCounter): Document.Parsed | undefined {
  try {
    return parseDocument(source, { lineCounter, prettyErrors: false, uniqueKeys: false });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const emptyDocument = (): Document.Parsed => parseDocument('');

type YamlError = Document.Parsed['errors'][number];

function findingOf(error: YamlError, lines: LineCounter, source: string, all: readonly YamlError[]) {
  const { line, col } = lines.linePos(error.pos[0]);
  const texts = source.split('\n');
  if (error.code === 'TAB_AS_INDENT') {
    const suggestion = `write with spaces: ${untabbed(texts[line - 1] ?? '')}`;
    return {
      finding: { line, column: col, ...nameOfYamlError(error.code, error.message), suggestion },
      repaired: untabbed(source),
    };
  }
  if (all.some(({ code }) => code === 'MULTILINE_IMPLICIT_KEY')) {
    const deeper = deeperLine(texts, line, col);
    const finding = {
      ...deeper,
      ...nameOfYamlError('MULTILINE_IMPLICIT_KEY', ''),
      suggestion: 'remove spaces at the start of the line',
    };
    return { finding, repaired: undefined };
  }
  const blamed = blamedLine(error, texts, line, col);
  const isIndentation = error.code === 'UNEXPECTED_TOKEN' && col === 1;
  const corrected = quotingHelps.has(error.code) && !isIndentation ? quotedLine(texts[blamed - 1] ?? '') : undefined;
  const suggestion = corrected === undefined ? '' : `write: ${corrected.trim()}`;
  const repaired = corrected === undefined ? undefined : texts.with(blamed - 1, corrected).join('\n');
  const column = blamed === line ? col : 1;
  const named = nameOfYamlError(isIndentation ? 'BAD_INDENT' : error.code, error.message);
  return { finding: { line: blamed, column, ...named, suggestion }, repaired };
}

const quotingHelps: ReadonlySet<string> = new Set<YamlError['code']>([
  'BLOCK_AS_IMPLICIT_KEY',
  'UNEXPECTED_TOKEN',
  'BAD_SCALAR_START',
  'TAG_RESOLVE_FAILED',
  'MISSING_CHAR',
  'BAD_DQ_ESCAPE',
]);

function convert(node: ParsedNode | null, path: Path, reading: Reading): Json {
  if (node === null) return null;
  const place = placeAt(reading, node.range[0]);
  reading.values.set(keyOf(path), place);
  if (!isAlias(node) && node.anchor !== undefined) reading.findings.push({ ...place, ...referenceFinding(`&${node.anchor}`) });
  if (path.length > maxNesting) {
    reading.findings.push({ ...place, ...tooDeep });
    return null;
  }
  if (isMap(node)) return convertMap(node, path, reading);
  if (isSeq(node)) return node.items.map((item, index) => convert(item, [...path, index], reading));
  if (isScalar(node)) {
    noteLostText(node.range, node.type, reading);
    return scalarAsTyped(node.value, node.source, node.type);
  }
  if (!isAlias(node)) return null;
  reading.findings.push({ ...place, ...referenceFinding(`*${node.source}`) });
  return `*${node.source}`;
}

/** Deeper than any journey a person can read, and compiled still within the depth of JSON that the store reads back. */
const maxNesting = 40;

const tooDeep: Said = { problem: 'nested too deep', expected: `at most ${maxNesting} levels`, suggestion: '' };

const referenceFinding = (written: string): Said => ({
  problem: `YAML reads "${written}" as a reference, not as text`,
  expected: 'quotes around text that begins with & or *',
  suggestion: `write "${written}" in quotes`,
});

const placeAt = ({ lines }: Reading, offset: number): Place => {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
};

/** Non-breaking and double spaces in a key mean a plain one. */
export const plainKey = (text: string): string => text.normalize('NFC').replaceAll(/\s+/g, ' ').trim();

const dangerous = new Set(['__proto__', 'constructor', 'prototype']);

function convertMap(map: YAMLMap.Parsed, path: Path, reading: Reading): Json {
  const entries = new Map<string, Json>();
  for (const { key, value } of map.items) {
    const place = placeAt(reading, key.range[0]);
    if (!isScalar(key)) {
      reading.findings.push({ ...place, ...braces(reading, place) });
      return reading.source.slice(map.range[0], map.range[1]); // it was meant as text: that is what the checks go on with
    }
    const name = plainKey(key.source);
    if (entries.has(name) || dangerous.has(name)) {
      const twice = { problem: `"${name}" stands here twice`, expected: 'each name once', suggestion: `remove one "${name}"` };
      const never = { problem: `"${name}" cannot be a name`, expected: 'another name', suggestion: '' };
      reading.findings.push({ ...place, ...(dangerous.has(name) ? never : twice) });
      continue;
    }
    reading.keys.set(keyOf([...path, name]), place);
    entries.set(name, convert(value, [...path, name], reading));
  }
  return Object.fromEntries(entries);
}

function braces({ texts }: Reading, { line }: Place) {
  const corrected = quotedLine(texts[line - 1] ?? '');
  return {
    problem: 'YAML reads { and [ as data, not as text',
    expected: 'quotes around text that begins with {{',
    suggestion: corrected === undefined ? '' : `write: ${corrected.trim()}`,
  };
}

const proseLine = new RegExp(`^\\s*(?:- +)?(?:${proseFields.join('|')})\\s*:`);

/** `20 % #soldes`: everything from the hash sign on is a comment and would silently be lost. */
function noteLostText(range: readonly [number, number, number], type: string | undefined, reading: Reading): void {
  const place = placeAt(reading, range[0]);
  const line = reading.texts[place.line - 1] ?? '';
  const lost = /^[ \t]*(#[^\s#]\S*)/.exec(reading.source.slice(range[1], range[1] + 200).split('\n')[0] ?? '')?.[1];
  const isProse = proseLine.test(line);
  if (lost === undefined || !isProse || (type !== undefined && type !== 'PLAIN')) return;
  const suggestion = `write: ${quotedLine(line)?.trim() ?? ''}`;
  reading.findings.push({
    ...place,
    problem: `"${lost}" would be read as a comment and lost`,
    expected: 'quotes around text with #',
    suggestion,
  });
}

/** Numbers and booleans that read back as they were typed; everything else is the text that was typed. */
function scalarAsTyped(value: unknown, source: string | undefined, type: string | undefined): Json {
  if (type !== undefined && type !== 'PLAIN') return typeof value === 'string' ? value : (source ?? '');
  if (source === undefined || source === '') return null;
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value)))
    return String(value) === source ? value : source;
  return typeof value === 'string' ? value : source;
}
