/** Words that journeys, segments and campaigns share. */
import * as v from 'valibot';
import { prose, yesOrNo } from './fields.ts';

/** For whoever reads the file; nothing else uses it. */
export const description = v.optional(prose('what it is for, in your words'));

/** Checked like the others, and not live. */
export const active = v.optional(yesOrNo('false: it is checked and does nothing yet; without it: it is live'));
