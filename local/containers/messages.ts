/** What the host and a container say to each other. Events and answers are JSON, as they are in Lambda. */
import * as v from 'valibot';

/** Given to a container when it starts. */
export const settings = v.object({
  /** File whose export `handler` is called. */
  bundle: v.string(),
  clock: v.instance(SharedArrayBuffer),
});
export type Settings = v.InferOutput<typeof settings>;

export const task = v.object({
  event: v.string(),
  context: v.object({
    functionName: v.string(),
    functionVersion: v.string(),
    invokedFunctionArn: v.string(),
    memoryLimitInMB: v.string(),
    awsRequestId: v.string(),
    logGroupName: v.string(),
    logStreamName: v.string(),
    callbackWaitsForEmptyEventLoop: v.boolean(),
  }),
  /** Until it times out. */
  milliseconds: v.number(),
});
export type Task = v.InferOutput<typeof task>;

/** What a container found when its bundle was loaded. */
const ready = v.object({
  kind: v.literal('ready'),
  threadId: v.number(),
  /** URLs of the files that were loaded for it. */
  modules: v.array(v.string()),
  /** As it was before anything was loaded. */
  environment: v.record(v.string(), v.string()),
});
export type Ready = v.InferOutput<typeof ready>;

export const report = v.variant('kind', [
  ready,
  v.object({ kind: v.literal('answered'), result: v.optional(v.string()) }),
  v.object({ kind: v.literal('failed'), name: v.string(), message: v.string(), stack: v.optional(v.string()) }),
]);
export type Report = v.InferOutput<typeof report>;
