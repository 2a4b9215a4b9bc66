/**
 * All tests, in one project. Each file gets its own process, because files start the local stack on loopback ports.
 * With CI=true a JSON report is written as well; .ci/run counts from it.
 */
import { defineConfig } from 'vitest/config';

const inCi = Boolean(process.env['CI']);

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/prove/**'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
    reporters: inCi ? ['default', ['json', { outputFile: '.test-results/vitest.json' }]] : ['default'],
    coverage: { provider: 'v8', include: ['shared/**', 'functions/**'], reportsDirectory: 'coverage' },
    // A client that nobody pointed at the local stack fails at once instead of looking for AWS.
    env: {
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
      AWS_REGION: 'eu-west-3',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
  },
});
