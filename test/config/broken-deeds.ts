/** Conditions on what people did, on dates, devices and segments, that cannot be. */
import { inJourney, withStart, withWhere, type Broken } from './broken.ts';

export const brokenDeeds: readonly Broken[] = [
  inJourney(
    'an event as a trait',
    withWhere('    Order Completed: { gte: 3 }\n'),
    '4 "Order Completed" is an event, not a trait → write did: Order Completed',
  ),
  inJourney(
    'a condition in quotes',
    withStart('  on: Cart Updated\n  where: "city: Lyon"\n'),
    '3 "city: Lyon" stands where a condition is expected → remove the quotes around it, or write a line for each field',
  ),
  inJourney(
    'Liquid as a value',
    withWhere('    city: "{{ person.city }}"\n'),
    '4 the value is compared as it stands: Liquid is not read',
  ),
  inJourney('a sign in the value', withWhere('    cart.value: ">= 30"\n'), '4 ">= 30" is compared as text → write { gte: 30 }'),
  inJourney(
    'a sign that YAML reads',
    withWhere('    cart.value: ≥ 30\n'),
    '4 signs such as > cannot compare here → write: cart.value: { gte: 30 }',
  ),
  inJourney('countries as one text', withWhere('    country: FR, BE\n'), '4 "FR, BE" is one text, not a list → write [FR, BE]'),
  inJourney(
    'a day as a value',
    withWhere('    birthday: today\n'),
    '4 "today" is compared as text → write { on: today }, or { anniversary: today }',
  ),
  inJourney(
    'a day as a number',
    withWhere('    signedUpAt: { gte: 7 days ago }\n'),
    '4 "7 days ago" is not a number → write before: 7 days ago, or after: 7 days ago',
  ),
  inJourney('consent to nothing', withWhere('    consent: true\n'), '4 "consent" alone says nothing → write consent.email'),
  inJourney(
    'a tag as a word',
    withWhere('    tags: vip\n'),
    '4 tags are a list, which never equals a word → write { contains: vip }',
  ),
  inJourney(
    'tags as a list',
    withWhere('    tags: [a, b]\n'),
    '4 tags are a list, which never equals a word → write { any of: [a, b] }',
  ),
  inJourney(
    'tags that are equal',
    withWhere('    traits.tags: { eq: vip }\n'),
    '4 tags are a list, which never equals a word → write { contains: … }',
  ),
  inJourney(
    'times without did',
    withWhere('    times: 3\n    city: Lyon\n'),
    '4 "times" stands here without did → write traits.times if it is a trait',
  ),
  inJourney(
    'within without did',
    withWhere('    orders.count: { gte: 3 }\n    within: 30 days\n'),
    '5 "within" stands here without did → write it inside the comparison: { gte: 3, within: 30 days }',
  ),
  inJourney(
    'did and did not in one group',
    withWhere('    did: Order Completed\n    did not: Order Refunded\n'),
    '5 did and did not stand in one group → write all: and a dash before each',
  ),
  inJourney(
    'within alone in a comparison of orders',
    withWhere('    orders.total: { within: 30 days }\n'),
    '4 within says of which orders, but nothing is asked of them → write orders.total: { gte: 1, within: … }',
  ),
  inJourney(
    'orders of a span that is not kept',
    withWhere('    orders.total: { gte: 300, within: 5 years }\n'),
    '4 "5 years" is longer than 13 months: nothing older is kept → write 13 months',
  ),
  inJourney(
    'a date of the cart',
    withWhere('    cart.value: { before: today }\n'),
    '4 "cart.value" is no date: "before" cannot compare it',
  ),
  inJourney(
    'orders by date',
    withWhere('    orders.count: { after: 2025-01-01 }\n'),
    '4 "orders.count" is no date: "after" cannot compare it',
  ),
  inJourney(
    'orders of a span, by date',
    withWhere('    orders.count: { within: 30 days, before: today }\n'),
    '4 "orders.count" is no date: "before" cannot compare it',
  ),
  inJourney(
    'a day as the French write it',
    withWhere('    lastVisit: { before: 31/12/2025 }\n'),
    '4 "31/12/2025" is not a moment → write 2025-12-31',
  ),
  inJourney(
    'a span without direction',
    withWhere('    lastVisit: { before: 30 days }\n'),
    '4 "30 days" is not a moment → write in 30 days, or 30 days ago',
  ),
  inJourney('a moment in hours', withWhere('    lastVisit: { before: 2 hours ago }\n'), '4 "2 hours ago" is not counted in days'),
  inJourney('a moment of no day', withWhere('    lastVisit: { after: 2025-02-30 }\n'), '4 "2025-02-30" is not a moment'),
  inJourney(
    'a moment without offset',
    withWhere('    lastVisit: { after: 2025-02-20T10:00 }\n'),
    '4 "2025-02-20T10:00" is not a moment → add the offset, such as 2026-12-01T10:00:00+01:00',
  ),
  inJourney(
    'a moment misspelt',
    withWhere('    lastVisit: { on: todya }\n'),
    '4 "todya" is not a moment → did you mean "today"?',
  ),
  inJourney('a birthday in words', withWhere('    birthday: { anniversary: bientôt }\n'), '4 "bientôt" is not a moment'),
  inJourney(
    'a number compared with a French day',
    withWhere('    born: { lt: 31/01/2000 }\n'),
    '4 "31/01/2000" is not a number → write 2000-01-31',
  ),
  inJourney('an empty list of values', withWhere('    interests: { any of: [] }\n'), '4 the list is empty'),
  inJourney(
    'a device of no type',
    withWhere('    device.type: téléphone\n'),
    '4 no device is of the type "téléphone" → did you mean "mobile"?',
  ),
  inJourney(
    'a device field that does not exist',
    withWhere('    device.typ: mobile\n'),
    '4 device has no "typ" → did you mean "device.type"?',
  ),
  inJourney('a place field that does not exist', withWhere('    place.ville: Lyon\n'), '4 place has no "ville"'),
  inJourney(
    'a root alone',
    withWhere('    predicted: true\n'),
    '4 "predicted" alone says nothing → write predicted. and the prediction',
  ),
  inJourney('the person of templates', withWhere('    person.city: Lyon\n'), '4 "person" is not known here → write city'),
  inJourney(
    'the entry of templates',
    withWhere('    entry.total: { gte: 3 }\n'),
    '4 "entry" is not known here → write event.total',
  ),
  inJourney(
    'a segment that does not exist',
    withWhere('    in: [fidele, absents]\n'),
    '4 there is no segment "fidele" → did you mean "fideles"?',
    '4 there is no segment "absents" → write segments/absents.yaml',
  ),
  inJourney('a segment in a path', withWhere('    segment.fideles: true\n'), '4 "segment" is not known here → write in: fideles'),
  inJourney(
    'a segment as a word',
    withWhere('    segment: fideles\n'),
    '4 "segment" is not a word of conditions → did you mean "in"?',
  ),
  inJourney(
    'two segments as one text',
    withWhere('    in: fideles, absents\n'),
    '4 "fideles, absents" cannot be the name of a segment → write [fideles, absents]',
  ),
  inJourney(
    'did in French',
    withWhere('    a fait: Order Completed\n'),
    '4 "a fait" is not a word of conditions → did you mean "did"?',
  ),
  inJourney(
    'did nearly right',
    withWhere('    did: order completed\n'),
    '4 no event is called "order completed" → did you mean "Order Completed"?',
  ),
  inJourney(
    'did with a wrong where',
    withWhere('    did: Order Completed\n    where: { channel: { equals: store } }\n'),
    '5 "equals" is not a way to compare → did you mean "eq"?',
  ),
  inJourney(
    'a trait compared with within without unit',
    withWhere('    signedUpAt: { within: 7 }\n'),
    '4 "7" is not a duration → write 7 days',
  ),
  inJourney(
    'same that asks for at most',
    withWhere('    did: Order Completed\n    same: store\n    times: { gte: 1, lte: 2 }\n'),
    '6 same counts up to a number for one value: it cannot ask for at most → remove same, or write gte',
  ),
  inJourney(
    'a did that always is so',
    withWhere('    did: Order Completed\n    times: { gte: 0 }\n'),
    '5 this is always so: nothing is asked → write times: 1, or did not: instead of did:',
  ),
  inJourney(
    'a did that never is so',
    withWhere('    did: Order Completed\n    times: { gte: 3, lte: 2 }\n'),
    '5 no number is so',
  ),
];
