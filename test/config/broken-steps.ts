/** Steps that split, set, tag, call or ask for what cannot be. */
import { inJourney, withSteps, type Broken } from './broken.ts';

export const brokenSteps: readonly Broken[] = [
  inJourney(
    'channels as one text',
    withSteps('  - send: rappel\n    channels: email, sms\n'),
    '4 "email, sms" is not a channel → write [email, sms]',
  ),
  inJourney(
    'exit without a list',
    withSteps('  - if: { vip: true }\n    then: exit\n  - send: rappel\n'),
    '4 "exit" stands where steps are expected → write [exit]',
  ),
  inJourney(
    'else if',
    withSteps('  - if: { vip: true }\n    then: [exit]\n    else if: { city: Lyon }\n  - send: rappel\n'),
    '5 "else if" is not a word here → write else: and below it "- if:"',
  ),
  inJourney('a split of one', withSteps('  - split: [{ weight: 50 }]\n  - send: rappel\n'), '3 there is nothing to choose from'),
  inJourney(
    'a split as fields',
    withSteps('  - split: { a: 50, b: 50 }\n  - send: rappel\n'),
    '3 a group of fields stands where variants are expected → write - weight: 50',
  ),
  inJourney(
    'weights in percent',
    withSteps('  - split: [{ weight: 50 % }, { weight: 50% }]\n  - send: rappel\n'),
    '3 "50 %" is not a weight → write 50',
    '3 "50%" is not a weight → write 50',
  ),
  inJourney(
    'a weight of zero, one of half',
    withSteps('  - split: [{ weight: 0 }, { weight: 0.5 }]\n  - send: rappel\n'),
    '3 "0" is not a weight',
    '3 "0.5" is not a weight',
  ),
  inJourney(
    'two variants of one name',
    withSteps('  - split: [{ name: a, weight: 1 }, { name: a, weight: 2 }]\n  - send: rappel\n'),
    '3 two variants have one name',
  ),
  inJourney(
    'a variant whose name is that of another without',
    withSteps('  - split: [{ weight: 1 }, { name: a, weight: 2 }]\n  - send: rappel\n'),
    '3 two variants have one name',
  ),
  inJourney(
    'a variant without weight',
    withSteps('  - split: [{ name: a }, { name: b, weight: 2, steps: [{ send: rapel }] }]\n'),
    '3 "weight" is missing → write weight: …',
    '3 there is no template "rapel" → did you mean "rappel"?',
  ),
  inJourney(
    'a send inside a variant',
    withSteps('  - split:\n      - weight: 1\n        send: rappel\n      - weight: 1\n'),
    '5 "send" stands beside steps → write steps: and below it "- send:"',
  ),
  inJourney(
    'steps after a split that always ends',
    withSteps('  - split: [{ weight: 1, steps: [exit] }, { weight: 1, steps: [{ send: rappel }, exit] }]\n  - send: rappel\n'),
    '4 this step is never reached: the one before always ends the journey',
  ),
  inJourney(
    'steps after a wait that always ends',
    withSteps(
      '  - wait for: Order Completed\n    at most: 1 day\n    then: [exit]\n    else: [{ send: rappel }, exit]\n  - send: rappel\n',
    ),
    '7 this step is never reached: the one before always ends the journey',
  ),
  inJourney(
    'unreached steps inside a branch, and another mistake',
    withSteps('  - if: { vip: true }\n    then:\n      - exit\n      - send: rappel\n  - wait: 3 dayz\n'),
    '6 this step is never reached: the one before always ends the journey',
    '7 "3 dayz" is not a duration → write 3 days',
  ),
  inJourney(
    'an address that is set',
    withSteps('  - set: { email: a@b.fr, phone: "1" }\n'),
    '3 "email" cannot be set: addresses come from sources alone',
    '3 "phone" cannot be set: addresses come from sources alone',
  ),
  inJourney(
    'consent that is set',
    withSteps('  - set: { consent.email: true }\n'),
    '3 "consent.email" cannot be set: consent comes from people alone',
  ),
  inJourney(
    'tags that are set',
    withSteps('  - set: { tags: vip }\n'),
    '3 "tags" cannot be set: tags have steps of their own: add tag, remove tag',
  ),
  inJourney(
    'Liquid that is set',
    withSteps('  - set: { categorie: "{{ entry.category }}" }\n'),
    '3 a trait is set to what stands here: Liquid is not read',
  ),
  inJourney('a trait without value', withSteps('  - set: { vip: }\n'), '3 nothing stands where a value is expected'),
  inJourney('a trait set to a list', withSteps('  - set: { gouts: [a, b] }\n'), '3 a list stands where a value is expected'),
  inJourney('nothing set', withSteps('  - set: {}\n'), '3 nothing is set'),
  inJourney(
    'a list that is set',
    withSteps('  - set: [vip]\n'),
    '3 a list stands where traits are expected → write set: { vip: true }',
  ),
  inJourney(
    'a path that is set',
    withSteps('  - set: { traits.vip: true, a.b: 1 }\n'),
    '3 "traits.vip" cannot be the name of a trait → write vip',
    '3 "a.b" cannot be the name of a trait',
  ),
  inJourney(
    'a text that is set',
    withSteps('  - set: vip\n'),
    '3 "vip" stands where traits are expected → write set: { vip: true }',
  ),
  inJourney('tag alone', withSteps('  - tag: vip\n'), '3 no word here makes a step → did you mean "add tag"?'),
  inJourney('two tags as one', withSteps('  - add tag: vip, fidèle\n'), '3 "vip, fidèle" cannot be a tag → write [vip, fidèle]'),
  inJourney('a tag with signs', withSteps('  - add tag: "50%!"\n'), '3 "50%!" cannot be a tag'),
  inJourney(
    'a tag added and removed',
    withSteps('  - add tag: [vip, a]\n    remove tag: vip\n'),
    '3 "vip" is added and removed at once → remove one',
  ),
  inJourney('a tag of nothing', withSteps('  - add tag:\n'), '3 nothing stands where text is expected'),
  inJourney(
    'a webhook without https',
    withSteps('  - webhook: http://example.fr/hook\n'),
    '3 "http://example.fr/hook" is not encrypted → write https://example.fr/hook',
  ),
  inJourney(
    'a webhook without anything',
    withSteps('  - webhook: example.fr/hook\n'),
    '3 "example.fr/hook" is not an address → write https://example.fr/hook',
  ),
  inJourney('a webhook that is none', withSteps('  - webhook: notre boutique\n'), '3 "notre boutique" is not an address'),
  inJourney(
    'a webhook with a password',
    withSteps('  - webhook: https://moi:secret@example.fr/\n'),
    '3 a password stands in the address → remove the name and password',
  ),
  inJourney(
    'a webhook with Liquid',
    withSteps('  - webhook: "https://example.fr/{{ person.id }}"\n'),
    '3 the address is used as it stands: Liquid is not read',
  ),
  inJourney('another scheme', withSteps('  - webhook: ftp://example.fr/\n'), '3 "ftp://example.fr/" is not an address'),
  inJourney(
    'a task that is text',
    withSteps('  - task: appeler le client\n'),
    '3 "appeler le client" stands where fields are expected',
  ),
  inJourney(
    'a task without words',
    withSteps('  - task: { to: boutique, subject: "Rappeler {{ persone.firstName }}" }\n'),
    '3 "text" is missing → write text: …',
    '3 "boutique" is not an e-mail address',
    '3 nothing is called "persone" here → did you mean "person"?',
  ),
  inJourney(
    'Liquid of a task that is not closed',
    withSteps('  - task: { to: a@b.fr, subject: Rappeler, text: "{{ person.firstName" }\n'),
    '3 Liquid cannot be read: output "{{ person.firstName" not closed',
  ),
  inJourney(
    'a goal with capitals',
    withSteps('  - goal: Premier achat\n'),
    '3 "Premier achat" cannot be a name → write premier-achat',
  ),
  inJourney(
    'a goal beside steps',
    'goal: achat\nstart: { on: Cart Updated }\nsteps:\n  - send: rappel\n',
    '1 "goal" is a step → begin a line with "- goal:"',
  ),
  inJourney('exit as a field', withSteps('  - send: rappel\n  - exit: true\n'), '4 exit is a word alone → write - exit'),
  inJourney(
    'a step in French',
    withSteps(`  - attendre jusqu'à: "10:00"\n  - send: rappel\n`),
    '3 no word here makes a step → did you mean "wait until"?',
  ),
  inJourney('a list as a step', withSteps('  - [send, rappel]\n'), '3 a list is not a step'),
  inJourney(
    'send beside steps of an if',
    withSteps('  - if: { vip: true }\n    then:\n      send: rappel\n'),
    '5 a group of fields stands where steps are expected → write a dash before each step',
  ),
];
