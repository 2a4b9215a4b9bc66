/** The page at `/_local`: one document with its style and script, served from this folder. */
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';

const files: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
  'GET ': { file: 'page.html', type: 'text/html; charset=utf-8' },
  'GET /': { file: 'page.html', type: 'text/html; charset=utf-8' },
};

export async function servePage(path: string, response: ServerResponse): Promise<boolean> {
  const asked = files[path];
  if (asked === undefined) return false;
  const content = await readFile(join(import.meta.dirname, asked.file));
  response.writeHead(200, { 'content-type': asked.type, 'cache-control': 'no-store' });
  response.end(content);
  return true;
}
