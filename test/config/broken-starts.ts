/** Starts by what somebody did and by segments, and exits, that cannot be. */
import { inJourney, withStart, type Broken } from './broken.ts';

export const brokenStarts: readonly Broken[] = [
  inJourney(
    'a segment that no segment can be called',
    withStart('  entered: constructor\n'),
    '2 "constructor" cannot be the name of a segment',
  ),
  inJourney(
    'did without once, once per or rest',
    withStart('  did: Product Viewed\n  times: 3\n  within: 14 days\n'),
    '2 this starts the journey at every event from the count on → write rest: 14 days, or once: true',
  ),
  inJourney(
    'did with once: false',
    withStart('  did: Product Viewed\n  once: non\n'),
    '2 this starts the journey at every event from the count on → write rest: 14 days, or once: true',
  ),
  inJourney(
    'did with at most',
    withStart('  did: Product Viewed\n  times: { lte: 3 }\n  once: true\n'),
    '3 a start counts up: it cannot ask for at most → write times: and a number',
  ),
  inJourney(
    'did with same and at most',
    withStart('  did: Product Viewed\n  times: { eq: 3 }\n  same: category\n  once: true\n'),
    '3 a start counts up: it cannot ask for at most → write times: and a number',
    '3 same counts up to a number for one value: it cannot ask for at most → remove same, or write gte',
  ),
  inJourney(
    'did not',
    withStart('  did not: Order Completed\n  within: 60 days\n'),
    '2 nobody can start by not doing something: no event tells it → write a segment with did not, and start on entered:',
  ),
  inJourney(
    'times beside on',
    withStart('  on: Product Viewed\n  times: 3\n  within: 14 days\n'),
    '3 "times" counts, and on does not → write did: instead of on:',
    '4 "within" counts, and on does not → write did: instead of on:',
  ),
  inJourney(
    'a window longer than what is kept',
    withStart('  did: Product Viewed\n  times: 3\n  within: 2 years\n  once: true\n'),
    '4 "2 years" is longer than 13 months: nothing older is kept → write 13 months',
  ),
  inJourney(
    'a window of nothing',
    withStart('  did: Product Viewed\n  within: 0 days\n  once: true\n'),
    '3 "0 days" is no time at all → write 1 day',
  ),
  inJourney(
    'times in words',
    withStart('  did: Product Viewed\n  times: trois\n  once: true\n'),
    '3 "trois" is not a number of times',
  ),
  inJourney(
    'times with its word',
    withStart('  did: Product Viewed\n  times: 3 fois\n  once: true\n'),
    '3 "3 fois" is not a number of times → write 3',
  ),
  inJourney(
    'times that nobody counts',
    withStart('  did: Product Viewed\n  times: 100000\n  once: true\n'),
    '3 "100000" is not a number of times → write 500',
  ),
  inJourney('half a time', withStart('  did: Product Viewed\n  times: 2.5\n  once: true\n'), '3 "2.5" is not a number of times'),
  inJourney(
    'no time at all',
    withStart('  did: Product Viewed\n  times: 0\n  once: true\n'),
    '3 this is always so: nothing is asked → write times: 1, or did not: instead of did:',
  ),
  inJourney(
    'times that exclude each other',
    withStart('  did: Product Viewed\n  times: { gte: 4, gt: x }\n  once: true\n'),
    '3 "x" is not a number of times',
  ),
  inJourney(
    'the person in the where of did',
    withStart('  did: Product Viewed\n  where: { cart.value: { gte: 30 }, did: Page Viewed }\n  once: true\n'),
    `3 where of did looks at the event alone, and "cart.value" is the person's → write event.cart.value if it is a property of the event, else a condition beside did`,
    '3 "did" cannot stand in the where of a did → write it beside did, or event.did',
  ),
  inJourney(
    'same of the cart',
    withStart('  did: Product Viewed\n  same: cart.id\n  once: true\n'),
    '3 "cart.id" is no property of an event → write event.cart.id if it is one',
  ),
  inJourney(
    'a did nearly right',
    withStart('  did: Product Viewd\n  once: true\n'),
    '2 no event is called "Product Viewd" → did you mean "Product Viewed"?',
  ),
  inJourney(
    'a start with a misspelt word',
    withStart('  enterd: fideles\n'),
    '2 there is no field "enterd" here → did you mean "entered"?',
  ),
  inJourney(
    'a segment that does not exist',
    withStart('  entered: fidele\n'),
    '2 there is no segment "fidele" → did you mean "fideles"?',
  ),
  inJourney(
    'two starts',
    withStart('  on: Cart Updated\n  date: birthday\n'),
    '3 on: and date: exclude each other → remove one of the two, or write two journeys',
  ),
  inJourney(
    'a segment by its type',
    withStart('  segment: fideles\n'),
    '2 "segment" is not a start → write entered: and the segment',
  ),
  inJourney(
    'existing with left',
    withStart('  left: fideles\n  existing: include\n'),
    '3 who is out already cannot be told from who was never in → remove existing',
  ),
  inJourney(
    'existing in other words',
    withStart('  entered: fideles\n  existing: yes\n'),
    '3 "yes" is not one of the words known here → write include',
  ),
  inJourney(
    'a segment with a capital',
    withStart('  entered: Fidèles\n'),
    '2 "Fidèles" cannot be the name of a segment → write fideles',
  ),
  inJourney(
    'the event where there is none',
    withStart('  entered: fideles\n  where: { event.total: { gte: 3 } }\n'),
    '3 no event is at hand here: this is decided later → put event.… into the where of start or exit',
  ),
  inJourney(
    'once per an event where there is none',
    withStart('  entered: fideles\n  once per: event.order_id\n'),
    '3 no event is at hand here: this is decided later → put event.… into the where of start or exit',
  ),
  inJourney(
    'a start by nothing known',
    withStart('  quand: Cart Updated\n'),
    '2 there is no field "quand" here → did you mean "on"?',
  ),
  inJourney(
    'rest without a message',
    'start: { on: Page Viewed, rest: 7 days }\nsteps:\n  - wait: 1 hour\n  - add tag: vu\n',
    '1 rest counts from the last message of this journey, and it sends none → write once per: instead of rest:',
  ),
  inJourney(
    'exit by the same of a segment',
    'start: { entered: fideles }\nexit: { on: Order Completed, same: order_id }\nsteps:\n  - send: rappel\n',
    '2 same compares with the event that started the journey, and coming into a segment has no such value → remove same',
  ),
  inJourney(
    'waiting for the same of a date',
    'start: { date: contractEnd }\nsteps:\n  - wait for: Order Completed\n    same: order_id\n    at most: 3 days\n  - send: rappel\n',
    '4 same compares with the event that started the journey, and a date has no such value → remove same',
  ),
  inJourney(
    'exit by leaving a segment',
    'start: { on: Cart Updated }\nexit: { left: fideles }\nsteps:\n  - send: rappel\n',
    '2 "left" cannot end a journey → write on: and the event, or an if before each send',
  ),
  inJourney(
    'exit inside start',
    withStart('  on: Cart Updated\n  exit: { on: Order Completed }\n'),
    '3 "exit" stands inside start → move it to the left, below start',
  ),
  inJourney(
    'active in other words',
    'active: peut-être\nstart: { on: Cart Updated }\nsteps:\n  - send: rappel\n',
    '1 this is neither true nor false',
  ),
];
