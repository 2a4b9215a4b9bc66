/** Carriers keep their promises in memory, through SES, through SNS and over HTTP. */
import { createServer, type Server } from 'node:http';
import { afterAll, afterEach, beforeEach, describe, vi } from 'vitest';
import { createClock } from '../../local/clock.ts';
import { type Emulators, startEmulators } from '../../local/emulators/start.ts';
import { MemoryCarriers } from '../../shared/adapters/memory/carriers.ts';
import { WebWebhooks } from '../../shared/adapters/web/webhooks.ts';
import { carriers, connectAll } from '../../shared/channels/registry.ts';
import { carriersContract, webhooksContract } from './carriers.contract.ts';

describe.each(['email', 'sms'] as const)('in memory, %s', (channel) => {
  carriersContract(channel, () => {
    const memory = new MemoryCarriers();
    return {
      carriers: memory,
      trouble: (kind) => memory.answerNext({ kind, because: 'as the test ordered' }),
      accepted: () => memory.sent(),
      calls: () => memory.calls(),
    };
  });
});

describe('through the providers', () => {
  let emulators: Emulators;

  beforeEach(async () => {
    emulators = await startEmulators({ clock: createClock() });
    vi.stubEnv('AWS_ENDPOINT_URL_SES', emulators.origin);
    vi.stubEnv('AWS_ENDPOINT_URL_SNS', emulators.origin);
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
    await emulators.stop();
  });

  const faults = { refused: 'reject', throttled: 'throttle', unknown: 'timeout-before-accept' } as const;
  const calls = () => [...emulators.calls.values()].reduce((sum, count) => sum + count, 0);

  describe('SES', () => {
    carriersContract('email', () => ({
      carriers: carriers(connectAll({})),
      trouble: (kind) => emulators.ses.failNext({ kind: faults[kind] }),
      accepted: () =>
        emulators.ses
          .inbox()
          .map(({ source, recipients, raw, tags }) => ({ from: source, to: recipients.join(), body: raw, tags })),
      calls,
    }));
  });

  describe('SNS', () => {
    carriersContract('sms', () => ({
      carriers: carriers(connectAll({})),
      trouble: (kind) => emulators.sns.failNext({ kind: faults[kind] }),
      accepted: () =>
        emulators.sns.inbox().flatMap((taken) => {
          if (taken.kind !== 'sms') return [];
          return [{ from: taken.senderId ?? '', to: taken.phoneNumber, body: Buffer.from(taken.message) }];
        }),
      calls,
    }));
  });
});

describe('webhooks in memory', () => {
  webhooksContract(async () => {
    const carriers = new MemoryCarriers();
    return {
      carriers,
      url: 'https://example.com/x',
      answerNext: (...answers) =>
        carriers.webhooks.answerNext(
          ...answers.map((answer) =>
            answer === 'unreachable'
              ? ({ kind: 'unreachable', because: 'as the test ordered' } as const)
              : ({ kind: 'answered', status: answer } as const),
          ),
        ),
      heard: () => carriers.webhooks.calls().map(({ body }) => body),
    };
  });
});

describe('webhooks over HTTP', () => {
  const servers: Server[] = [];
  afterAll(() => {
    for (const server of servers) server.close();
  });

  webhooksContract(async () => {
    const heard: string[] = [];
    const answers: (number | 'unreachable')[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        heard.push(body);
        const answer = answers.shift() ?? 200;
        if (answer === 'unreachable') request.socket.destroy();
        else response.writeHead(answer, { connection: 'close' }).end();
      });
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    return {
      carriers: new WebWebhooks(() => Date.now()),
      url: `http://127.0.0.1:${port}/x`,
      answerNext: (...next) => void answers.push(...next),
      heard: () => heard,
    };
  });
});
