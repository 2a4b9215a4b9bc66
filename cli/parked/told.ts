/** Parked items as a person reads them. Bodies are personal data: they are shown only where they are asked for. */
import { exactDays } from '../../shared/kernel/time.ts';
import type { Parked } from '../../shared/ports.ts';

const keptDays = 14;
const longestReason = 160;

export const when = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

export const reasonsOf = ({ problems }: Pick<Parked, 'problems'>): readonly string[] =>
  problems.map(({ where, problem }) => (where === '' ? problem : `${where}: ${problem}`));

export const inList = (item: Parked): readonly string[] => [
  item.id,
  `  ${when(item.at)}  ${item.stage}`,
  ...reasonsOf(item)
    .slice(0, 1)
    .map((reason) => `  ${shortened(reason)}`),
];

const shortened = (text: string): string => (text.length <= longestReason ? text : `${text.slice(0, longestReason)}…`);

export const inFull = (item: Parked): readonly string[] => [
  `Id      ${item.id}`,
  `Stage   ${item.stage}`,
  `Since   ${when(item.at)}, kept until ${when(item.at + exactDays(keptDays))}`,
  `Size    ${Buffer.byteLength(item.body)} bytes (personal data; --body shows it)`,
  'Why     ',
  ...reasonsOf(item).map((reason) => `  ${reason}`),
];

/** Without body and hashed identifiers. */
export const asJson = ({ id, at, stage, problems, body }: Parked) => ({
  id,
  at: new Date(at).toISOString(),
  stage,
  problems,
  bytes: Buffer.byteLength(body),
});
