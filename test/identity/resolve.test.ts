/** Whose event is this: one row for every rule of identity and of trust (design section 4). A false merge is worse than two profiles. */
import { describe, expect, test } from 'vitest';
import { winnerOf } from '../../shared/identity/resolve.ts';
import { peopleIn, told } from './statements.ts';

type Row = readonly [why: string, people: string, statement: string, answer: string];

describe('what a server says', () => {
  test.each<Row>([
    ['nobody is known: a new person has it all', '', 'mail1 tel1 dev1', 'new, claims mail1 tel1 dev1'],
    ['an account is known', 'P = user1', 'user1 mail1', 'P, claims mail1'],
    ['an address is known', 'P = mail1', 'user1 mail1', 'P, claims user1'],
    ['a browser knew the address first', 'P = ?mail1', 'user1 mail1', 'P, claims user1'],
    ['the account is stronger than the address', 'P = user1; Q = mail1', 'user1 mail1', 'P, merges Q'],
    ['three are one', 'P = user1; Q = card2; R = mail1', 'user1 card2 mail1', 'P, merges Q R'],
    ['two addresses are said to be one person', 'P = mail1; Q = mail2', 'mail1 mail2', 'P, merges Q'],
    ['accounts of two sources are one person', 'P = shop1; Q = crm1 mail1', 'shop1 mail1', 'P, merges Q'],
    ['a till has user ids of its own', 'P = user1 mail1', 'till1 mail1', 'P, claims till1'],
    ['the till was first', 'P = till1 mail1', 'user1 mail1', 'P, claims user1'],
    ['user ids of two sources are one person', 'P = user1; Q = till1 mail1', 'user1 mail1', 'P, merges Q'],
  ])('joins by name: %s', (_why, people, statement, answer) => {
    expect(told('server', people, statement)).toBe(answer);
  });

  test.each<Row>([
    ['the address belongs to another account', 'P = user1; Q = user2 mail1', 'user1 mail1', 'P, leaves mail1'],
    ['a new account has an older one’s address', 'P = shop1 mail1', 'shop2 mail1', 'new, claims shop2, leaves mail1'],
    ['a known account comes with another', 'P = user1 shop1', 'user1 shop2', 'P, leaves shop2'],
    ['a new account comes with one of somebody else', 'P = user1 shop1', 'user2 shop1', 'new, claims user2, leaves shop1'],
    ['two of one source are said at once', '', 'card1 card2', 'new, claims card1, leaves card2'],
    ['the second of two would', 'P = user1; Q = mail1; R = user2 mail2', 'user1 mail1 mail2', 'P, merges Q, leaves mail2'],
  ])('gives nobody a second account of one source: %s', (_why, people, statement, answer) => {
    expect(told('server', people, statement)).toBe(answer);
  });

  test.each<Row>([
    ['two addresses share it', 'P = mail1 tel1', 'mail2 tel1', 'new, claims mail2, leaves tel1'],
    ['a new account says it', 'P = mail1 tel1', 'user1 tel1', 'new, claims user1, leaves tel1'],
    ['a known account says it', 'P = mail1 tel1; Q = user1', 'user1 tel1', 'Q, leaves tel1'],
    ['it alone means who has it', 'P = mail1 tel1', 'tel1', 'P'],
    ['who is known by it alone gets a name', 'P = tel1', 'mail1 tel1', 'P, claims mail1'],
    ['who is known by it alone turns out to be somebody', 'P = mail1; Q = tel1 dev1', 'mail1 tel1', 'P, merges Q'],
    ['of two numbers the one of somebody known counts', 'P = mail1 tel2; Q = tel1', 'tel1 tel2', 'P, merges Q'],
    ['two who are known stay two', 'P = mail1 tel1; Q = mail2 tel2', 'tel1 tel2', 'P, leaves tel2'],
  ])('never joins by phone alone: %s', (_why, people, statement, answer) => {
    expect(told('server', people, statement)).toBe(answer);
  });

  test.each<Row>([
    ['an anonymous visitor gets a name', 'P = dev1', 'mail1 dev1', 'P, claims mail1'],
    ['a visitor turns out to be somebody', 'P = mail1; Q = dev1', 'mail1 dev1', 'P, merges Q'],
    ['a shared device joins no two', 'P = mail1 dev1; Q = mail2', 'mail2 dev1', 'Q, leaves dev1'],
    ['a new name on somebody’s device is somebody else', 'P = mail1 dev1', 'mail2 dev1', 'new, claims mail2, leaves dev1'],
    ['a new number on it too', 'P = mail1 dev1', 'tel1 dev1', 'new, claims tel1, leaves dev1'],
    ['a number on a nameless device is its visitor’s', 'P = dev1', 'tel1 dev1', 'P, claims tel1'],
    ['alone it means whose it is', 'P = mail1 cart1', 'cart1', 'P'],
    ['of two devices the one of somebody known counts', 'P = dev1; Q = mail1 dev2', 'dev1 dev2', 'Q, merges P'],
    ['two who are known stay two', 'P = mail1 dev1; Q = mail2 dev2', 'dev1 dev2', 'P, leaves dev2'],
    ['a cart of somebody says nothing of a new name', 'P = mail1 cart1', 'mail2 cart1', 'new, claims mail2, leaves cart1'],
  ])('knows what a device or thing can say: %s', (_why, people, statement, answer) => {
    expect(told('server', people, statement)).toBe(answer);
  });

  test.each<Row>([
    ['the old id is a visitor', 'P = dev1', 'user1 was dev1', 'P, claims user1'],
    ['both are somebody', 'P = user1; Q = dev1', 'user1 was dev1', 'P, merges Q'],
    ['both are accounts', 'P = user1; Q = user2', 'user1 was user2', 'P, merges Q'],
    ['a new account was an older one', 'P = user2', 'user1 was user2', 'P, claims user1'],
    ['nobody is known', '', 'user1 was user2', 'new, claims user1 user2'],
    ['it was said before', 'P = user1 user2', 'user1 was user2', 'P'],
  ])('is believed when it says that two are one: %s', (_why, people, statement, answer) => {
    expect(told('server', people, statement)).toBe(answer);
  });
});

describe('what a browser says', () => {
  test.each<Row>([
    ['a new visitor', '', 'dev1', 'new, claims dev1'],
    ['a visitor who comes again', 'P = ?dev1', 'dev1', 'P'],
    ['a visitor who gives an address nobody has', 'P = ?dev1', 'mail1 dev1', 'P, claims mail1'],
    ['the same visitor again', 'P = ?mail1 ?dev1', 'mail1 dev1', 'P'],
    ['a new address without a device', '', 'mail1', 'new, claims mail1'],
    ['another address on the same device', 'P = ?mail1 ?dev1', 'mail2 dev1', 'new, claims mail2, leaves dev1'],
    ['another number on the same device', 'P = ?tel1 ?dev1', 'tel2 dev1', 'new, claims tel2, leaves dev1'],
    ['a number beside the own address', 'P = ?mail1 ?dev1', 'mail1 tel1 dev1', 'P, claims tel1'],
    ['but no second number beside it', 'P = ?mail1 ?tel1 ?dev1', 'mail1 tel2 dev1', 'P, leaves tel2'],
    ['a new address on a customer’s device', 'P = mail1 ?dev1', 'mail2 dev1', 'new, claims mail2, leaves dev1'],
    ['a visitor who was another', 'P = ?dev1', 'dev2 was dev1', 'P, claims dev2'],
  ])('is written where no server vouched for the person: %s', (_why, people, statement, answer) => {
    expect(told('browser', people, statement)).toBe(answer);
  });

  test.each<Row>([
    ['a customer’s address', 'P = mail1', 'mail1 dev1', 'P, leaves dev1, only attaches'],
    ['the same from the customer’s device', 'P = mail1 dev1', 'mail1 dev1', 'P, only attaches'],
    ['a customer with a new number', 'P = mail1 dev1', 'mail1 tel1 dev1', 'P, leaves tel1, only attaches'],
    ['somebody else whom no server knows', 'P = ?mail1 ?dev1', 'mail1 dev2', 'P, leaves dev2, only attaches'],
    ['two who are not one', 'P = ?mail1; Q = ?dev2', 'mail1 dev2', 'P, leaves dev2, only attaches'],
    ['two customers as one', 'P = user1; Q = user2', 'user1 was user2', 'P, leaves user2, only attaches'],
    ['a customer’s device', 'P = mail1 dev1', 'dev1', 'P, only attaches'],
  ])('only attaches behaviour where it names %s', (_why, people, statement, answer) => {
    expect(told('browser', people, statement)).toBe(answer);
  });
});

describe('who stays when two are one', () => {
  test.each([
    ['known by name before anonymous', 'B = mail1; A = dev1', 'B'],
    ['the older of two who are known', 'B = mail1; A = user1', 'A'],
    ['the older of two visitors', 'B = dev1; A = dev2', 'A'],
  ])('%s, whoever is asked first', (_why, people, winner) => {
    const [one, other] = peopleIn(people);
    expect(winnerOf(one!, other!).id).toBe(winner);
    expect(winnerOf(other!, one!).id).toBe(winner);
  });
});
