/** All that campaigns call, with something that happens before each call: a count, a pause, or the death of the caller. */
import type { Ports } from '../../shared/ports.ts';
import { boundSettings } from './bound-ports.ts';
import { slowPeople } from './slow-people.ts';

export function watchedPorts(ports: Ports, before: (call: string) => Promise<void>): Ports {
  const { people, campaigns, queues, carriers, settings } = ports;
  const first =
    <A extends readonly unknown[], R>(name: string, call: (...given: A) => Promise<R>) =>
    async (...given: A): Promise<R> => {
      await before(name);
      return call(...given);
    };
  return {
    ...ports,
    people: slowPeople(people, () => before('people')),
    campaigns: {
      underWay: first('underWay', () => campaigns.underWay()),
      saveUnderWay: first('saveUnderWay', (book) => campaigns.saveUnderWay(book)),
      past: first('past', (name) => campaigns.past(name)),
      keepPast: first('keepPast', (past) => campaigns.keepPast(past)),
      allPast: first('allPast', () => campaigns.allPast()),
      page: first('page', (name) => campaigns.page(name)),
      keepPage: first('keepPage', (page) => campaigns.keepPage(page)),
      noteQueued: first('noteQueued', (name, queued) => campaigns.noteQueued(name, queued)),
      mark: first('mark', (place, verdict) => campaigns.mark(place, verdict)),
      markLater: first('markLater', (name, until) => campaigns.markLater(name, until)),
      progress: first('progress', (name) => campaigns.progress(name)),
    },
    queues: {
      sendEvents: first('sendEvents', (envelopes) => queues.sendEvents(envelopes)),
      sendWork: first('sendWork', (work, at) => queues.sendWork(work, at)),
      sendOutbox: first('sendOutbox', (items, kind) => queues.sendOutbox(items, kind)),
      workBacklog: first('workBacklog', () => queues.workBacklog()),
      campaignBacklog: first('campaignBacklog', () => queues.campaignBacklog()),
    },
    carriers: {
      send: first('send', (message) => carriers.send(message)),
      allowance: first('allowance', (channel) => carriers.allowance(channel)),
      post: first('post', (call) => carriers.post(call)),
    },
    settings: {
      ...boundSettings(ports),
      campaign: first('campaign', (hash) => settings.campaign(hash)),
      feedbackUntil: first('feedbackUntil', (channel) => settings.feedbackUntil(channel)),
    },
  };
}
