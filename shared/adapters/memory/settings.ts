/** What is live, in memory. No cache: a world in memory has one container. */
import type { CampaignVersion, Config, JourneyVersion } from '../../config/config.ts';
import type { Channel } from '../../events/event.ts';
import type { Instant } from '../../kernel/time.ts';
import type { Asked, Settings, TimerSweep } from '../../ports.ts';

export class MemorySettings implements Settings {
  readonly #journeys = new Map<string, JourneyVersion>();
  readonly #campaigns = new Map<string, CampaignVersion>();
  readonly #feedback = new Map<Channel, Instant>();
  readonly #asked = new Map<string, { readonly asked: Asked; readonly until: Instant }>();
  #config: Config | undefined;
  #sweep: TimerSweep = { queuedUntil: 0 };

  async config(): Promise<Config> {
    if (this.#config === undefined) throw new Error('no config is live: publish one with `npm run -s relance -- setup`');
    return structuredClone(this.#config);
  }

  async journey(hash: string): Promise<JourneyVersion | undefined> {
    return structuredClone(this.#journeys.get(hash));
  }

  async campaign(hash: string): Promise<CampaignVersion | undefined> {
    return structuredClone(this.#campaigns.get(hash));
  }

  async publish(config: Omit<Config, 'generation'>): Promise<Config> {
    this.#config = structuredClone({ ...config, generation: (this.#config?.generation ?? 0) + 1 });
    for (const journey of this.#config.journeys) this.#journeys.set(journey.hash, journey);
    for (const campaign of this.#config.campaigns) this.#campaigns.set(campaign.hash, campaign);
    return structuredClone(this.#config);
  }

  async timerSweep(): Promise<TimerSweep> {
    return structuredClone(this.#sweep);
  }

  async saveTimerSweep(sweep: TimerSweep): Promise<void> {
    this.#sweep = structuredClone(sweep);
  }

  async feedbackUntil(channel: Channel): Promise<Instant> {
    return this.#feedback.get(channel) ?? 0;
  }

  async noteFeedback(channel: Channel, acceptedAt: Instant): Promise<void> {
    this.#feedback.set(channel, Math.max(acceptedAt, await this.feedbackUntil(channel)));
  }

  async firstAsked(key: string, asked: Asked, standsFor: number): Promise<Asked> {
    const standing = this.#asked.get(key);
    if (standing !== undefined && standing.until > asked.at) return structuredClone(standing.asked);
    this.#asked.set(key, structuredClone({ asked, until: asked.at + standsFor }));
    return asked;
  }
}
