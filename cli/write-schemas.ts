/**
 * Writes config/schemas from the schemas in code. To be run after the language of config/ changed, as
 * `node cli/write-schemas.ts`. A test says when it was forgotten.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { jsonSchemas } from '../shared/config/decode/json-schemas.ts';

const folder = fileURLToPath(new URL('../config/schemas/', import.meta.url));
await mkdir(folder, { recursive: true });
for (const [file, text] of Object.entries(jsonSchemas())) await writeFile(join(folder, file), text);
