/** Ports as plain objects of which a test changes one call. */
import type { Ports } from '../../shared/ports.ts';

export const boundQueues = ({ queues }: Pick<Ports, 'queues'>): Ports['queues'] => ({
  sendEvents: (envelopes) => queues.sendEvents(envelopes),
  sendWork: (work, at) => queues.sendWork(work, at),
  sendOutbox: (items, kind) => queues.sendOutbox(items, kind),
  workBacklog: () => queues.workBacklog(),
  campaignBacklog: () => queues.campaignBacklog(),
});

export const boundSettings = ({ settings }: Pick<Ports, 'settings'>): Ports['settings'] => ({
  config: (atLeast) => settings.config(atLeast),
  journey: (hash) => settings.journey(hash),
  campaign: (hash) => settings.campaign(hash),
  publish: (config) => settings.publish(config),
  timerSweep: () => settings.timerSweep(),
  saveTimerSweep: (sweep) => settings.saveTimerSweep(sweep),
  feedbackUntil: (channel) => settings.feedbackUntil(channel),
  noteFeedback: (channel, acceptedAt) => settings.noteFeedback(channel, acceptedAt),
  firstAsked: (key, asked, standsFor) => settings.firstAsked(key, asked, standsFor),
});
