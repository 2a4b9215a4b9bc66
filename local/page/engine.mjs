/** What runs underneath: queues with what waits in them, functions that can be paused, and parked items. */
import { el, empty, json, pretty, show, table, time } from './dom.mjs';
import { read, tell } from './server.mjs';

export function engineView() {
  const queues = el('div', {});
  const parked = el('div', {});
  const element = el(
    'div',
    { class: 'stack' },
    el(
      'section',
      { class: 'card' },
      el('h1', {}, 'Engine'),
      el(
        'p',
        { class: 'lead' },
        'Events wait in queues until a function takes them. Pause a function and see them pile up; let it go on, and nothing is lost.',
      ),
      queues,
    ),
    el(
      'section',
      { class: 'card' },
      el('h2', {}, 'Parked items'),
      el('p', { class: 'quiet' }, 'What could not be done is kept here with its reason for 14 days.'),
      parked,
    ),
  );

  function showQueues({ queues: all, schedules, paused }) {
    const rows = all.filter(
      ({ name, visible, delayed, inFlight }) => !name.endsWith('-dead') || visible + delayed + inFlight > 0,
    );
    const dead = all.length - rows.length;
    show(
      queues,
      table(
        'Queues',
        ['Queue', 'Waiting', 'For later', 'In work', 'Taken by'],
        [
          ...rows.map(({ name, visible, delayed, inFlight, handler }) =>
            [name, visible, delayed, inFlight, functionCell(handler, paused, name)].map(cell),
          ),
          ...schedules.map(({ name, everyMinutes, handler }) => [
            everyMinutes === 1 ? 'each minute' : `every ${everyMinutes} minutes`,
            '',
            '',
            '',
            functionCell(handler, paused, name),
          ]),
        ],
      ),
      el(
        'div',
        { class: 'row' },
        el(
          'button',
          { type: 'button', class: 'plain', 'data-key': 'all', on: { click: () => void turn(paused.length > 0) } },
          paused.length > 0 ? 'Let everything go on' : 'Pause everything',
        ),
        el('span', { class: 'quiet' }, dead > 0 ? `${dead} dead-letter queues are empty.` : ''),
      ),
    );
  }

  const cell = (value) => (typeof value === 'number' ? String(value) : value);

  function functionCell(name, paused, place) {
    const isPaused = paused.includes(name);
    return el(
      'span',
      { class: 'function' },
      el('code', {}, name),
      isPaused ? el('span', { class: 'chip dropped' }, 'paused') : null,
      el(
        'button',
        {
          type: 'button',
          class: 'plain small',
          'data-key': `pause-${place}`,
          'aria-label': `${isPaused ? 'Resume' : 'Pause'} ${name}`,
          on: { click: () => void turn(isPaused, name) },
        },
        isPaused ? 'Resume' : 'Pause',
      ),
    );
  }

  async function turn(running, name) {
    await tell('processing', { running, ...(name === undefined ? {} : { function: name }) });
    if (running) await tell('settle');
    await refresh();
  }

  function showParked(items) {
    if (items.length === 0) return show(parked, empty('Nothing is parked.'));
    const item = ({ id, at, stage, problems, body }) =>
      el(
        'details',
        { class: 'part', 'data-key': id },
        el(
          'summary',
          {},
          `${stage}: ${problems.map(({ where, problem }) => (where ? `${where} ${problem}` : problem)).join('; ')} `,
          time(at),
        ),
        json(pretty(body)),
      );
    show(parked, items.map(item));
  }

  async function refresh() {
    const [counts, items] = await Promise.all([read('queues'), read('parked')]);
    showQueues(counts);
    showParked(items);
  }

  return { element, open: refresh, refresh };
}
