/**
 * "Did you mean": the known word nearest to the one that was written.
 */

/** What hands write first, most of them French. Only for suggestions: the language itself has one word for each thing. */
const synonyms: ReadonlyMap<string, string> = new Map([
  ['actif', 'active'],
  ['ajouteretiquette', 'add tag'],
  ['alors', 'then'],
  ['amount', 'value'],
  ['anniversaire', 'anniversary'],
  ['apres', 'after'],
  ['attendre', 'wait'],
  ['attendrejusqua', 'wait until'],
  ['attente', 'wait'],
  ['auplus', 'at most'],
  ['aumoins', 'gte'],
  ['avant', 'before'],
  ['canal', 'channels'],
  ['canaux', 'channels'],
  ['chaque', 'every'],
  ['condition', 'where'],
  ['contient', 'contains'],
  ['debit', 'throttle'],
  ['debut', 'start'],
  ['declencheur', 'start'],
  ['depart', 'start'],
  ['destinataire', 'recipient'],
  ['entree', 'entered'],
  ['envoi', 'send'],
  ['envoyer', 'send'],
  ['etapes', 'steps'],
  ['etiquette', 'add tag'],
  ['fin', 'exit'],
  ['fois', 'times'],
  ['fuseau', 'zone'],
  ['heure', 'at'],
  ['jusqua', 'wait until'],
  ['langues', 'languages'],
  ['marque', 'brand'],
  ['meme', 'same'],
  ['modele', 'template'],
  ['montant', 'value'],
  ['nom', 'name'],
  ['objectif', 'goal'],
  ['objet', 'subject'],
  ['partage', 'split'],
  ['pendant', 'within'],
  ['poids', 'weight'],
  ['quand', 'on'],
  ['repos', 'rest'],
  ['retard', 'late'],
  ['retireretiquette', 'remove tag'],
  ['si', 'if'],
  ['sinon', 'else'],
  ['sortie', 'exit'],
  ['sujet', 'subject'],
  ['tache', 'task'],
  ['tag', 'add tag'],
  ['texte', 'text'],
  ['tirage', 'split'],
  ['total', 'value'],
  ['unefois', 'once'],
]);

/** Case, accents and the way words are joined do not count: `restart_on`, `restartOn` and `restart on` are one. */
const bare = (word: string): string =>
  word
    .normalize('NFKD')
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase();

/** Undefined where nothing is near enough to be meant. */
export function nearest(word: string, known: readonly string[], tolerance = toleranceFor(word)): string | undefined {
  const written = bare(word);
  const translated = synonyms.get(written);
  if (translated !== undefined && known.includes(translated)) return translated;
  const ranked = known
    .filter((candidate) => Math.abs(bare(candidate).length - written.length) <= tolerance) // so far apart they are anyway
    .map((candidate) => ({ candidate, distance: distance(written, bare(candidate)) }))
    .filter((entry) => entry.distance <= tolerance)
    .toSorted((a, b) => a.distance - b.distance);
  return ranked[0]?.candidate;
}

/** Empty where nothing is near: a sentence for `suggestion`. */
export function didYouMean(word: string, known: readonly string[]): string {
  const meant = nearest(word, known);
  return meant === undefined ? '' : `did you mean "${meant}"?`;
}

const toleranceFor = (word: string): number => Math.min(3, Math.max(1, Math.floor(word.length / 3)));

/** Letters to change, add, remove or swap with their neighbour (optimal string alignment). */
export function distance(a: string, b: string): number {
  let [older, old]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      const step = Math.min((old[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (old[j - 1] ?? 0) + cost);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(swapped ? Math.min(step, (older[j - 2] ?? 0) + 1) : step);
    }
    [older, old] = [old, row];
  }
  return old[b.length] ?? 0;
}
