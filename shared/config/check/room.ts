/**
 * The files of config/ as the checks see them: what was decoded, and what is written where.
 */
import { compileTemplate, type CompiledTemplate } from '../compile/template.ts';
import type { Brand } from '../config.ts';
import { brandSchema } from '../decode/brand-schema.ts';
import { campaignSchema, type WrittenCampaign } from '../decode/campaign-schema.ts';
import { decode, type Decoded } from '../decode/decode.ts';
import { journeySchema, type WrittenJourney } from '../decode/journey-schema.ts';
import { readYaml, type Path, type YamlDocument } from '../decode/read-yaml.ts';
import { segmentSchema, type WrittenSegment } from '../decode/segment-schema.ts';
import { fieldIn, textsIn } from '../decode/written-tree.ts';
import { startOfFile, type ConfigProblem, type Said } from '../problem.ts';
import { readTemplatePath } from '../template-files.ts';

export interface DecodedFile<T> extends Decoded<T> {
  readonly name: string;
  /** Path inside config/. */
  readonly file: string;
}

export type JourneyFile = DecodedFile<WrittenJourney>;
export type SegmentFile = DecodedFile<WrittenSegment>;
export type CampaignFile = DecodedFile<WrittenCampaign>;

export interface BrandFile extends Decoded<Brand> {
  readonly file: string;
  /** What can be told of it although something else in it is wrong. */
  readonly maturity: Brand['maturity'] | undefined;
  readonly language: string;
  /** Languages that every template must speak, the brand's own first. */
  readonly languages: readonly string[];
}

export type Templates = ReadonlyMap<string, CompiledTemplate>;

export interface Room {
  readonly files: ReadonlyMap<string, string>;
  /** They are there, and what is wrong with them is said already: nobody can tell what they hold. */
  readonly unreadable: readonly string[];
  readonly brand: BrandFile;
  readonly journeys: readonly JourneyFile[];
  readonly segments: readonly SegmentFile[];
  readonly campaigns: readonly CampaignFile[];
  readonly templates: Templates;
}

export async function readRoom(files: ReadonlyMap<string, string>, unreadable: readonly string[] = []): Promise<Room> {
  const entries = [...files].toSorted(([a], [b]) => (a < b ? -1 : 1)); // the same on every machine
  const named = <T>(folder: string, read: (document: YamlDocument) => Decoded<T>): readonly DecodedFile<T>[] =>
    entries.flatMap(([file, text]) => {
      const name = new RegExp(`^${folder}/([^/]+)\\.yaml$`).exec(file)?.[1];
      if (name === undefined) return [];
      return [{ name, file, ...read(readYaml(text)) }];
    });
  return {
    files,
    unreadable,
    brand: readBrand(files.get('brand.yaml')),
    journeys: named('journeys', (document) => decode(journeySchema, document, 'the journey')),
    segments: named('segments', (document) => decode(segmentSchema, document, 'the segment')),
    campaigns: named('campaigns', (document) => decode(campaignSchema, document, 'the campaign')),
    templates: await compileTemplates(files),
  };
}

function readBrand(text: string | undefined): BrandFile {
  const written = readYaml(text ?? '');
  const file = 'brand.yaml';
  const decoded =
    text === undefined
      ? { value: undefined, findings: [{ ...startOfFile, ...noBrand }], document: written }
      : decode(brandSchema, written, 'brand.yaml');
  const top = { value: decoded.document.value, path: [] };
  const level = fieldIn(top, 'maturity')?.value;
  const [locale] = textsIn(fieldIn(top, 'locale'));
  const language = /^([a-z]{2,3})(?:[-_]|$)/.exec(locale?.text ?? '')?.[1] ?? 'fr';
  const others = textsIn(fieldIn(top, 'languages')).map((written) => written.text);
  return {
    file,
    ...decoded,
    maturity: level === 1 || level === 2 || level === 3 || level === 4 ? level : undefined,
    language,
    languages: [...new Set([language, ...others])],
  };
}

const noBrand: Said = {
  problem: 'brand.yaml is missing',
  expected: 'brand.yaml in config',
  suggestion: 'copy the one that comes with Relance',
};

async function compileTemplates(files: ReadonlyMap<string, string>): Promise<Templates> {
  const names = new Set([...files.keys()].flatMap((file) => readTemplatePath(file)?.template ?? []));
  const compiled = [...names].toSorted().map(async (name) => [name, await compileTemplate(name, files)] as const);
  return new Map(await Promise.all(compiled));
}

type Placed = Pick<JourneyFile, 'file' | 'document'>;

/** A problem where a value stands. */
export const atValue = ({ file, document }: Placed, path: Path, said: Said): ConfigProblem => ({
  file,
  ...document.placeOf(path),
  ...said,
});

/** A problem where a word stands. */
export const atKey = ({ file, document }: Placed, path: Path, said: Said): ConfigProblem => ({
  file,
  ...document.keyPlaceOf(path),
  ...said,
});

/** Switched off, whatever else is wrong with it. */
export const isOff = ({
  document,
  value,
}: {
  readonly document: YamlDocument;
  readonly value?: { readonly active: boolean } | undefined;
}): boolean => value?.active === false || fieldIn({ value: document.value, path: [] }, 'active')?.value === false;
