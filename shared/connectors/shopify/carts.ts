/**
 * Carts and checkouts. Each delivery repeats all lines, so each is a snapshot: `Cart Viewed`, `Checkout Started`, and our
 * `Checkout Updated`, `Checkout Deleted` for what the Segment spec has no name for.
 */
import { buyerOf } from './buyer.ts';
import { amount, known, reference, text, type Delivery, type Saying } from './delivery.ts';
import { currencyOf, objectsOf, productsOf, valueOf } from './lines.ts';

/** Carts carry no identity; the checkout that follows names their token and so the person. No lines = an emptied cart. */
export function cartSaying({ body }: Delivery): Saying {
  const token = text(body, 'token') ?? text(body, 'id');
  return {
    type: 'track',
    name: 'Cart Viewed',
    resource: token,
    times: [body['updated_at'], body['created_at']],
    identifiers: reference('cart', token),
    properties: known({
      cart_id: token,
      products: productsOf(body['line_items']),
      value: valueOf(body['line_items']),
      currency: text(body, 'currency') ?? currencyOf(objectsOf(body['line_items'])[0]),
    }),
  };
}

/** The checkout's own token stands for the cart where no cart came before it. */
export function checkoutSaying({ topic, body, receivedAt }: Delivery): Saying {
  const [token, id, cart] = [text(body, 'token'), text(body, 'id'), text(body, 'cart_token')];
  const buyer = buyerOf(body, receivedAt);
  return {
    ...buyer,
    type: 'track',
    name: topic === 'checkouts/create' ? 'Checkout Started' : 'Checkout Updated',
    resource: token ?? id,
    times: [body['updated_at'], body['created_at']],
    identifiers: [
      ...buyer.identifiers,
      ...reference('cart', cart),
      ...reference('checkout', token),
      ...reference('checkout-id', id),
    ],
    properties: known({
      checkout_id: token ?? id,
      checkout_numeric_id: id,
      cart_id: cart ?? token ?? id,
      products: productsOf(body['line_items']),
      value: amount(body, 'total_price'),
      currency: text(body, 'currency'),
      coupon: text(body, 'discount_codes.0.code'),
      url: text(body, 'abandoned_checkout_url'),
      completed: text(body, 'completed_at') === undefined ? undefined : true,
    }),
  };
}

/** A deletion names the checkout by its numeric id alone and says no time. */
export function checkoutDeletedSaying({ body }: Delivery): Saying {
  const [token, id] = [text(body, 'token'), text(body, 'id')];
  return {
    type: 'track',
    name: 'Checkout Deleted',
    resource: id ?? token,
    times: [],
    identifiers: [...reference('checkout', token), ...reference('checkout-id', id)],
    properties: known({ checkout_id: token ?? id, checkout_numeric_id: id }),
  };
}
