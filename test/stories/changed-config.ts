/** A copy of the stock config with a few of its files changed, for stories that the stock config does not tell. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { dayText, localDay } from '../../shared/kernel/time.ts';

/** `changes`: path inside config/ → what is written instead. The folder is gone after the tests of the file. */
export function changedConfig(changes: Readonly<Record<string, (text: string) => string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'relance-changed-'));
  cpSync('config', folder, { recursive: true });
  for (const [file, change] of Object.entries(changes)) {
    const before = existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : '';
    const after = change(before);
    if (after === before) throw new Error(`nothing changed in ${file}`);
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

/** The same, and a letter to whoever agreed to e-mails, so many days from now. */
export const cartAndLetter = (days: number, ...channels: readonly string[]): string =>
  changedConfig({
    'journeys/panier-abandonne.yaml': (text) => text.replace('channels: [email]', `channels: [${channels.join(', ')}]`),
    'segments/inscrits.yaml': () => 'when: { consent.email: true }\n',
    'campaigns/lettre.yaml': () =>
      `{ segment: inscrits, send: bienvenue-idees, on: ${dayText(localDay(Date.now(), 'Europe/Paris') + days)} }\n`,
  });
