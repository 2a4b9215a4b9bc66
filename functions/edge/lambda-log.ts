/** One JSON line an outcome, as CloudWatch reads it: ids and outcomes, never people. */
import { Logger } from '@aws-lambda-powertools/logger';
import type { Environment } from '../../shared/adapters/aws/client.ts';
import type { Log } from '../../shared/ports.ts';

export function lambdaLog(environment: Environment): Log {
  const logger = new Logger({ serviceName: environment['AWS_LAMBDA_FUNCTION_NAME'] ?? 'relance' });
  return (level, outcome, ids) => logger[level](outcome, { ...ids });
}
