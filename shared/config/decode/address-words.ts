/** E-mail addresses of the brand and its staff. */
import { checkedText, say } from './fields.ts';

const address = /^[^\s@<>"(),;:\\]+@[^\s@<>"(),;:\\]+\.[^\s@<>"(),;:\\.]+$/;

/** `what`: whose address it is. */
export const emailAddress = (what: string) =>
  checkedText(`${what}, such as bonjour@example.fr`, (value) =>
    address.test(value) ? undefined : say(`"${value}" is not an e-mail address`, 'an address such as bonjour@example.fr'),
  );
