/** Campaigns in memory: same promises, same refusals, for tests and simulation only. */
import { verdicts } from '../../campaigns/occurrence.ts';
import type {
  Done,
  OccurrenceName,
  Page,
  PageName,
  PageProgress,
  PastOccurrence,
  Place,
  PlaceVerdict,
  Queued,
  UnderWay,
} from '../../campaigns/occurrence.ts';
import type { Instant } from '../../kernel/time.ts';
import type { Campaigns } from '../../ports.ts';
import { expectVersion } from './shelf.ts';

const occurrenceText = ({ campaign, day }: OccurrenceName): string => `${day}#${campaign}`;
const pageText = (name: PageName): string => `${occurrenceText(name)}#${name.wave}#${name.page}`;

export class MemoryCampaigns implements Campaigns {
  #underWay: UnderWay = { version: 0, occurrences: [] };
  readonly #past = new Map<string, PastOccurrence>();
  readonly #pages = new Map<string, Page>();
  readonly #progress = new Map<string, PageProgress>();

  async underWay(): Promise<UnderWay> {
    return structuredClone(this.#underWay);
  }

  async saveUnderWay(underWay: UnderWay): Promise<void> {
    expectVersion('campaigns under way', this.#underWay.version, underWay.version);
    this.#underWay = structuredClone({ ...underWay, version: underWay.version + 1 });
  }

  async past(name: OccurrenceName): Promise<PastOccurrence | undefined> {
    return structuredClone(this.#past.get(occurrenceText(name)));
  }

  async keepPast(past: PastOccurrence): Promise<void> {
    const name = occurrenceText(past);
    if (!this.#past.has(name)) this.#past.set(name, structuredClone(past));
  }

  async allPast(): Promise<readonly PastOccurrence[]> {
    const all = [...this.#past].toSorted(([a], [b]) => (a < b ? 1 : -1));
    return structuredClone(all.map(([, past]) => past));
  }

  async page(name: PageName): Promise<Page | undefined> {
    return structuredClone(this.#pages.get(pageText(name)));
  }

  async keepPage(page: Page): Promise<Page> {
    const standing = this.#pages.get(pageText(page)) ?? structuredClone(page);
    this.#pages.set(pageText(page), standing);
    return structuredClone(standing);
  }

  async noteQueued(name: PageName, queued: Queued): Promise<void> {
    const { later: _later, ...known } = this.#known(name);
    this.#progress.set(pageText(name), structuredClone({ ...known, queued }));
  }

  async mark(place: Place, verdict: PlaceVerdict): Promise<void> {
    const known = this.#known(place);
    const { ordinal } = place;
    const isIn = (one: PlaceVerdict): boolean => known.done[one]?.includes(ordinal) === true;
    if (verdicts.some((one) => isIn(one) && (one !== 'parked' || verdict === 'parked'))) return;
    const done: Done = {
      ...without(known.done, ordinal),
      [verdict]: [...(known.done[verdict] ?? []), ordinal].toSorted((a, b) => a - b),
    };
    this.#progress.set(pageText(place), { ...known, done });
  }

  async markLater(name: PageName, until: Instant): Promise<void> {
    const known = this.#known(name);
    this.#progress.set(pageText(name), { ...known, later: Math.min(until, known.later ?? Infinity) });
  }

  async progress({ campaign, day }: OccurrenceName): Promise<readonly PageProgress[]> {
    const ofIt = [...this.#progress.values()].filter((one) => one.campaign === campaign && one.day === day);
    return structuredClone(ofIt.toSorted((a, b) => a.wave - b.wave || a.page - b.page));
  }

  #known({ campaign, day, wave, page }: PageName): PageProgress {
    return this.#progress.get(pageText({ campaign, day, wave, page })) ?? { campaign, day, wave, page, done: {} };
  }
}

/** What was given up is no more, once it has another verdict. */
function without({ parked, ...others }: Done, ordinal: number): Done {
  const left = (parked ?? []).filter((one) => one !== ordinal);
  return left.length === 0 ? others : { ...others, parked: left };
}
