/**
 * All of config/, decoded, cross-checked and compiled (promise 8): the config that may go live, or every problem at once.
 */
import type { Instant } from '../kernel/time.ts';
import { channelProblems, senderProblems, untranslated } from './check-channels.ts';
import { countedProblems } from './check/counted.ts';
import { journeyProblems } from './check/journey-rules.ts';
import { keptStates, type KeptStates } from './check/kept-states.ts';
import { levelProblems } from './check/levels.ts';
import { loopProblems } from './check/loops.ts';
import { nameProblems } from './check/names.ts';
import { notesOn } from './check/notes.ts';
import { reachProblems } from './check/reach.ts';
import { isOff, readRoom, type Room } from './check/room.ts';
import { sizeProblems } from './check/size.ts';
import { compileRoom } from './compile/compile-room.ts';
import { segmentsByName } from './compile/inline-segments.ts';
import type { Config } from './config.ts';
import { inOrder, type ConfigProblem } from './problem.ts';
import { readFolder } from './read-folder.ts';

export type Checked =
  | {
      readonly kind: 'good';
      readonly config: Omit<Config, 'generation'>;
      /** What may still surprise; in the form of problems, and none. */
      readonly notes: readonly ConfigProblem[];
      /** Files that are switched off, such as `journeys/anniversaire.yaml`. */
      readonly off: readonly string[];
      readonly kept: KeptStates;
    }
  | { readonly kind: 'bad'; readonly problems: readonly ConfigProblem[] };

/** Sorted by file and line. Never throws for what stands in the files. `now`: to tell days that are past. */
export async function checkConfig(folder: string, now?: Instant): Promise<Checked> {
  const { files, problems } = await readFolder(folder);
  if (files.size === 0 && problems.length > 0) return { kind: 'bad', problems };
  return checkFiles(files, problems, now);
}

/** `files`: path inside config/ → text. `found`: what reading them has shown already. */
export async function checkFiles(
  files: ReadonlyMap<string, string>,
  found: readonly ConfigProblem[] = [],
  now?: Instant,
): Promise<Checked> {
  const unreadable = found.map(({ file }) => file).filter((file) => !files.has(file));
  const room = await readRoom(files, unreadable);
  const single = [...found, ...decodingProblems(room, found), ...crossProblems(room)];
  const brand = room.brand.value;
  const all = [...single, ...wholeProblems(room, single)];
  if (all.length > 0 || brand === undefined) return { kind: 'bad', problems: inOrder(all) };
  const config = compileRoom(room, brand);
  const off = [...room.campaigns, ...room.journeys].filter(isOff).map(({ file }) => file);
  const kept = keptStates(config);
  return { kind: 'good', config, notes: inOrder(notesOn(room, kept, now)), off, kept };
}

/** What is wrong in a file by itself. */
function decodingProblems({ brand, journeys, segments, campaigns, templates }: Room, found: readonly ConfigProblem[]) {
  const isUnreadable = found.some(({ file }) => file === brand.file); // it is there, and said so already
  const files = [...(isUnreadable ? [] : [brand]), ...journeys, ...segments, ...campaigns];
  return [
    ...files.flatMap(({ file, findings }) => findings.map((finding) => ({ file, ...finding }))),
    ...[...templates.values()].flatMap(({ problems }) => problems),
  ];
}

/** What files say of each other. Asked of what is written, so that a mistake elsewhere hides nothing. */
function crossProblems(room: Room): readonly ConfigProblem[] {
  const { brand, journeys, campaigns, templates } = room;
  const present = new Set([...room.files.keys(), ...room.unreadable]);
  return [
    ...nameProblems(room),
    ...levelProblems(room),
    ...journeyProblems(room),
    ...countedProblems(room),
    ...reachProblems(room),
    ...[...journeys, ...campaigns].flatMap((holder) => channelProblems(holder, templates, brand.language)),
    ...(brand.value === undefined ? [] : untranslated(brand.languages, templates, present)),
    ...(brand.value === undefined ? [] : senderProblems(brand.value, brand, templates)),
  ];
}

/** What needs every segment to be well, because they are filled in. */
function wholeProblems(room: Room, known: readonly ConfigProblem[]): readonly ConfigProblem[] {
  if (known.some(({ file }) => file.startsWith('segments/'))) return [];
  const sizes = sizeProblems(room);
  if (sizes.length > 0) return sizes;
  const written = room.segments.flatMap(({ name, value }) => (value === undefined ? [] : [{ name, when: value.when }]));
  return loopProblems(room, segmentsByName(written));
}
