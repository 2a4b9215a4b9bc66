/**
 * Orders and refunds. `orders/create` is the order; every other topic repeats the whole order as it is by then, and only
 * cancellation has a name of its own in the Segment spec.
 */
import { isObject, type JsonObject } from '../../kernel/json.ts';
import { buyerOf } from './buyer.ts';
import { amount, known, read, reference, sum, text, type Delivery, type Saying } from './delivery.ts';
import { currencyOf, objectsOf, productOf, productsOf } from './lines.ts';

export function orderSaying(delivery: Delivery): Saying {
  const { body, receivedAt } = delivery;
  const buyer = buyerOf(body, receivedAt);
  const id = text(body, 'id');
  return {
    ...buyer,
    type: 'track',
    resource: id,
    ...momentOf(delivery),
    identifiers: [
      ...buyer.identifiers,
      ...reference('order', id),
      ...reference('cart', text(body, 'cart_token')),
      ...reference('checkout', text(body, 'checkout_token')),
    ],
  };
}

/** `processed_at` is when money moved, perhaps days later: it is no time of the order. */
function momentOf(delivery: Delivery): Pick<Saying, 'name' | 'times' | 'properties'> {
  const { topic, body } = delivery;
  const properties = orderProperties(delivery);
  switch (topic) {
    case 'orders/create':
      return { name: 'Order Completed', times: [body['created_at']], properties };
    case 'orders/cancelled':
      return {
        name: 'Order Cancelled',
        times: [body['cancelled_at'], body['updated_at']],
        properties: { ...properties, ...known({ reason: text(body, 'cancel_reason') }) },
      };
  }
  const status = known({
    financial_status: text(body, 'financial_status'),
    fulfillment_status: text(body, 'fulfillment_status'),
  });
  return { name: 'Order Updated', times: [body['updated_at']], properties: { ...properties, ...status } };
}

const orderProperties = ({ body, shop }: Delivery): JsonObject =>
  known({
    order_id: text(body, 'id'),
    order_name: text(body, 'name'),
    checkout_id: text(body, 'checkout_token'),
    checkout_numeric_id: text(body, 'checkout_id'),
    cart_id: text(body, 'cart_token') ?? text(body, 'checkout_token'),
    total: amount(body, 'total_price'),
    subtotal: amount(body, 'subtotal_price'),
    shipping: shippingOf(body),
    tax: amount(body, 'total_tax'),
    discount: amount(body, 'total_discounts'),
    coupon: text(body, 'discount_codes.0.code'),
    currency: text(body, 'currency'),
    products: productsOf(body['line_items']),
    channel: text(body, 'source_name') === 'pos' ? 'store' : 'web',
    affiliation: shop,
  });

function shippingOf(body: JsonObject): number | undefined {
  const lines = objectsOf(body['shipping_lines']).flatMap((line) => amount(line, 'price') ?? []);
  return amount(body, 'total_shipping_price_set.shop_money.amount') ?? (lines.length === 0 ? undefined : sum(lines));
}

/** What was added and removed comes as line ids only; `orders/updated` follows with the whole order. */
export function orderEditedSaying({ body }: Delivery): Saying {
  const order = text(body, 'order_edit.order_id');
  return {
    type: 'track',
    name: 'Order Updated',
    resource: text(body, 'order_edit.id') ?? order,
    times: [read(body, 'order_edit.created_at')],
    identifiers: reference('order', order),
    properties: known({ order_id: order }),
  };
}

/** A refund knows its order, not its customer: the order's reference leads to the person. */
export function refundSaying({ body }: Delivery): Saying {
  const [id, order] = [text(body, 'id'), text(body, 'order_id')];
  const lines = objectsOf(body['refund_line_items']);
  const paidBack = objectsOf(body['transactions']).filter(isPaidBack);
  const total = paidBack.length > 0 ? sum(paidBack.map(moneyOf)) : sum(lines.map(lineMoneyOf));
  return {
    type: 'track',
    name: 'Order Refunded',
    resource: id,
    times: [body['processed_at'], body['created_at']],
    identifiers: reference('order', order),
    properties: known({
      order_id: order,
      refund_id: id,
      total,
      currency: text(paidBack[0], 'currency') ?? currencyOf(lines[0]),
      products: lines.map(refundedProduct),
    }),
  };
}

const isPaidBack = (transaction: JsonObject): boolean =>
  text(transaction, 'kind') === 'refund' && !['failure', 'error'].includes(text(transaction, 'status') ?? '');

const moneyOf = (transaction: JsonObject): number => amount(transaction, 'amount') ?? 0;
const lineMoneyOf = (line: JsonObject): number => (amount(line, 'subtotal') ?? 0) + (amount(line, 'total_tax') ?? 0);

/** The line as it was ordered, with the pieces that came back. */
const refundedProduct = (line: JsonObject): JsonObject => ({
  ...(isObject(line['line_item']) ? productOf(line['line_item']) : {}),
  ...known({ quantity: amount(line, 'quantity') }),
});
