/**
 * All of config/, decoded, cross-checked and compiled (promise 8): the config that may go live, or every problem at once.
 */
import type { Journey, Step } from '../journeys/journey.ts';
import { channelProblems, senderProblems, untranslated } from './check-channels.ts';
import { compileTemplate, type CompiledTemplate } from './compile/template.ts';
import { flattenSteps } from './compile/flatten-steps.ts';
import { journeyVersion } from './compile/journey-version.ts';
import { channelsOf, type Brand, type Config, type JourneyVersion, type Template } from './config.ts';
import { brandSchema, languageOf } from './decode/brand-schema.ts';
import { decode, type Decoded } from './decode/decode.ts';
import { journeySchema, type WrittenJourney } from './decode/journey-schema.ts';
import { isName } from './decode/names.ts';
import { readYaml, type YamlDocument } from './decode/read-yaml.ts';
import { didYouMean } from './decode/spelling.ts';
import { sendsIn } from './decode/sends.ts';
import { inOrder, startOfFile, type ConfigProblem } from './problem.ts';
import { readFolder } from './read-folder.ts';
import { readTemplatePath, templatePath } from './template-files.ts';

export type Checked =
  | { readonly kind: 'good'; readonly config: Omit<Config, 'generation'> }
  | { readonly kind: 'bad'; readonly problems: readonly ConfigProblem[] };

/** Sorted by file and line. Never throws for what stands in the files. */
export async function checkConfig(folder: string): Promise<Checked> {
  const { files, problems } = await readFolder(folder);
  if (files.size === 0 && problems.length > 0) return { kind: 'bad', problems };
  return checkFiles(files, problems);
}

interface JourneyFile extends Decoded<WrittenJourney> {
  readonly name: string;
  readonly file: string;
  readonly document: YamlDocument;
}

/** `files`: path inside config/ → text. `found`: what reading them has shown already. */
export async function checkFiles(files: ReadonlyMap<string, string>, found: readonly ConfigProblem[] = []): Promise<Checked> {
  const brand = readBrand(files, found);
  const journeys = [...files].flatMap(([file, text]) => readJourney(file, text));
  const templates = await compileTemplates(files);
  const language = brand.value === undefined ? 'fr' : languageOf(brand.value);
  const all = [
    ...found,
    ...brand.problems,
    ...journeys.flatMap(({ file, findings }) => findings.map((finding) => ({ file, ...finding }))),
    ...[...templates.values()].flatMap(({ problems }) => problems),
    ...journeys.flatMap((journey) => templateProblems(journey, templates, language)),
    ...journeys.flatMap((journey) => channelProblems(journey, templates, language)),
    ...(brand.value === undefined ? [] : brandProblems(brand.value, journeys)),
    ...(brand.value === undefined ? [] : untranslated(brand.value, templates, files)),
    ...(brand.value === undefined ? [] : senderProblems(brand.value, brand, templates)),
  ];
  if (all.length > 0 || brand.value === undefined) return { kind: 'bad', problems: inOrder(all) };
  return { kind: 'good', config: { brand: brand.value, journeys: journeys.flatMap((journey) => versionOf(journey, templates)) } };
}

interface BrandFile {
  readonly file: string;
  readonly document: YamlDocument;
  readonly value: Brand | undefined;
  readonly problems: readonly ConfigProblem[];
}

function readBrand(files: ReadonlyMap<string, string>, found: readonly ConfigProblem[]): BrandFile {
  const file = 'brand.yaml';
  const text = files.get(file);
  if (text === undefined) {
    const problem: ConfigProblem = {
      file,
      ...startOfFile,
      problem: 'brand.yaml is missing',
      expected: 'brand.yaml in config',
      suggestion: 'copy the one that comes with Relance',
    };
    const isUnreadable = found.some((known) => known.file === file); // it is there, and said so already
    return { file, document: readYaml(''), value: undefined, problems: isUnreadable ? [] : [problem] };
  }
  const document = readYaml(text);
  const { value, findings } = decode(brandSchema, document, 'brand.yaml');
  return { file, document, value, problems: findings.map((finding) => ({ file, ...finding })) };
}

function readJourney(file: string, text: string): readonly JourneyFile[] {
  const name = /^journeys\/([^/]+)\.yaml$/.exec(file)?.[1];
  if (name === undefined) return [];
  const document = readYaml(text);
  return [{ name, file, document, ...decode(journeySchema, document, 'the journey') }];
}

async function compileTemplates(files: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, CompiledTemplate>> {
  const names = [...files.keys()].flatMap((file) => readTemplatePath(file)?.template ?? []);
  const compiled = [...new Set(names)].map(async (name) => [name, await compileTemplate(name, files)] as const);
  return new Map(await Promise.all(compiled));
}

/** Asked of what is written, so that a mistake elsewhere in the file hides nothing. */
function templateProblems(
  { file, document }: JourneyFile,
  templates: ReadonlyMap<string, CompiledTemplate>,
  language: string,
): readonly ConfigProblem[] {
  return sendsIn(document.value).flatMap(({ template, path }) => {
    if (templates.has(template) || !isName(template)) return []; // a name that cannot be one is said already
    const missing = templatePath({ template, channel: 'email', language });
    const suggestion = didYouMean(template, [...templates.keys()]) || `write ${missing}`;
    const expected = 'the name of a folder in templates that holds an e-mail or an SMS';
    return [{ file, ...document.placeOf(path), problem: `there is no template "${template}"`, expected, suggestion }];
  });
}

/** The levels that the brand has switched on. */
function brandProblems(brand: Brand, journeys: readonly JourneyFile[]): readonly ConfigProblem[] {
  const tooHigh = brand.maturity >= 2 ? [] : journeys;
  return tooHigh.map(({ file, document }) => ({
    file,
    ...document.keyPlaceOf(['start']),
    problem: `journeys are level 2, and brand.yaml allows level ${brand.maturity}`,
    expected: 'maturity: 2 or higher in brand.yaml',
    suggestion: 'write maturity: 2 in brand.yaml',
  }));
}

function versionOf({ name, value }: JourneyFile, templates: ReadonlyMap<string, CompiledTemplate>): readonly JourneyVersion[] {
  if (value === undefined) return [];
  const steps = flattenSteps(value.steps).map((step) => withChannels(step, templates));
  const journey: Journey = { name, ...value, steps };
  const used = new Set(journey.steps.flatMap((step) => (step.kind === 'send' ? [step.template] : [])));
  const needed: readonly Template[] = [...used].toSorted().flatMap((template) => templates.get(template)?.template ?? []);
  return [journeyVersion(journey, needed)];
}

/** A step that names no channels takes those of its template, e-mail first. */
function withChannels(step: Step, templates: ReadonlyMap<string, CompiledTemplate>): Step {
  if (step.kind !== 'send' || step.channels.length > 0) return step;
  const template = templates.get(step.template)?.template;
  return { ...step, channels: template === undefined ? [] : channelsOf(template) };
}
