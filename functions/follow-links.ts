/**
 * GET and POST /l/{kind}/{token}
 * Our own links: the page that asks before unsubscribing, the unsubscription, the click that leads on.
 */
import { acceptedLanguage } from '../shared/messages/locale.ts';
import { confirmPage, donePage, linkHeaders, notOursPage, pageLanguages } from '../shared/messages/link-pages.ts';
import { followLinks, type FollowPorts } from '../shared/pipeline/follow-links.ts';
import { httpHandler, page, redirect, type HttpRequest } from './edge/http.ts';
import { onLambda } from './edge/runtime.ts';

/** Browsers say so when they load a page before anybody asked for it. */
const looksAhead = /prefetch|prerender|preview/i;

const answer =
  (ports: FollowPorts) =>
  async ({ method, path, headers }: HttpRequest) => {
    const language = acceptedLanguage(headers['accept-language'], pageLanguages);
    const ahead = looksAhead.test(headers['sec-purpose'] ?? headers['purpose'] ?? headers['x-moz'] ?? '');
    const followed = await followLinks(ports, { method, kind: path['kind'] ?? '', token: path['token'] ?? '', ahead });
    switch (followed.kind) {
      case 'confirm':
        return page(200, confirmPage(language, followed.channel, followed.brand));
      case 'unsubscribed':
        return page(200, donePage(language, followed.channel));
      case 'redirect':
        return redirect(followed.to);
      case 'not-ours':
        return page(404, notOursPage(language));
    }
  };

export const createHandler = (ports: FollowPorts) => httpHandler(ports, answer(ports), linkHeaders);

export const handler = onLambda(createHandler);
