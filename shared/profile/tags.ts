/**
 * Tags of a person: those a source tells as the list `tags`, and those that journeys add and remove, each a trait of its own
 * (`tag:vip`), so that they merge by time like everything that is told.
 */
import { textOf, type Json } from '../kernel/json.ts';
import type { Attributes, Trait } from './profile.ts';

const prefix = 'tag:';

export const tagTrait = (tag: string): string => `${prefix}${tag}`;

export const isTagTrait = (name: string): boolean => name.startsWith(prefix);

/** Sorted. A source's list says what it says until a journey says otherwise of one tag, later. */
export function tagsOf({ traits }: Pick<Attributes, 'traits'>): readonly string[] {
  const own = Object.entries(traits).filter(([name]) => isTagTrait(name));
  const told = Object.hasOwn(traits, 'tags') ? traits['tags'] : undefined;
  const list: readonly Json[] = Array.isArray(told?.value) ? told.value : [];
  const listed = list.flatMap((tag) => textOf(tag) ?? []);
  const isOlder = (trait: Trait): boolean => told === undefined || trait.at < told.at;
  const tags = new Set(listed);
  for (const [name, trait] of own) {
    const tag = name.slice(prefix.length);
    if (trait.value === true) tags.add(tag);
    else if (!isOlder(trait)) tags.delete(tag);
  }
  return [...tags].toSorted();
}
