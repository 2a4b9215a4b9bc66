/** Headers that let a shop's pages call us from any origin. No cookies are involved: the write key alone says who calls. */
import type { Headers } from './http.ts';

export const anyOrigin: Headers = { 'access-control-allow-origin': '*' };

/** `authorization` must be named: `*` does not cover it. Browsers keep the answer two hours at most. */
export const preflight: Headers = {
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers': 'authorization, content-type, content-encoding, x-write-key, x-retry-count, x-strict-mode',
  'access-control-max-age': '7200',
};
