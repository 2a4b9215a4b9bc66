/**
 * How a client of AWS calls a provider of messages: once, and with an answer in time (promise 2: never twice).
 */

export interface Timeouts {
  readonly connection: number;
  readonly request: number;
  readonly idle: number;
}

/** Milliseconds. An answer that takes longer is "unknown"; the deliver function lives for 60 seconds. */
export const senderTimeouts: Timeouts = { connection: 3_000, request: 10_000, idle: 4_000 };

/**
 * Settings of a client that the SDK never lets repeat a call.
 * Idle connections are closed early: one that died while the container slept would turn a send into an "unknown".
 */
export function oneAttempt({ connection, request, idle }: Timeouts) {
  const agent = { keepAlive: true, maxSockets: 50, timeout: idle };
  return {
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: connection,
      requestTimeout: request,
      throwOnRequestTimeout: true, // else the SDK only warns
      socketTimeout: request,
      httpAgent: agent,
      httpsAgent: agent,
    },
  };
}
