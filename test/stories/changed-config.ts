/** A copy of the stock config with a few of its files changed, for stories that the stock config does not tell. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';

/** `changes`: path inside config/ → what is written instead, or anew. The folder is gone after the tests of the file. */
export function changedConfig(changes: Readonly<Record<string, (text: string) => string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'relance-changed-'));
  cpSync('config', folder, { recursive: true });
  for (const [file, change] of Object.entries(changes)) {
    const before = existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : '';
    const after = change(before);
    if (after === before) throw new Error(`nothing changed in ${file}`);
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), after);
  }
  afterAll(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** The reminder of the cart takes these channels. */
export const cartBy = (...channels: readonly string[]): string =>
  changedConfig({
    'journeys/panier-abandonne.yaml': (text) => text.replace('channels: [email]', `channels: [${channels.join(', ')}]`),
  });

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/**
 * The same, and each week, on the weekday that tomorrow is, a campaign to whoever is in the club and has something in the
 * cart: a segment that asks for all that can be asked of a person.
 */
export const cartAndClubBy = (...channels: readonly string[]): string =>
  changedConfig({
    'journeys/panier-abandonne.yaml': (text) => text.replace('channels: [email]', `channels: [${channels.join(', ')}]`),
    'segments/club.yaml': () => 'when:\n  all:\n    - club: true\n    - cart.quantity: { gte: 1 }\n    - did: Product Added\n',
    'campaigns/club.yaml': () =>
      `segment: club\nsend: bienvenue-idees\nevery: week\non: ${weekdays[new Date(Date.now() + 86_400_000).getDay()] ?? ''}\nat: "10:00"\n`,
  });
