/**
 * What both doors do with a translated request: park what cannot be used, queue the rest, then answer. It returns only
 * after both were accepted (promise 1); it errs on the side of twice, which event ids undo.
 */
import type { Refused, Told, Translation } from '../connectors/connector.ts';
import type { Trust } from '../events/event.ts';
import { claimKey } from '../events/identifier.ts';
import { normaliseIdentifiers } from '../identity/normalise.ts';
import { raised } from '../journeys/journey.ts';
import { contentHash } from '../kernel/ids.ts';
import { canonicalJson, isObject, type Json } from '../kernel/json.ts';
import type { Instant } from '../kernel/time.ts';
import type { Parked, Ports } from '../ports.ts';
import { intoEnvelopes, reasons, type PartlyUsed } from './envelopes.ts';

export type IntakePorts = Pick<Ports, 'queues' | 'parking' | 'settings' | 'secrets' | 'log'>;

/** The door that may tell what only we raise. */
export const startStage = 'start-journey';

export interface Origin {
  /** Function or connector: where parked parts say they come from. */
  readonly stage: string;
  readonly source: string;
  readonly trust: Trust;
  readonly receivedAt: Instant;
}

export interface Rejected {
  readonly index: number;
  readonly messageId?: string;
  readonly problem: string;
}

export interface Intake {
  /** Parts of the request that went through. */
  readonly accepted: number;
  readonly rejected: readonly Rejected[];
  /** Of parts that went through: what in them was of no use. Only when there is any. */
  readonly warnings?: readonly Rejected[];
}

export async function takeIn(ports: IntakePorts, translation: Translation, origin: Origin): Promise<Intake> {
  const { country } = (await ports.settings.config()).brand;
  const { told, ours } = withoutOurs(translation.told, origin.stage);
  const sorted = intoEnvelopes(told, { ...origin, country });
  const refused = byIndex([...translation.refused, ...ours, ...sorted.refused]);
  const all = new Set([...told, ...refused].map(({ index }) => index));
  await parkAll(
    ports,
    refused.map((part) => parkedPart(part, origin, country, ports.secrets.identifierKey)),
  );
  if (sorted.envelopes.length > 0) await ports.queues.sendEvents(sorted.envelopes);
  const counts = { accepted: all.size - refused.length, rejected: refused.length };
  ports.log('info', 'taken in', {
    stage: origin.stage,
    ...counts,
    envelopes: sorted.envelopes.length,
    identifiersLeftOut: sorted.leftOut.flatMap(({ leftOut }) => leftOut).length,
  });
  const warnings = byIndex(sorted.leftOut.map(warningOf)).filter(({ index }) => !refused.some((part) => part.index === index));
  return {
    accepted: counts.accepted,
    rejected: refused.map(rejectedOf),
    ...(warnings.length === 0 ? {} : { warnings: warnings.map(rejectedOf) }),
  };
}

/** What Relance raises itself starts journeys: from a browser anybody could say it of anybody. */
const raisedByUs: ReadonlySet<string> = new Set(['Cart Updated', ...Object.values(raised)]);

function withoutOurs(all: readonly Told[], stage: string): { readonly told: readonly Told[]; readonly ours: readonly Refused[] } {
  if (stage === startStage) return { told: all, ours: [] };
  const [told, ours] = [
    all.filter(({ event }) => !raisedByUs.has(event.name)),
    all.filter(({ event }) => raisedByUs.has(event.name)),
  ];
  return {
    told,
    ours: ours.map(({ event: { name }, ...part }) => ({
      ...part,
      problem: `${name} is raised by Relance alone: call it otherwise`,
    })),
  };
}

/** A sender that is never told would go on sending an address that nobody can write to. */
const warningOf = ({ told, leftOut }: PartlyUsed): Refused => ({ ...told, problem: `left out: ${reasons(leftOut)}` });

/** One refusal a part: an alias that asks twice is refused once. */
const byIndex = (refused: readonly Refused[]): readonly Refused[] =>
  [...new Map(refused.map((part) => [part.index, part])).values()].toSorted((a, b) => a.index - b.index);

const rejectedOf = ({ index, messageId, problem }: Refused): Rejected => ({
  index,
  problem,
  ...(messageId === undefined ? {} : { messageId }),
});

/** A retry sends the same part with a new `sentAt`: it replaces the one that is parked. */
function parkedPart({ index, item, identifiers, problem }: Refused, origin: Origin, country: string, secret: string): Parked {
  return {
    id: contentHash(origin.stage, canonicalJson(withoutSentAt(item))),
    at: origin.receivedAt,
    stage: origin.stage,
    problems: [{ where: `[${index}]`, problem }],
    body: JSON.stringify(item),
    claims: normaliseIdentifiers(identifiers, country).identifiers.map((identifier) => claimKey(secret, identifier)),
  };
}

function withoutSentAt(item: Json): Json {
  if (!isObject(item)) return item;
  const { sentAt: _sentAt, ...same } = item;
  return same;
}

/** A batch can be bad in 2,500 places: some at a time, or the table throttles. */
const parkedTogether = 25;

async function parkAll({ parking }: Pick<Ports, 'parking'>, items: readonly Parked[]): Promise<void> {
  for (let from = 0; from < items.length; from += parkedTogether) {
    await Promise.all(items.slice(from, from + parkedTogether).map((item) => parking.park(item)));
  }
}
