/**
 * What a function answered as the HTTP response that API Gateway makes of it (payload 2.0). Pure.
 */
import * as v from 'valibot';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | Uint8Array;
}

const structured = v.object({
  statusCode: v.pipe(
    v.union([v.number(), v.pipe(v.string(), v.transform(Number))]),
    v.integer(),
    v.minValue(100),
    v.maxValue(599),
  ),
  headers: v.nullish(v.record(v.string(), v.union([v.string(), v.number(), v.boolean()]))),
  cookies: v.nullish(v.array(v.string())),
  body: v.nullish(v.string()),
  isBase64Encoded: v.nullish(v.boolean()),
});

/** The gateway's own answers: no function, a body above 10 MB, a function that failed. */
export const gatewayAnswer = (status: number, message: string): HttpAnswer => ({
  status,
  headers: [['content-type', 'application/json']],
  body: JSON.stringify({ message }),
});

export const internalError = gatewayAnswer(500, 'Internal Server Error');

/** A value without `statusCode` is the body of a 200; one that does not fit the format is an internal error. */
export function httpAnswer(value: unknown): HttpAnswer {
  const hasStatus = typeof value === 'object' && value !== null && 'statusCode' in value;
  if (!hasStatus) {
    const body = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'null');
    return { status: 200, headers: [['content-type', 'application/json']], body };
  }
  const read = v.safeParse(structured, value);
  if (!read.success) return internalError;
  const { statusCode, headers, cookies, body, isBase64Encoded } = read.output;
  const named = Object.entries(headers ?? {}).map(([name, content]) => [name.toLowerCase(), String(content)] as const);
  const typed = named.some(([name]) => name === 'content-type') || (body ?? '') === '';
  return {
    status: statusCode,
    headers: [
      ...(typed ? [] : [['content-type', 'text/plain;charset=UTF-8'] as const]),
      ...named,
      ...(cookies ?? []).map((cookie) => ['set-cookie', cookie] as const),
    ],
    body: isBase64Encoded === true ? Buffer.from(body ?? '', 'base64') : (body ?? ''),
  };
}
