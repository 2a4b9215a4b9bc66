/** Names of things that config/ refers to: templates, segments. */
import { checkedText, say } from './fields.ts';
import { isName, nameLike } from './names.ts';

/** `what`: `template`; `description`: `the name of a folder in templates`. */
export const nameOf = (what: string, description: string) =>
  checkedText(description, (name) => {
    if (isName(name)) return undefined;
    const several = name.split(/ *, */);
    const isList = several.length > 1 && several.every(isName);
    const meant = nameLike(name);
    return say(
      `"${name}" cannot be the name of a ${what}`,
      'small letters, digits and dashes',
      isList ? `write [${several.join(', ')}]` : meant === '' ? '' : `write ${meant}`,
    );
  });

export const templateName = nameOf('template', 'the name of a folder in templates');
export const segmentName = nameOf('segment', 'the name of a file in segments');
