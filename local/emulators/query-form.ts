/**
 * The query protocol of SES v1 and SNS: parameters as a form with dotted names, answers and refusals as XML.
 */
import { randomUUID } from 'node:crypto';
import { AwsError } from './aws-error.ts';

/** The parameters under one prefix of a form such as `Tags.member.1.Name`. */
export class QueryForm {
  readonly #parameters: URLSearchParams;
  readonly #prefix: string;

  private constructor(parameters: URLSearchParams, prefix: string) {
    this.#parameters = parameters;
    this.#prefix = prefix;
  }

  static parse(body: string): QueryForm {
    return new QueryForm(new URLSearchParams(body), '');
  }

  optionalText(name: string): string | undefined {
    return this.#parameters.get(this.#prefix + name) ?? undefined;
  }

  text(name: string): string {
    const value = this.optionalText(name);
    if (value === undefined || value === '')
      throw new AwsError(
        'ValidationError',
        `1 validation error detected: Value null at '${name}' failed to satisfy constraint: Member must not be null`,
      );
    return value;
  }

  at(name: string): QueryForm {
    return new QueryForm(this.#parameters, `${this.#prefix}${name}.`);
  }

  /** The elements of a list; each is a form of its own, whose plain value has the empty name. */
  list(name: string, member = 'member'): readonly QueryForm[] {
    const elements: QueryForm[] = [];
    for (let position = 1; this.#has(`${name}.${member}.${position}`); position += 1)
      elements.push(this.at(`${name}.${member}.${position}`));
    return elements;
  }

  /** The plain values of a list. */
  texts(name: string, member = 'member'): readonly string[] {
    const values: string[] = [];
    for (let value = this.optionalText(`${name}.${member}.1`); value !== undefined;) {
      values.push(value);
      value = this.optionalText(`${name}.${member}.${values.length + 1}`);
    }
    return values;
  }

  /** A map written as entries with `key` and `value`. */
  entries(name: string): Readonly<Record<string, string>> {
    return Object.fromEntries(
      this.list(name, 'entry').map((entry): [string, string] => [
        entry.optionalText('key') ?? '',
        entry.optionalText('value') ?? '',
      ]),
    );
  }

  #has(name: string): boolean {
    const full = this.#prefix + name;
    return this.#parameters.has(full) || this.#parameters.keys().some((key) => key.startsWith(`${full}.`));
  }
}

/** Markup that is already escaped. */
export interface Xml {
  readonly markup: string;
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => escapes[character] ?? character);

/** One element; text is escaped, elements are not again. */
export const element = (name: string, ...content: readonly (string | number | boolean | Xml)[]): Xml => ({
  markup: `<${name}>${content.map((part) => (typeof part === 'object' ? part.markup : escape(String(part)))).join('')}</${name}>`,
});

export const members = (name: string, values: readonly (string | Xml)[], member = 'member'): Xml =>
  element(name, ...values.map((value) => element(member, value)));

export const mapEntries = (name: string, values: Readonly<Record<string, string>>): Xml =>
  element(name, ...Object.entries(values).map(([key, value]) => element('entry', element('key', key), element('value', value))));

/** A whole answer: `<ActionResponse><ActionResult>…`. */
export function answerXml(action: string, namespace: string, result: readonly Xml[]): string {
  const inner = result.map((part) => part.markup).join('');
  const metadata = element('ResponseMetadata', element('RequestId', randomUUID())).markup;
  return `<${action}Response xmlns="${namespace}"><${action}Result>${inner}</${action}Result>${metadata}</${action}Response>`;
}

export function errorXml(error: AwsError, namespace: string): string {
  const detail = element('Error', element('Type', error.side), element('Code', error.code), element('Message', error.message));
  return `<ErrorResponse xmlns="${namespace}">${detail.markup}${element('RequestId', randomUUID()).markup}</ErrorResponse>`;
}
