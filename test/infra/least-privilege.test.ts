/**
 * The end-to-end story with every call of a function checked against the policy that is synthesised for it: what AWS would
 * refuse is refused here. Once in this process, from the sources, and once from the bundles.
 */
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { makeBundles } from '../../local/containers/make-bundles.ts';
import { invocation } from '../../local/host.ts';
import type { LocalClients } from '../../local/stack.ts';
import { choices } from '../../relance.config.ts';
import { functions } from '../../shared/topology.ts';
import { askedOfIam } from './asked-of-iam.ts';
import { distStory } from './dist-story.ts';
import type { DeployedFunction } from '../../infra/deployed-functions.ts';
import { isAllowed } from './is-allowed.ts';
import { cartAndClubBy } from '../stories/changed-config.ts';
import { hours, minutes, recorded, shop, type Shop } from '../stories/shop.ts';

/** The example shop sends from news.atelier-lumiere.fr. */
const bundles = await makeBundles({ ...choices, domain: 'atelier-lumiere.fr' });
const deployed = bundles.functions;

class Guard {
  /** `advance-journeys dynamodb:PutItem …` that the function's policy does not allow. */
  readonly refused: string[] = [];
  readonly callers = new Set<string>();
  /** `deliver-messages PublishCommand` */
  readonly asked = new Set<string>();

  watch({ dynamo, sqs, ses, sns }: LocalClients): void {
    const place = { step: 'initialize', name: 'guard' } as const;
    dynamo.middlewareStack.add((next, { commandName }) => this.#before(next, commandName), place);
    sqs.middlewareStack.add((next, { commandName }) => this.#before(next, commandName), place);
    ses.middlewareStack.add((next, { commandName }) => this.#before(next, commandName), place);
    sns.middlewareStack.add((next, { commandName }) => this.#before(next, commandName), place);
  }

  #before<Args extends { readonly input: object }, Output>(next: (args: Args) => Promise<Output>, command = '') {
    return (args: Args): Promise<Output> => {
      const caller = deployed[invocation.getStore()?.functionName ?? ''];
      if (caller !== undefined) this.#check(caller, command, args.input);
      return next(args);
    };
  }

  #check({ name, statements }: DeployedFunction, command: string, input: object): void {
    this.callers.add(name);
    this.asked.add(`${name} ${command}`);
    for (const call of askedOfIam(command, input))
      if (!isAllowed(statements, call))
        this.refused.push([name, call.action, call.resource, JSON.stringify(call.values)].join(' '));
  }
}

const cart = (story: Shop, email: string) =>
  recorded('checkouts/create', {
    id: 1,
    token: story.fresh('token'),
    email,
    buyer_accepts_marketing: true,
    created_at: story.at(),
    updated_at: story.at(),
    customer: null,
  });

describe('the story of a shop', () => {
  const guard = new Guard();
  const story = shop({ config: cartAndClubBy('email', 'sms'), onClients: (clients) => guard.watch(clients) });

  test('asks for nothing that a policy does not allow', async () => {
    const email = `${story.fresh('lea')}@example.com`;
    expect((await story.shopify('checkouts/create', cart(story, email))).status).toBe(202);
    await story.settle();
    await story.advance(minutes(31));
    const phone = story.freshPhone();
    await story.segment('identify', { userId: 'u-2', traits: { phone, consent: { sms: true } } });
    await story.segment('track', { userId: 'u-2', event: 'Product Added', properties: { product_id: 'p', price: 20 } });
    await story.settle();
    await story.advance(minutes(31));
    expect(await story.textsTo(phone)).toHaveLength(1);
    const [mail] = await story.mailsTo(email);
    const unsubscribe = /<(.*)>/.exec(mail?.headers['list-unsubscribe'] ?? '')?.[1] ?? '';
    expect((await story.request(new URL(unsubscribe).pathname, { method: 'POST' })).status).toBe(200);
    // Two who turn out to be one, an event that nobody can use, and a letter that was given up.
    await story.segment('identify', { userId: 'u-1', traits: { email: `${story.fresh('ada')}@example.com` } });
    await story.segment('identify', { userId: 'u-1', traits: { email } });
    await story.segment('track', { event: 'Nobody' });
    const { clients, emulators } = story.stack();
    await clients.sqs.send(new SendMessageCommand({ QueueUrl: emulators.sqs.urlOf('work-dead'), MessageBody: 'given up' }));
    await story.settle();
    await story.advance(hours(2));
    // A week in which the campaign goes out to one who is in the club.
    const clubs = `${story.fresh('eva')}@example.com`;
    await story.segment('identify', { userId: 'u-3', traits: { email: clubs, club: true, consent: { email: true } } });
    await story.segment('track', { userId: 'u-3', event: 'Product Added', properties: { product_id: 'p', price: 20 } });
    await story.settle();
    await story.advance(hours(24 * 7));
    expect((await story.mailsTo(clubs)).map(({ cause }) => cause?.kind)).toContain('campaign');
    expect(guard.refused).toEqual([]);
    expect([...guard.asked]).toContain('deliver-messages PublishCommand');
    expect([...guard.callers].toSorted()).toEqual(Object.keys(functions).toSorted());
  });
});

distStory(bundles);
