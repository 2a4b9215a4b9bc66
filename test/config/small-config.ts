/** A config of one line a file, so that a test shows only what it is about. */

export const brand = `name: Atelier
maturity: 2
locale: fr-FR
timeZone: Europe/Paris
country: FR
currency: EUR
sender: { name: Atelier, email: bonjour@news.atelier.fr }
site: www.atelier.fr
address: 1 rue des Lilas, Lyon
`;

export const journey = `start: { on: Cart Updated, once per: cart.id }
exit: { on: Order Completed }
steps:
  - wait: 30 minutes
    restart on: Cart Updated
  - send: rappel
`;

export const segment = `when: { orders.count: { gte: 3 } }
`;

export const email = `---
subject: Votre panier
purpose: marketing
---
<mjml>
  <mj-body>
    <mj-section>
      <mj-column>
        <mj-text>Bonjour{% if person.firstName != blank %} {{ person.firstName }}{% endif %}</mj-text>
        <mj-text><a href="{{ links.unsubscribe }}">Se désinscrire</a></mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
`;

/** The brand of those who send SMS as well. */
export const brandWithSms = brand.replace('atelier.fr }', 'atelier.fr, sms: ATELIER }');

export const sms = `---
purpose: marketing
---
{% if person.firstName != blank %}{{ person.firstName }}, votre{% else %}Votre{% endif %} panier vous attend : {{ cart.url | default: brand.url }} Stop : {{ links.unsubscribe }}
`;

export const smallConfig = (changes: Readonly<Record<string, string | undefined>> = {}): ReadonlyMap<string, string> => {
  const files = {
    'brand.yaml': brand,
    'journeys/rappel.yaml': journey,
    'segments/fideles.yaml': segment,
    'templates/rappel/email.fr.mjml': email,
    ...changes,
  };
  return new Map(Object.entries(files).flatMap(([path, text]) => (text === undefined ? [] : [[path, text] as const])));
};
