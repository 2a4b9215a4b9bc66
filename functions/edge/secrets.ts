/** The secrets as the deployment gives them: one JSON document. What is wrong is said by place, never by value. */
import * as v from 'valibot';
import type { Secrets } from '../../shared/ports.ts';

const key = v.pipe(v.string(), v.nonEmpty());

const secrets: v.GenericSchema<unknown, Secrets> = v.object({
  identifierKey: key,
  linkKeys: v.pipe(v.array(key), v.nonEmpty()),
  writeKeys: v.record(v.string(), v.picklist(['browser', 'server'])),
  webhookSecrets: v.record(v.string(), v.array(key)),
} satisfies Record<keyof Secrets, unknown>);

export function decodeSecrets(text: string, variable: string): Secrets {
  const result = v.safeParse(secrets, documentIn(text, variable));
  if (result.success) return result.output;
  const places = [...new Set(result.issues.map((issue) => v.getDotPath(issue) ?? 'the whole document'))];
  throw new Error(`${variable} is not as expected at: ${places.join(', ')}`);
}

function documentIn(text: string, variable: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${variable} is not JSON`);
  }
}
