/**
 * Event names: the vocabulary of the Segment spec and ours. Other names are allowed (a shop may send its own events);
 * one that is nearly a known name is a slip of the pen that would silently never fire, so it is refused.
 */
import { raised } from '../../journeys/journey.ts';
import { checkedText, oneOrMany, say } from './fields.ts';
import { nearest } from './spelling.ts';

export const knownEvents: readonly string[] = [
  // Segment spec: calls, lifecycle of an account
  ...['Page Viewed', 'Screen Viewed', 'Identify', 'Group', 'Alias'],
  ...[
    'Signed Up',
    'Signed In',
    'Signed Out',
    'Account Created',
    'Account Deleted',
    'Invited User',
    'Trial Started',
    'Trial Ended',
  ],
  ...['Application Installed', 'Application Opened', 'Application Updated', 'Application Uninstalled'],
  // Segment spec: e-commerce v2
  ...['Products Searched', 'Product List Viewed', 'Product List Filtered', 'Promotion Viewed', 'Promotion Clicked'],
  ...['Product Clicked', 'Product Viewed', 'Product Added', 'Product Removed', 'Cart Viewed', 'Cart Shared', 'Product Shared'],
  ...['Checkout Started', 'Checkout Step Viewed', 'Checkout Step Completed', 'Payment Info Entered'],
  ...['Order Updated', 'Order Completed', 'Order Refunded', 'Order Cancelled'],
  ...['Coupon Entered', 'Coupon Applied', 'Coupon Denied', 'Coupon Removed', 'Product Reviewed'],
  ...['Product Added to Wishlist', 'Product Removed from Wishlist', 'Wishlist Product Added to Cart'],
  // Segment spec: e-mail
  ...['Email Delivered', 'Email Opened', 'Email Link Clicked', 'Email Bounced', 'Email Marked as Spam', 'Unsubscribed'],
  // Ours, where the spec has none
  ...[
    'Cart Updated',
    'Order Ready for Pickup',
    'Order Picked Up',
    'Ticket Opened',
    'Ticket Solved',
    'Survey Answered',
    'Store Visited',
  ],
];

/** Two letters off in a long name, one in a short one. */
const slip = (name: string): number => (name.length >= 8 ? 2 : 1);

/** What Relance raises to start journeys has words of its own; no source can send it. */
const insteadOfRaised: ReadonlyMap<string, string> = new Map([
  [raised.entered, 'write start: { entered: … } and the name of the segment'],
  [raised.left, 'write start: { left: … } and the name of the segment'],
  [raised.date, 'write start: { date: … } and the trait'],
  [raised.requested, 'write start: { api: true }'],
]);

const longestName = 200;

function slipOfThePen(name: string): string | undefined {
  if (knownEvents.includes(name)) return undefined;
  if (name.length > longestName) return say('this is too long for the name of an event', `at most ${longestName} characters`);
  const instead = insteadOfRaised.get(name);
  if (instead !== undefined) return say(`"${name}" is raised by Relance itself`, 'an event that a source sends', instead);
  const several = name.split(/ *, */);
  if (several.length > 1 && several.some((part) => nearest(part, knownEvents, slip(part)) !== undefined)) {
    return say(`"${name}" is one text, not a list`, 'a list in brackets', `write [${several.join(', ')}]`);
  }
  const meant = nearest(name, knownEvents, slip(name));
  return meant === undefined
    ? undefined
    : say(`no event is called "${name}"`, 'the name exactly as it is sent', `did you mean "${meant}"?`);
}

/** One event, or a list of which any is meant. */
export const eventNames = oneOrMany(checkedText('the name of an event, such as Order Completed', slipOfThePen, knownEvents));
