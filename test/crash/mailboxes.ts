/** Chapters in which a mailbox answers. */
import { atMinute } from './minutes.ts';
import type { Step } from './teller.ts';

/** A cart, a mail about it, and what the mailbox answers to that: it does not exist any more, or its owner reports spam. */
export function rias(minute: number, fate: 'bounce' | 'complaint'): readonly Step[] {
  const email = `${fate}@example.com`;
  const person = { timestamp: atMinute(minute), userId: `ria-${fate}` };
  return [
    {
      minute,
      what: 'Ria fills a cart',
      happens: (teller) =>
        teller.segment('batch', {
          batch: [
            { ...person, type: 'identify', messageId: `${fate}-1`, traits: { email, consent: { email: true } } },
            {
              ...person,
              type: 'track',
              messageId: `${fate}-2`,
              event: 'Product Added',
              properties: { cart_id: `cart-${fate}`, product_id: 'p3', name: 'Gants', price: 25 },
            },
          ],
        }),
    },
    {
      minute: minute + 75,
      what: `her mailbox answers with a ${fate}`,
      answersMail: email,
      happens: (teller) => teller.mailbox(email, fate),
    },
  ];
}
