/** How deep a JSON text nests, told and mended in one pass without recursion, so that depth itself cannot hurt. */

/**
 * Begins the string that stands for a part nested too deep. No other string that was read holds a lone surrogate, and whoever
 * writes this one on purpose has only their own part refused.
 */
export const cutMark = '\ud800nested too deep: ';

/** Deepest nesting of brackets outside strings. */
export function depthOf(text: string): number {
  let deepest = 0;
  eachBracket(text, (depth) => {
    if (depth > deepest) deepest = depth;
  });
  return deepest;
}

/** The same text with each part below `deepest` levels as a string: the mark, then the part as it was written. */
export function asCutText(text: string, deepest: number): string {
  const pieces: string[] = [];
  let kept = 0;
  let from: number | undefined;
  eachBracket(text, (depth, at, opens) => {
    if (opens && depth > deepest) from ??= at;
    if (opens || depth !== deepest || from === undefined) return;
    pieces.push(text.slice(kept, from), JSON.stringify(cutMark + text.slice(from, at + 1)));
    kept = at + 1;
    from = undefined;
  });
  return pieces.join('') + text.slice(kept);
}

/** `depth`: levels open inside the bracket that opens, or around the one that closes. */
function eachBracket(text: string, visit: (depth: number, at: number, opens: boolean) => void): void {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === 0x5c) at++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) visit(++depth, at, true);
    else if (code === 0x7d || code === 0x5d) visit(--depth, at, false);
  }
}
