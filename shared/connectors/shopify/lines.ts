/** Line items of carts, checkouts, orders and refunds as product objects of the Segment spec. */
import { isObject, type Json, type JsonObject } from '../../kernel/json.ts';
import { amount, known, sum, text } from './delivery.ts';

/** `variant_id` is beyond the spec: without it two sizes of one shirt are one line. Titles may be in the buyer's language. */
export const productsOf = (lines: Json | undefined): readonly JsonObject[] => objectsOf(lines).map(productOf);

export const objectsOf = (list: Json | undefined): readonly JsonObject[] => (Array.isArray(list) ? list : []).filter(isObject);

export const productOf = (line: JsonObject): JsonObject =>
  known({
    product_id: text(line, 'product_id'),
    variant_id: text(line, 'variant_id'),
    sku: text(line, 'sku'),
    name: text(line, 'presentment_title') ?? text(line, 'title') ?? text(line, 'name'),
    variant: text(line, 'presentment_variant_title') ?? text(line, 'variant_title'),
    price: amount(line, 'price'),
    quantity: amount(line, 'quantity'),
    brand: text(line, 'vendor'),
    category: text(line, 'product_type'),
    url: text(line, 'url'),
    image_url: text(line, 'image_url') ?? text(line, 'image.src') ?? text(line, 'featured_image.url'),
  });

/** After discounts; unknown when a line does not say. */
export function valueOf(lines: Json | undefined): number | undefined {
  const prices = objectsOf(lines).flatMap((line) => amount(line, 'line_price') ?? []);
  return prices.length === objectsOf(lines).length ? sum(prices) : undefined;
}

export const currencyOf = (line: Json | undefined): string | undefined =>
  text(line, 'price_set.shop_money.currency_code') ?? text(line, 'subtotal_set.shop_money.currency_code');
