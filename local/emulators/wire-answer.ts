/** What the emulators answer over HTTP, whichever of the AWS protocols a service speaks. */
import { AwsError } from './aws-error.ts';

export interface Answer {
  readonly kind: 'answer';
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A defect of the emulator is told as the service's own failure, with its reason. */
export function refusalOf(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  return new AwsError('InternalFailure', `The local emulator failed: ${error instanceof Error ? error.message : 'unknown'}`, 500);
}

/** The action ready to be done; undefined when there is none of that name. */
export function bound<C, R>(actions: Readonly<Record<string, (call: C) => R>>, name: string, call: C): (() => R) | undefined {
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  return action === undefined ? undefined : () => action(call);
}

export const jsonAnswer = (type: string, result: unknown): Answer => ({
  kind: 'answer',
  status: 200,
  type,
  body: JSON.stringify(result),
});

/** As the JSON protocols tell it: by `__type` in the body, and for REST by a header. */
export function jsonRefusal(type: string, error: unknown): Answer {
  const { status, code, message } = refusalOf(error);
  const body = JSON.stringify({ __type: code, message });
  return { kind: 'answer', status, type, headers: { 'x-amzn-errortype': code }, body };
}
