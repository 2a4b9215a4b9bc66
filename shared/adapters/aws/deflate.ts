/**
 * JSON as few bytes: raw deflate with a preset dictionary of our own words, so that a chunk of one small event costs one
 * write unit (promise 7). The first byte names the dictionary; dictionaries are never changed, only added.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';

/**
 * What our items repeat, rarest first: the end of a dictionary is the cheapest to point at.
 * What is stored under a number can be read only with exactly this text.
 */
const first = [
  '"status":{"kind":"dropped","because":"no-consent","seen":"cause":{"kind":"campaign","kind":"api","kind":"journey","name":"","step":"',
  '"purpose":"transactional","purpose":"marketing","template":"","sendKey":"","orderTime":17,"state":{"kind":"waiting","kind":"sending",',
  '"state":{"kind":"ended","because":"completed","because":"cart-closed","step":,"from":17,"due":17,"log":[{"step":"start","at":17,',
  '"identifiers":[{"type":"phone","value":"+33","type":"loyaltyId","type":"userId","value":"","type":"email","value":"","verified":true,"since":17',
  '"traits":{"firstName":{"value":"","lastName":{"value":"","locale":{"value":"fr-FR","at":17,"verified":true},"phone":{"value":"+33',
  '"consents":{"email.marketing":{"state":"granted","at":17,"source":"checkout","consent":[{"channel":"email","state":"withdrawn","kind":"snapshot"',
  '"address":{"street":"","city":"","postalCode":"","state":"","country":"FR"},"createdAt":"2026-"birthday":"gender":"company":{"name":"',
  '"order_id":"","total":,"subtotal":,"revenue":,"tax":,"shipping":,"discount":,"coupon":"","affiliation":"","status":"","refund_id":"',
  '"ticket_id":"","subject":"","survey_id":"","score":,"store_id":"","store":"","query":"","list_id":"","category":"","wishlist_id":"',
  '"context":{"ip":"","userAgent":"Mozilla/5.0 (iPhone; CPU iPhone OS (Macintosh; Intel Mac OS X 10_15_7) (Windows NT 10.0; Win64; x64) ',
  'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/.0.0.0 Mobile Safari/537.36","locale":"fr-FR","timezone":"Europe/Paris","library":{"name":',
  '"analytics.js","version":"","campaign":{"source":"newsletter","medium":"email","name":"","page":{"path":"/products/","referrer":"https://',
  'www.google.com/","search":"","title":"","url":"https://www..com/collections/"},"name":"Checkout Started","name":"Order Completed",',
  '"name":"Order Refunded","name":"Screen Viewed","name":"Product List Viewed","name":"Identify","type":"identify","name":"Cart Viewed",',
  '"name":"Email Opened","name":"Email Link Clicked","type":"page","name":"Page Viewed","name":"Product Viewed","name":"Product Added",',
  '"name":"Product Removed","decisions":[{"at":17,"rule":"","event":"Cart Updated","moment":"restart","moment":"exit","moment":"start",',
  '"outcome":"fired","outcome":"not","because":"","seen":null}],"claims":["reference#","phone#","externalId#","userId#","anonymousId#","email#',
  '"source":"shopify","trust":"browser","source":"segment","trust":"server","receivedAt":17,"events":[{"id":"shopify:checkouts/update:',
  '"properties":{"checkout_id":"","cart_id":"","cart":{"id":"","value":,"quantity":1,"currency":"EUR","checkout_url":"https://',
  '"products":[{"product_id":"","variant":"","sku":"","name":"","brand":"","category":"","price":.00,"quantity":1,"image_url":"https://',
  'cdn.shopify.com/s/files/1/.jpg?v=17","url":"https://"}],"currency":"EUR","value":},"context":{}},{"id":"segment:',
  '","type":"track","name":"Cart Updated","occurredAt":17,"statedAt":17,"properties":{"',
].join('');

/** By number, which is the first byte of what is stored. */
const dictionaries: readonly Buffer[] = [Buffer.alloc(0), Buffer.from(first, 'utf8')];
const newest = 1;

/** What we store is below 400 KB deflated; a text that grows beyond this is not ours. */
const largest = 64 * 1024 * 1024;

/** `json` must be a JSON document: what `JSON.stringify` leaves out is left out. */
export function pack(json: unknown): Uint8Array {
  const text = Buffer.from(JSON.stringify(json), 'utf8');
  return Buffer.concat([Buffer.of(newest), deflateRawSync(text, { level: 9, dictionary: dictionaries[newest] })]);
}

/** The document that was packed. Throws when the bytes are not what `pack` makes. */
export function unpack(bytes: Uint8Array): unknown {
  const dictionary = bytes[0] === undefined ? undefined : dictionaries[bytes[0]];
  if (dictionary === undefined) throw new Error(`packed with dictionary ${bytes[0] ?? 'none'}, which this version does not know`);
  const text = inflateRawSync(bytes.subarray(1), { dictionary, maxOutputLength: largest });
  return JSON.parse(text.toString('utf8'));
}
