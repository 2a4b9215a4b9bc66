/**
 * Why a command cannot go on, for whoever typed it: what stands in the way, and what to do about it. Errors of AWS become
 * such sentences here; nobody who uses the command line sees a stack trace.
 */
import { BadChoices } from '../infra/choices.ts';
import { Conflict, InvalidInput, Unavailable } from '../shared/kernel/errors.ts';

export type TroubleKind =
  'no-credentials' | 'bad-credentials' | 'denied' | 'busy' | 'unreachable' | 'absent' | 'refused' | 'called-wrongly';

export class Trouble extends Error {
  override readonly name = 'Trouble';
  readonly kind: TroubleKind;
  /** The next step, as a sentence. */
  readonly next: string;

  constructor(kind: TroubleKind, says: string, next: string, options?: ErrorOptions) {
    super(says, options);
    this.kind = kind;
    this.next = next;
  }
}

/** One call to AWS. `permission` is its action in IAM, such as `ses:GetAccount`. Throws Trouble. */
export async function calling<T>(permission: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw asTrouble(error, permission);
  }
}

/** For whatever ended a command. A defect of ours is named as such. */
export function asTrouble(error: unknown, permission = ''): Trouble {
  if (error instanceof Trouble) return error;
  if (error instanceof BadChoices) return new Trouble('refused', error.message, 'Correct relance.config.ts and run it again.');
  for (const cause of causes(error)) {
    const trouble = troubleOf(cause, permission);
    if (trouble !== undefined) return trouble;
  }
  const says = error instanceof Error ? error.message : String(error);
  if (error instanceof Unavailable)
    return new Trouble('busy', `AWS does not answer just now (${says}).`, 'Wait a minute and run it again.', { cause: error });
  if (error instanceof Conflict || error instanceof InvalidInput)
    return new Trouble('refused', says, 'Run it again; if it stays, say so to whoever looks after Relance.', { cause: error });
  const during = permission === '' ? '' : ` (${permission})`;
  return new Trouble('refused', `${says}${during}`, 'If the sentence above does not help, report it as a defect of Relance.', {
    cause: error,
  });
}

/** Innermost first: adapters wrap what the SDK said. */
function causes(error: unknown): readonly Error[] {
  const chain: Error[] = [];
  for (let one = error; one instanceof Error && chain.length < 10; one = one.cause) chain.unshift(one);
  return chain;
}

const withoutCredentials = new Set(['CredentialsProviderError', 'TokenProviderError', 'SSOTokenProviderFailure']);
const badCredentials = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'SignatureDoesNotMatch',
  'InvalidSignatureException',
  'IncompleteSignature',
  'IncompleteSignatureException',
  'MissingAuthenticationTokenException',
]);
const denials = new Set(['AccessDenied', 'AccessDeniedException', 'AuthorizationError', 'AuthorizationErrorException']);
const throttles = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'Throttled',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'ProvisionedThroughputExceededException',
  'LimitExceededException',
]);
const silences = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EHOSTUNREACH', 'TimeoutError']);
const absences = new Set(['ResourceNotFoundException', 'NotFoundException', 'QueueDoesNotExist']);

const signIn = 'Sign in (`aws sso login`, or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY) and run it again.';

function troubleOf(error: Error, permission: string): Trouble | undefined {
  const names = [error.name, codeOf(error)];
  const has = (known: ReadonlySet<string>): boolean => names.some((name) => known.has(name));
  const cause = { cause: error };
  if (has(withoutCredentials)) return new Trouble('no-credentials', 'There are no AWS credentials.', signIn, cause);
  if (has(badCredentials))
    return new Trouble('bad-credentials', `AWS does not accept these credentials (${error.name}).`, signIn, cause);
  if (has(denials)) return denied(error, permission);
  if (has(throttles))
    return new Trouble('busy', `AWS asks for patience${during(permission)}.`, 'Wait a minute and run it again.', cause);
  if (has(silences))
    return new Trouble(
      'unreachable',
      `AWS cannot be reached${during(permission)} (${names.at(-1) ?? error.name}).`,
      'Look at the network of this machine, and at AWS_ENDPOINT_URL if it is set, and run it again.',
      cause,
    );
  if (has(absences))
    return new Trouble('absent', `There is nothing of that name in AWS${during(permission)}.`, 'Deploy first.', cause);
  return undefined;
}

const during = (permission: string): string => (permission === '' ? '' : ` (${permission})`);

/** AWS names who asked and what for; what it does not name is what we asked. */
function denied(error: Error, permission: string): Trouble {
  const [, who] = /User: (\S+) is not authorized/.exec(error.message) ?? [];
  const [, asked] = /perform: ([a-z0-9-]+:[A-Za-z]+)/.exec(error.message) ?? [];
  const action = permission === '' || permission.startsWith('dynamodb:') ? (asked ?? permission) : permission;
  return new Trouble(
    'denied',
    `${who ?? 'The user who is signed in'} may not ${action === '' ? 'do this' : action}.`,
    `Ask whoever looks after the AWS account for the permission ${action === '' ? 'that AWS names' : action}.`,
    { cause: error },
  );
}

function codeOf(error: Error): string {
  const code: unknown = 'code' in error ? error.code : 'Code' in error ? error.Code : undefined;
  return typeof code === 'string' ? code : error.name;
}
