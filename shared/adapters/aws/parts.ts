/** Bytes that may not fit into one item of 400 KB: cut into parts that do, and put together again. */

/** Leaves room for keys and what else an item says. */
export const partBytes = 300_000;

/** At least one part, in order. */
export function inParts(bytes: Uint8Array): readonly Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let at = 0; at === 0 || at < bytes.length; at += partBytes) parts.push(bytes.subarray(at, at + partBytes));
  return parts;
}

export const joined = (parts: readonly Uint8Array[]): Uint8Array => Buffer.concat(parts);

/** Sorts like the number: `000`, `001`, … */
export const partName = (index: number): string => String(index).padStart(3, '0');
