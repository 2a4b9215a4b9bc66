/**
 * Every template a journey or campaign file names, with the channels it is to take, also where the file is wrong elsewhere.
 */
import type { Json } from '../../kernel/json.ts';
import type { Path } from './read-yaml.ts';
import { allSteps, fieldIn, stepsOf, textsIn } from './written-tree.ts';

export interface Send {
  readonly template: string;
  readonly path: Path;
  /** As they are written; none where nothing is said of them. */
  readonly channels: readonly { readonly name: string; readonly path: Path }[];
}

/** Of a journey the steps that send; a campaign sends as a whole. */
export function sendsIn(document: Json | undefined): readonly Send[] {
  return [{ value: document, path: [] }, ...allSteps(stepsOf(document))].flatMap((holder) => {
    const send = fieldIn(holder, 'send');
    if (send === undefined || Array.isArray(send.value)) return [];
    const channels = textsIn(fieldIn(holder, 'channels')).map(({ text, path }) => ({ name: text, path }));
    return textsIn(send).map(({ text, path }) => ({ template: text, path, channels }));
  });
}
