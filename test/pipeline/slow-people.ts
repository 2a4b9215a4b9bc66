/** The people's part of the table as a busy network answers: each call takes its time before it does anything. */
import type { People } from '../../shared/ports.ts';

export function slowPeople(people: People, pause: () => Promise<void>): People {
  const later =
    <A extends readonly unknown[], R>(call: (...given: A) => Promise<R>) =>
    async (...given: A): Promise<R> => {
      await pause();
      return call(...given);
    };
  return {
    owners: later((claims) => people.owners(claims)),
    claim: later((claim, person) => people.claim(claim, person)),
    moveClaims: later((claims, from, to) => people.moveClaims(claims, from, to)),
    load: later((person, key) => people.load(person, key)),
    statistics: later((person) => people.statistics(person)),
    instances: later((all, refs) => people.instances(all, refs)),
    saveAttributes: later((person, attributes) => people.saveAttributes(person, attributes)),
    keepProofs: later((person, proofs) => people.keepProofs(person, proofs)),
    commit: later((person, commit) => people.commit(person, commit)),
    saveInstance: later((person, instance) => people.saveInstance(person, instance)),
    keepChunk: later((person, chunk) => people.keepChunk(person, chunk)),
    timeline: (all, from, to) => people.timeline(all, from, to),
    allInstances: later((all) => people.allInstances(all)),
    merge: later((write) => people.merge(write)),
    message: later((all, orderTime, sendKey) => people.message(all, orderTime, sendKey)),
    messages: later((all) => people.messages(all)),
    keepMessage: later((person, message) => people.keepMessage(person, message)),
    messageRecord: later((all, orderTime, sendKey) => people.messageRecord(all, orderTime, sendKey)),
    saveFeedback: later((write) => people.saveFeedback(write)),
    suppression: later((channel, claim) => people.suppression(channel, claim)),
    isSuppressed: later((channel, claim) => people.isSuppressed(channel, claim)),
    directory: later((from, limit) => people.directory(from, limit)),
    parts: later((all, asked) => people.parts(all, asked)),
    dueTimers: later((after, until, limit) => people.dueTimers(after, until, limit)),
  };
}
