/**
 * What the YAML parser means, in words for people who do not know YAML.
 */

interface Named {
  readonly problem: string;
  readonly expected: string;
}

const textNeedsQuotes = 'quotes around text with a colon, a quote or a special sign';

const misaligned: Named = {
  problem: 'this line does not start where its neighbours start',
  expected: 'lines of one level start at the same column',
};

function missing(message: string): Named {
  if (message.includes('Missing closing'))
    return { problem: 'a quote is opened and not closed', expected: 'the same quote at the end' };
  if (message.includes('without - indicator')) return misaligned;
  if (message.includes('Flow'))
    return { problem: 'a bracket is opened and not closed', expected: 'a closing } or ] for each { or [' };
  return { problem: 'no colon follows the word', expected: 'a colon after the name of a field, a dash before a step' };
}

/** `code` as the yaml package names it; `message` for what has no words of ours. */
export function nameOfYamlError(code: string, message: string): Named {
  if (message.includes('end with a'))
    return { problem: 'a bracket is opened and not closed', expected: 'a closing } or ] for each { or [' };
  if (message.includes('block-seq-ind'))
    return { problem: 'a list begins on the line of its name', expected: 'each "- " on a line of its own' };
  switch (code) {
    case 'TAB_AS_INDENT':
      return { problem: 'a tab indents this line', expected: 'spaces, two for each level' };
    case 'MULTIPLE_DOCS':
      return { problem: 'a line of --- begins a second document', expected: 'one document in a file' };
    case 'MULTILINE_IMPLICIT_KEY':
      return {
        problem: 'this line is indented deeper than the line above, which already has its value',
        expected: 'lines of one level start at the same column',
      };
    case 'BAD_INDENT':
      return misaligned;
    case 'BLOCK_AS_IMPLICIT_KEY':
      return { problem: 'a second colon makes this text unreadable', expected: textNeedsQuotes };
    case 'BAD_SCALAR_START':
      return { problem: 'text cannot begin with this sign', expected: textNeedsQuotes };
    case 'TAG_RESOLVE_FAILED':
      return { problem: 'text cannot begin with !', expected: textNeedsQuotes };
    case 'MISSING_CHAR':
      return missing(message);
    case 'BLOCK_IN_FLOW':
      return { problem: 'a comma is missing between fields', expected: 'a comma after each field in { }' };
    case 'UNEXPECTED_TOKEN':
      return { problem: 'the text goes on after its end', expected: textNeedsQuotes };
    case 'BAD_DQ_ESCAPE':
      return { problem: 'a backslash stands in double quotes', expected: 'single quotes around text with a backslash' };
    default:
      return { problem: `not readable as YAML (${message.split('\n')[0] ?? code})`, expected: textNeedsQuotes };
  }
}
