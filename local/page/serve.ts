/** The page at `/_local`: one document with its style and scripts, served from this folder as they are. */
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';

const types = { html: 'text/html; charset=utf-8', css: 'text/css; charset=utf-8', mjs: 'text/javascript; charset=utf-8' };

const modules = ['page', 'dom', 'server', 'visit', 'visitor', 'acts', 'story-line', 'inbox', 'people', 'profile', 'engine'];

const files: ReadonlyMap<string, readonly [file: string, type: string]> = new Map([
  ['GET ', ['page.html', types.html]],
  ['GET /', ['page.html', types.html]],
  ['GET /page.css', ['page.css', types.css]],
  ...modules.map((name): [string, readonly [string, string]] => [`GET /${name}.mjs`, [`${name}.mjs`, types.mjs]]),
]);

/** Scripts come from here alone. Styles and pictures are freer because a mail in its frame lives under this policy too. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  'img-src data: https:',
  "connect-src 'self'",
  "frame-src 'none'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export async function servePage(path: string, response: ServerResponse): Promise<boolean> {
  const asked = files.get(path);
  if (asked === undefined) return false;
  const [file, type] = asked;
  const content = await readFile(join(import.meta.dirname, file));
  response.writeHead(200, {
    'content-type': type,
    'cache-control': 'no-store',
    'content-security-policy': policy,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  response.end(content);
  return true;
}
