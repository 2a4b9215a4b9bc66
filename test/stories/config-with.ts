/** The stock brand with files of a story's own: what a marketer would write, nothing else. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';

/** The same files beside all that the stock config has. */
export const configBeside = (files: Readonly<Record<string, string>>): string => configWith(files, '');

/** Path inside config/ → text. The folder is gone after the tests of the file. */
export function configWith(files: Readonly<Record<string, string>>, kept = 'brand.yaml'): string {
  const folder = mkdtempSync(join(tmpdir(), 'relance-story-'));
  cpSync(join('config', kept), join(folder, kept), { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  afterAll(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Files of one template with one sentence in French. */
export const mailOf = (name: string, subject: string, purpose: 'marketing' | 'transactional' = 'marketing') => ({
  [`templates/${name}/email.fr.mjml`]: `---
subject: "${subject}"
purpose: ${purpose}
---
<mjml>
  <mj-body>
    <mj-section>
      <mj-column>
        <mj-text>${subject}</mj-text>
        <mj-text><a href="{{ links.unsubscribe }}">Se désinscrire</a></mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
`,
});

export const textOf = (name: string, words: string, purpose: 'marketing' | 'transactional' = 'marketing') => ({
  [`templates/${name}/sms.fr.txt`]: `---
purpose: ${purpose}
---
${words}
`,
});
