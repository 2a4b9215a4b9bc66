/** Journeys that are no good YAML, or have not the fields of a journey. */
import { inJourney, type Broken } from './broken.ts';
import { journey } from './small-config.ts';

export const brokenYaml: readonly Broken[] = [
  inJourney(
    'two fields on one line',
    'start: on: Cart Updated\nexit: on: Order Completed, same: order_id   # that order\nsteps:\n  - if: city: Lyon\n    then: [exit]\n  - send: rappel\n',
    '1 two fields stand on one line → write: start: { on: Cart Updated }',
    '2 two fields stand on one line → write: exit: { on: Order Completed, same: order_id }   # that order',
    '4 two fields stand on one line → write: - if: { city: Lyon }',
  ),
  inJourney(
    'signs that compare',
    'start:\n  on: Cart Updated\n  where:\n    cart.value: > 30\n    orders.total: >= 24,90 €\n    any: [{ a: < 3 }, { b: 1 }]\nsteps:\n  - send: rappel\n',
    '4 signs such as > cannot compare here → write: cart.value: { gt: 30 }',
    '5 signs such as > cannot compare here → write: orders.total: { gte: 24.90 }',
    '6 signs such as > cannot compare here → write: any: [{ a: { lt: 3 } }, { b: 1 }]',
  ),
  inJourney('an unknown field', journey.replace('exit:', 'exitt:'), '2 there is no field "exitt" here → did you mean "exit"?'),
  inJourney(
    'a misspelt field that is required',
    journey.replace('steps:', 'stepps:'),
    '3 there is no field "stepps" here → did you mean "steps"?',
  ),
  inJourney(
    'mistakes below a misspelt field',
    'start: { on: Cart Updated }\nstepps:\n  - wait: 30\n  - send: rapel\n  - iff: { citty.x.: Lyon, et: [{ orders.cont: 3 }] }\n    then:\n      - snd: rapel\n    esle:\n      - wait: 2\n',
    '2 there is no field "stepps" here → did you mean "steps"?',
    '3 "30" is not a duration → write 30 minutes',
    '4 there is no template "rapel" → did you mean "rappel"?',
    '5 no word here makes a step → did you mean "if"?',
    '5 "citty.x." is not a path → write words joined by single dots',
    '5 "et" is not a word of conditions → did you mean "all"?',
    '5 orders has no "cont" → did you mean "orders.count"?',
    '7 no word here makes a step → did you mean "send"?',
    '7 there is no template "rapel" → did you mean "rappel"?',
    '8 there is no field "esle" here → did you mean "else"?',
    '9 "2" is not a duration → write 2 minutes',
  ),
  inJourney(
    'a misspelt field beside the right one',
    journey.replace('steps:', 'stepps:\n  - wait: 30\nsteps:'),
    '3 there is no field "stepps" here → did you mean "steps"?',
  ),
  inJourney(
    'a field in French',
    journey.replace('  - wait: 30 minutes', '  - attendre: 30 minutes'),
    '4 no word here makes a step → did you mean "wait"?',
  ),
  inJourney(
    'two unknown fields at once',
    journey.replace('exit:', 'exitt:').replace('restart on', 'restart_on'),
    '2 there is no field "exitt" here → did you mean "exit"?',
    '5 there is no field "restart_on" here → did you mean "restart on"?',
  ),
  inJourney('no start', 'steps:\n  - send: rappel\n', '1 "start" is missing → write start: …'),
  inJourney('an empty start', 'start:\nsteps:\n  - send: rappel\n', '1 nothing stands where fields are expected'),
  inJourney(
    'a start that is only an event',
    'start: Cart Updated\nsteps:\n  - send: rappel\n',
    '1 "Cart Updated" stands where fields are expected → write { on: Cart Updated }',
  ),
  inJourney('an empty file', '', '1 the journey is empty'),
  inJourney('a file of comments', '# later\n# perhaps\n', '1 the journey is empty'),
  inJourney(
    'a list instead of fields',
    '- start: { on: Cart Updated }\n- steps: []\n',
    '1 a list stands here → write the fields without dashes',
  ),
  inJourney('no steps', 'start: { on: Cart Updated }\nsteps: []\n', '2 there is no step'),
  inJourney('a duplicate field', `${journey}exit: { on: Order Refunded }\n`, '7 "exit" stands here twice → remove one "exit"'),
  inJourney(
    'a tab',
    'start:\n\ton: Cart Updated\nsteps:\n  - send: rappel\n',
    '2 a tab indents this line → write with spaces:   on: Cart Updated',
  ),
  inJourney(
    'a line indented too deep',
    'start:\n  on: Cart Updated\n    rest: 3 days\nsteps:\n  - send: rappel\n',
    '3 this line is indented deeper than the line above, which already has its value → remove spaces at the start of the line',
  ),
  inJourney(
    'a line indented too little',
    'start:\n    on: Cart Updated\n  rest: 3 days\nsteps:\n  - send: rappel\n',
    '3 this line does not start where its neighbours start',
  ),
  inJourney(
    'a bracket that is not closed',
    'start: { on: [Cart Updated, Product Added }\nsteps:\n  - send: rappel\n',
    '1 a bracket is opened and not closed',
  ),
  inJourney(
    'a brace that is not closed',
    'start: { on: Cart Updated\nsteps:\n  - send: rappel\n',
    '1 a bracket is opened and not closed',
  ),
  inJourney(
    'a list on the line of its name',
    'start: { on: Cart Updated }\nsteps: - send: rappel\n',
    '2 a list begins on the line of its name',
  ),
  inJourney('two documents', `${journey}---\n${journey}`, '7 a line of --- begins a second document'),
  inJourney(
    'an anchor',
    'start: { on: &cart Cart Updated }\nsteps:\n  - send: rappel\n',
    '1 YAML reads "&cart" as a reference, not as text → write "&cart" in quotes',
  ),
  inJourney(
    'a name that JavaScript would mistake',
    'constructor: 1\nstart: { on: Cart Updated }\nsteps:\n  - send: rappel\n',
    '1 "constructor" cannot be a name',
  ),

  inJourney(
    'no space after a colon',
    'start:\n  on:Cart Updated\n  rest: 3 days\nsteps:\n  - send: rappel\n',
    '2 no space follows the colon → write: on: Cart Updated',
  ),
  inJourney(
    'no space after a colon in braces',
    'start: {on:Cart Updated}\nsteps:\n  - send: rappel\n',
    '1 no space follows the colon → write: start: {on: Cart Updated}',
  ),
  inJourney(
    'no space after a dash',
    'start: { on: Cart Updated }\nsteps:\n  -wait: 1 day\n  -send: rappel\n',
    '3 no space follows the dash → write: - wait: 1 day',
    '4 no space follows the dash → write: - send: rappel',
  ),
  inJourney(
    'no colon after a name',
    'start:\n  on: Cart Updated\nsteps\n  - send: rappel\n',
    '3 no colon follows the word → write: steps:',
  ),
  inJourney(
    'no colon after a step',
    'start: { on: Cart Updated }\nsteps:\n  - wait 1 day\n    restart on: Cart Updated\n  - send: rappel\n',
    '3 no colon follows the word → write: - wait: 1 day',
  ),
  inJourney(
    'an equals sign after a step',
    'start: { on: Cart Updated }\nsteps:\n  - wait = 1 dayz\n  - send: rappel\n',
    '3 no colon follows the word → write: - wait: 1 dayz',
    '3 "1 dayz" is not a duration → write 1 days',
  ),
  inJourney(
    'long dashes and bullets',
    'start: { on: Cart Updated }\nsteps:\n  – wait: 1 day\n  • send: rappel\n',
    '3 a long dash or a bullet stands where a plain dash belongs → write: - wait: 1 day',
    '4 a long dash or a bullet stands where a plain dash belongs → write: - send: rappel',
  ),
  ...['> 30 euros', '| 30', '- 20 % sur tout', '& vous ?', '! attention', '* promo'].map((written) =>
    inJourney(
      `text that begins with ${written[0] ?? ''}`,
      `description: ${written}\n${journey.replace('30 minutes', '30')}`,
      `1 text cannot begin with this sign → write: description: "${written}"`,
      '5 "30" is not a duration → write 30 minutes',
    ),
  ),
  inJourney(
    'no dashes',
    'start: { on: Cart Updated }\nsteps:\n  wait: 1 day\n  send: rappel\n',
    '3 a group of fields stands where steps are expected → write a dash before each step',
  ),
  inJourney(
    'no dash before the second step',
    'start: { on: Cart Updated }\nsteps:\n  - wait: 1 day\n    send: rappel\n',
    '4 "send" is a step of its own → begin a line with "- send:"',
  ),
  inJourney(
    'no comma in braces',
    'start: { on: Cart Updated once: true }\nsteps:\n  - send: rappel\n',
    '1 a comma is missing between fields',
  ),
  inJourney(
    'a quote that is not closed in a list',
    "start: { on: ['Cart Updated, Product Added] }\nsteps:\n  - send: rappel\n",
    '1 a quote is opened and not closed',
  ),
  inJourney(
    'a space before the first line',
    ' start:\n  on: Cart Updated\nsteps:\n  - send: rappel\n',
    '1 this line does not start where its neighbours start',
  ),
  inJourney('a word alone at the end', `${journey}foo\n`, '7 no colon follows the word'),
  inJourney(
    'mistakes in YAML and in words',
    'start:\n  on: Cart Updatd\n  rest:3 dayz\nsteps:\n  - send: rappel : oui\n  - wait: x\n',
    '2 no event is called "Cart Updatd" → did you mean "Cart Updated"?',
    '3 no space follows the colon → write: rest: 3 dayz',
    '3 "3 dayz" is not a duration → write 3 days',
    '5 "rappel : oui" cannot be the name of a template → write rappel-oui',
    '5 a second colon makes this text unreadable → write: - send: "rappel : oui"',
    '6 "x" is not a duration',
  ),
];
