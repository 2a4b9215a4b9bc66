/**
 * Reads the fields of an AWS JSON request and refuses what the service would refuse, in its words.
 */
import { AwsError } from './aws-error.ts';

export class JsonFields {
  readonly #values: ReadonlyMap<string, unknown>;

  private constructor(values: ReadonlyMap<string, unknown>) {
    this.#values = values;
  }

  static parse(body: string): JsonFields {
    let value: unknown;
    try {
      value = JSON.parse(body === '' ? '{}' : body);
    } catch {
      throw new AwsError('SerializationException', 'The request is no JSON.');
    }
    return JsonFields.#of(value, 'request');
  }

  static #of(value: unknown, name: string): JsonFields {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new AwsError('SerializationException', `${name} must be an object.`);
    return new JsonFields(new Map(Object.entries(value)));
  }

  names(): readonly string[] {
    return [...this.#values.keys()];
  }

  optionalText(name: string): string | undefined {
    const value = this.#values.get(name);
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string') throw new AwsError('SerializationException', `${name} must be a string.`);
    return value;
  }

  text(name: string): string {
    const value = this.optionalText(name);
    if (value === undefined || value === '')
      throw new AwsError('MissingParameter', `The request must contain the parameter ${name}.`);
    return value;
  }

  /** False where it is not there. */
  flag(name: string): boolean {
    return this.#values.get(name) === true;
  }

  /** A whole number within the limits that the service names in its refusal. */
  optionalWhole(name: string, lowest: number, highest: number): number | undefined {
    const value = this.#values.get(name);
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'number' || !Number.isInteger(value))
      throw new AwsError('SerializationException', `${name} must be a whole number.`);
    if (value < lowest || value > highest) {
      const reason = `${name} must be >= ${lowest} and <= ${highest}.`;
      throw new AwsError('InvalidParameterValue', `Value ${value} for parameter ${name} is invalid. Reason: ${reason}`);
    }
    return value;
  }

  texts(name: string): readonly string[] {
    return this.#list(name).map((value) => {
      if (typeof value !== 'string') throw new AwsError('SerializationException', `${name} must hold strings.`);
      return value;
    });
  }

  objects(name: string): readonly JsonFields[] {
    return this.#list(name).map((value) => JsonFields.#of(value, name));
  }

  /** The members of an object by name; empty when it is not there. */
  optionalObject(name: string): JsonFields {
    const value = this.#values.get(name);
    return value === undefined || value === null ? new JsonFields(new Map()) : JsonFields.#of(value, name);
  }

  object(name: string): JsonFields {
    return JsonFields.#of(this.#values.get(name), name);
  }

  #list(name: string): readonly unknown[] {
    const value = this.#values.get(name);
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) throw new AwsError('SerializationException', `${name} must be a list.`);
    return value;
  }
}
