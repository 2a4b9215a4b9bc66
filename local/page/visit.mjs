/** The section that plays a shop visit and tells, after each act, what happened and why. */
import { acts, more } from './acts.mjs';
import { el, empty, json, show, time } from './dom.mjs';
import { read, readPerson, tell } from './server.mjs';
import { storyLine } from './story-line.mjs';
import { visitorForm } from './visitor.mjs';

const lead =
  'Relance hears what happens in a shop and decides whom to write to, when, and about what. ' +
  'This is the whole product, on your machine only: no mail really leaves it.';

/** `changed` is called after each act. */
export function visitView(changed) {
  /** Newest first. */
  const log = [];
  /** Lines of the visitor's story that were told already. */
  const known = new Set();
  let busy = false;
  let pressed = '';
  let told = '';

  const visitor = visitorForm({
    onChange: (isSomebodyElse) => {
      if (isSomebodyElse) forget();
      showActs();
    },
    onNew: () => void act('', 'Somebody new comes in', comeIn),
  });
  const buttons = el('div', { class: 'acts' });
  const next = el('div', { class: 'next' });
  const entries = el('ol', { class: 'log', 'aria-live': 'polite', 'aria-label': 'What happened, and why' });
  const element = el(
    'div',
    { class: 'columns' },
    el(
      'section',
      { class: 'card' },
      el('h1', {}, 'Play a shop visit'),
      el('p', { class: 'lead' }, lead),
      visitor.element,
      buttons,
    ),
    el('section', { class: 'card' }, el('h2', {}, 'What happened, and why'), next, entries),
  );

  const readStory = () => (visitor.isUsable ? readPerson('story', { email: visitor.current.email }) : undefined);

  async function comeIn() {
    await visitor.becomeNew(async (email) => (await readPerson('story', { email })) !== undefined);
    return { says: `${visitor.current.firstName} (${visitor.current.email}) is not known yet.` };
  }

  function forget() {
    known.clear();
    log.length = 0;
    pressed = '';
    told = '';
  }

  /** Runs one act to its end, then tells what is new in the visitor's story. */
  async function act(key, title, run) {
    if (busy) return;
    busy = true;
    showActs();
    try {
      const done = await run(visitor.current);
      await tell('settle');
      await tellEntry(title, done, await readStory());
    } catch (error) {
      await tellEntry(title, { says: `That did not work: ${error.message}.` }, undefined);
    } finally {
      busy = false;
      pressed = key;
      showActs();
      await changed();
    }
  }

  async function tellEntry(title, { says, sent }, story) {
    const { now, paused } = await read('summary');
    const lines = news(story);
    const silence =
      paused.length > 0
        ? 'Nothing yet: processing is paused (see Engine), so it waits in a queue.'
        : `Nothing happened for ${visitor.current.firstName}.`;
    log.unshift({ title, at: now, says: says || (lines.length === 0 ? silence : ''), lines, sent });
    showLog(story);
  }

  function news(story) {
    const lines = (story?.lines ?? []).filter(({ id }) => !known.has(id));
    for (const { id } of lines) known.add(id);
    return lines;
  }

  function actButton({ label, does, run }, key, kind) {
    const title = label(visitor.current);
    // A disabled button would lose the focus: while an act runs, the others only say that they wait.
    const attributes = {
      type: 'button',
      class: kind,
      'data-key': key,
      disabled: !visitor.isUsable,
      'aria-disabled': String(busy),
    };
    const button = el(
      'button',
      { ...attributes, on: { click: () => void act(key, title, run) } },
      el('strong', {}, title),
      does ? el('span', { class: 'quiet' }, does) : null,
    );
    // On a narrow screen the log is far below: what the act led to is shown under its button as well.
    return [button, key === pressed && log.length > 0 ? el('div', { class: 'echo' }, entryParts(log[0], 'echo')) : null];
  }

  function showActs() {
    show(
      buttons,
      visitor.isUsable
        ? null
        : el('p', { class: 'problem', role: 'alert' }, 'An e-mail address is needed, such as lea@example.com.'),
      acts.map((one, index) => actButton(one, `act-${index}`, 'act')),
      el('h2', { class: 'small' }, 'Also try'),
      el(
        'div',
        { class: 'row' },
        more.map((one, index) => actButton(one, `more-${index}`, 'plain')),
      ),
    );
  }

  function showLog(story) {
    const coming = (story?.next ?? []).map(({ text }) => el('li', {}, text));
    show(next, coming.length === 0 ? null : [el('h3', {}, 'Next, if nothing else happens'), el('ul', {}, coming)]);
    const nothing = el('li', {}, empty('Nothing yet. Press the first button.'));
    show(
      entries,
      log.length === 0 ? nothing : log.map((entry, index) => el('li', {}, entryParts(entry, `sent-${log.length - index}`))),
    );
  }

  const entryParts = ({ title, at, says, lines, sent }, key) => [
    el('h3', {}, title, ' ', time(at)),
    says ? el('p', {}, says) : null,
    lines.map(storyLine),
    sent ? el('details', { 'data-key': key }, el('summary', {}, 'What was sent'), json(sent)) : null,
  ];

  async function open() {
    showActs();
    await refresh();
  }

  /** What came without an act of this page: time that passed by itself, another sender. */
  async function refresh() {
    if (busy) return;
    const story = await readStory();
    if (busy) return;
    const lines = news(story);
    const title = log.length === 0 ? `So far, ${visitor.current.firstName}` : 'Meanwhile';
    if (lines.length > 0) log.unshift({ title, at: lines.at(-1).at, says: '', lines });
    const telling = JSON.stringify([story?.next, log.length]);
    if (telling !== told) showLog(story);
    told = telling;
  }

  /** A duration that is none is thrown, to be said beside its field and not in the log. */
  async function passTime(duration, label) {
    await tell('clock', { advance: duration });
    await act('', label, () => ({}));
  }

  return { element, open, refresh, passTime };
}
