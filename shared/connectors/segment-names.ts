/**
 * E-commerce names of the Segment spec: version 1 of it still sends, so its names and fields become those of version 2.
 */
import { isObject, type Json, type JsonObject } from '../kernel/json.ts';

const secondVersion: ReadonlyMap<string, string> = new Map([
  ['Viewed Product Category', 'Product List Viewed'],
  ['Clicked Product', 'Product Clicked'],
  ['Viewed Product', 'Product Viewed'],
  ['Added Product', 'Product Added'],
  ['Removed Product', 'Product Removed'],
  ['Started Order', 'Checkout Started'],
  ['Viewed Checkout Step', 'Checkout Step Viewed'],
  ['Completed Checkout Step', 'Checkout Step Completed'],
  ['Updated Order', 'Order Updated'],
  ['Completed Order', 'Order Completed'],
]);

/** Version 1 calls a product's id `id`, and writes the ids of orders and carts in one word. */
const oldFields: ReadonlyMap<string, string> = new Map([
  ['id', 'product_id'],
  ['productId', 'product_id'],
  ['orderId', 'order_id'],
  ['cartId', 'cart_id'],
  ['checkoutId', 'checkout_id'],
]);

/** The event under its version 2 name; other events as they are. */
export function inSecondVersion(
  event: string,
  properties: JsonObject,
): { readonly name: string; readonly properties: JsonObject } {
  const name = secondVersion.get(event);
  if (name === undefined) return { name: event, properties };
  const products = properties['products'];
  const renamed = renameFields(properties);
  return { name, properties: Array.isArray(products) ? { ...renamed, products: products.map(renameLine) } : renamed };
}

const renameLine = (line: Json): Json => (isObject(line) ? renameFields(line) : line);

function renameFields(fields: JsonObject): JsonObject {
  const renamed = Object.entries(fields).map(([name, value]): [string, Json] => {
    const newName = oldFields.get(name);
    return newName === undefined || Object.hasOwn(fields, newName) ? [name, value] : [newName, value];
  });
  return Object.fromEntries(renamed);
}
