/** `Cart Updated`: what Relance raises itself after every event that changes the cart or checkout, whatever the source. */
import type { Event } from '../events/event.ts';
import { cartEventId } from '../journeys/entry.ts';
import type { Cart } from '../profile/cart.ts';
import type { HotState } from '../profile/profile.ts';
import { cartFacts } from './person-facts.ts';

/** A late change moves no wait back: it is raised at the last change. */
export const cartUpdated = (cause: Pick<Event, 'id'>, cart: Cart, hot: HotState): Event => ({
  id: cartEventId(cause),
  type: 'track',
  name: 'Cart Updated',
  occurredAt: cart.changedAt,
  properties: { ...cartFacts(hot), cart_id: cart.id },
});

/** The last one, for whoever looks for it in the timeline, where it does not stand. None once the cart is closed. */
export const lastCartUpdated = (hot: HotState): readonly Event[] =>
  hot.cart === undefined ? [] : [cartUpdated({ id: hot.cart.id }, hot.cart, hot)];
