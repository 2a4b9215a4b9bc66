/**
 * How an AWS service refuses a call: a code that clients branch on, a sentence, and whose fault it is.
 * Thrown by the emulators' actions and written by their wire protocol.
 */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = 'AwsError';
    this.code = code;
    this.status = status;
  }

  /** Whose fault it is: services say Sender below 500, Receiver above. */
  get side(): 'Sender' | 'Receiver' {
    return this.status < 500 ? 'Sender' : 'Receiver';
  }
}

export const unknownAction = (action: string): AwsError =>
  new AwsError('InvalidAction', `The action ${action} is not one that the local emulator knows.`, 400);
