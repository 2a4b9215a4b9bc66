/** An e-mail address as a source wrote it becomes the one spelling under which a person is claimed. */
import { domainToASCII } from 'node:url';

/** The one spelling, or why it is none. */
export type Spelled = { readonly value: string } | { readonly because: string };

/** RFC 5321 section 4.5.3.1: what an SMTP server must accept. */
const maxEmail = 254;
const maxLocalPart = 64;
const localPart = /^[^\s\p{C}@"(),:;<>[\\\].]+(\.[^\s\p{C}@"(),:;<>[\\\].]+)*$/u;
/** Before IDNA: it would decode percent signs and drop what it does not know. */
const writtenDomain = /^[\p{L}\p{M}\p{N}\-.。．｡]+$/u;
const domain = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/;

/** Placeholders such as test@test.com are addresses: whether to send there is for suppression to say. */
export function normaliseEmail(written: string): Spelled {
  const text = written.trim().normalize('NFC').toLowerCase().normalize('NFC');
  const cut = text.lastIndexOf('@');
  const [local, host] = [text.slice(0, Math.max(0, cut)), text.slice(cut + 1)];
  const ascii = writtenDomain.test(host) ? domainToASCII(host).toLowerCase() : '';
  if (!localPart.test(local) || !domain.test(ascii)) return { because: 'is no e-mail address' };
  const email = `${local}@${ascii}`;
  if (local.length > maxLocalPart || email.length > maxEmail)
    return { because: `is longer than an e-mail address can be (${maxEmail} characters)` };
  return { value: email };
}
