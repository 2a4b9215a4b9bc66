/** What `relance doctor` says of one thing: in order, to be done, or not to be seen. */
import { asTrouble } from '../trouble.ts';

export type Finding =
  | { readonly kind: 'fine'; readonly about: string; readonly says: string }
  | { readonly kind: 'wrong'; readonly about: string; readonly says: string; readonly next: readonly string[] }
  | { readonly kind: 'unseen'; readonly about: string; readonly says: string; readonly next: readonly string[] };

export const fine = (about: string, says: string): Finding => ({ kind: 'fine', about, says });

/** `next`: lines, the first a sentence that says what to do. */
export const wrong = (about: string, says: string, ...next: readonly string[]): Finding => ({ kind: 'wrong', about, says, next });

/** What cannot be looked at hides nothing else: each look fails alone. Being signed in nowhere ends all of them. */
export async function look(about: string, see: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await see();
  } catch (error) {
    const trouble = asTrouble(error);
    if (['no-credentials', 'bad-credentials', 'unreachable'].includes(trouble.kind)) throw trouble;
    return [{ kind: 'unseen', about, says: trouble.message, next: [trouble.next] }];
  }
}
