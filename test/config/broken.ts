/** How a broken config is written down: what is changed in a small good one, and what must be said about it. */
import { email } from './small-config.ts';

export interface Broken {
  readonly why: string;
  readonly files: Readonly<Record<string, string | undefined>>;
  /** `line problem → suggestion` of every problem, in order; in the file that was changed unless another is named first. */
  readonly says: readonly string[];
}

export const inJourney = (why: string, text: string, ...says: string[]): Broken => ({
  why,
  files: { 'journeys/rappel.yaml': text },
  says,
});
/** A segment called fideles. */
export const inSegment = (why: string, text: string, ...says: string[]): Broken => ({
  why,
  files: { 'segments/fideles.yaml': text },
  says,
});
/** A campaign called soldes. */
export const inCampaign = (why: string, text: string, ...says: string[]): Broken => ({
  why,
  files: { 'campaigns/soldes.yaml': text },
  says,
});
export const inBrand = (why: string, text: string, ...says: string[]): Broken => ({ why, files: { 'brand.yaml': text }, says });
export const inEmail = (why: string, text: string, ...says: string[]): Broken => ({
  why,
  files: { 'templates/rappel/email.fr.mjml': text },
  says,
});
export const withSteps = (steps: string): string => `start: { on: Cart Updated }\nsteps:\n${steps}`;
export const withStart = (start: string): string => `start:\n${start}steps:\n  - send: rappel\n`;
export const withWhere = (where: string): string => withStart(`  on: Cart Updated\n  where:\n${where}`);
export const withBody = (body: string): string =>
  email.replace('<mj-text>Bonjour{% if person.firstName != blank %} {{ person.firstName }}{% endif %}</mj-text>', body);
