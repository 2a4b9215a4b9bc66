/** Segment requests as they were recorded, and the examples of the spec. */
import { readdirSync, readFileSync } from 'node:fs';
import { at, isObject, parseJson, textOf, type Json, type JsonObject } from '../../shared/kernel/json.ts';

const folder = new URL('../fixtures/segment/', import.meta.url);
const readText = (name: string): string => readFileSync(new URL(name, folder), 'utf8');

export interface RecordedRequest {
  readonly name: string;
  /** Last part of the path. */
  readonly call: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Raw headers come as a flat list of names and values. */
function recorded(name: string, line: string): RecordedRequest {
  const request = parseJson(line);
  if (!isObject(request) || !Array.isArray(request['rawHeaders'])) throw new Error(`${name} is no recorded request`);
  const raw = request['rawHeaders'].map((one: Json) => textOf(one) ?? '');
  const pairs = raw.flatMap((header: string, index: number): [string, string][] =>
    index % 2 === 0 ? [[header.toLowerCase(), raw[index + 1] ?? '']] : [],
  );
  const url = textOf(request['url']) ?? '';
  return {
    name: `${name} ${url}`,
    call: url.split('/').at(-1) ?? '',
    headers: Object.fromEntries(pairs),
    body: textOf(request['body']) ?? '',
  };
}

export const recordedRequests: readonly RecordedRequest[] = ['analytics-node_ok.jsonl', 'analytics-next_standard.jsonl'].flatMap(
  (name) =>
    readText(name)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => recorded(name, line)),
);

/** The write keys that the recorded requests carry. */
export const recordedKeys = { wk_test_1: 'server', wk_web: 'browser' } as const;

export const specExamples: readonly { readonly name: string; readonly call: JsonObject }[] = readdirSync(
  new URL('spec-examples/', folder),
)
  .filter((name) => name.startsWith('spec_'))
  .map((name) => ({ name, call: parseJson(readText(`spec-examples/${name}`)) }))
  .flatMap(({ name, call }) => (isObject(call) ? [{ name, call }] : []));

/** Event name and properties of each `track` example of the e-commerce spec. */
export const ecommerceExamples: readonly { readonly event: string; readonly properties: JsonObject }[] = (() => {
  const examples = parseJson(readText('spec-examples/ecommerce-v2_and_email_examples.json'));
  return Array.from({ length: Array.isArray(examples) ? examples.length : 0 }, (_, index) => String(index)).flatMap((index) => {
    const [event, properties] = [at(examples, [index, 'args', '0']), at(examples, [index, 'args', '1'])];
    return typeof event === 'string' && isObject(properties) ? [{ event, properties }] : [];
  });
})();
