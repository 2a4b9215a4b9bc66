/** What analytics.js 2 sends from a visitor's browser, at the length it really has: context, campaign, click ids. */
import type { JsonObject } from '../../shared/kernel/json.ts';

const query =
  '?utm_source=instagram&utm_medium=paid-social&utm_campaign=black-friday-2026-retargeting&utm_content=carousel-robe-ecume' +
  '&utm_term=robe%20longue%20lin&fbclid=IwY2xjawHk3v9leHRuA2FlbQIxMQABHb7mXq0ZrT5pYw2uE8cKJdN4vLfG6sQaWoI1tRkPzUyBnMxChS_aem_V3fJ8Lq';

const path = '/collections/robes-d-ete/products/robe-ecume-lin-lave';

/** The browser, the page and the campaign; nothing of it is known to the dictionary that chunks are packed with. */
const context: JsonObject = {
  library: { name: 'analytics.js', version: 'next-1.81.1' },
  userAgent:
    'Mozilla/5.0 (Linux; Android 15; SM-S931B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.7444.158 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/537.0.0.61.109;]',
  userAgentData: {
    brands: [
      { brand: 'Chromium', version: '142' },
      { brand: 'Android WebView', version: '142' },
      { brand: 'Not_A Brand', version: '99' },
    ],
    mobile: true,
    platform: 'Android',
  },
  locale: 'fr-FR',
  timezone: 'Europe/Paris',
  screen: { width: 412, height: 915, density: 2.625 },
  campaign: {
    source: 'instagram',
    medium: 'paid-social',
    name: 'black-friday-2026-retargeting',
    content: 'carousel-robe-ecume',
    term: 'robe longue lin',
  },
  page: {
    path,
    referrer: 'https://l.instagram.com/',
    search: query,
    title: 'Robe Écume en lin lavé, bleu lavande – Atelier Lumière',
    url: `https://www.atelier-lumiere.fr${path}${query}`,
  },
};

export const productViewed: JsonObject = {
  type: 'track',
  event: 'Product Viewed',
  properties: {
    product_id: '8041992454420',
    sku: 'ROB-ECU-LAV-38',
    variant: 'Bleu lavande / 38',
    name: 'Robe Écume en lin lavé',
    category: 'Femme / Robes / Été',
    brand: 'Atelier Lumière',
    price: 129.9,
    currency: 'EUR',
    quantity: 1,
    position: 3,
    url: `https://www.atelier-lumiere.fr${path}`,
    image_url: 'https://cdn.shopify.com/s/files/1/0690/7315/2212/files/robe-ecume-lavande-01_2048x2048.jpg?v=1762341876',
  },
  context,
  integrations: {},
};

export const pageViewed: JsonObject = {
  type: 'page',
  properties: {
    path,
    referrer: 'https://l.instagram.com/',
    search: query,
    title: 'Robes',
    url: `https://www.atelier-lumiere.fr${path}${query}`,
  },
  context,
  integrations: {},
};

/** Where a Shopify buyer goes on, with the token and the parameters that shops add to it. */
export const recoveryUrl =
  'https://www.atelier-lumiere.fr/69073152212/checkouts/ac/Z2NwLWV1cm9wZS13ZXN0MTowMUpEWDJTRzdLUTFBNk1WWDVGUUI5RjhOWQ' +
  '/recover?key=1f6bd0d2e34c4b6a9fcb7d50c5a6c111&locale=fr-FR&discount=BIENVENUE10&utm_source=relance&utm_medium=email';
