/** The page at /_local: which section is shown, the clock, and a light poll that refreshes when something has changed. */
import { longTime, show } from './dom.mjs';
import { engineView } from './engine.mjs';
import { inboxView } from './inbox.mjs';
import { peopleView } from './people.mjs';
import { read, tell } from './server.mjs';
import { visitView } from './visit.mjs';

const pollEvery = 1_500;
const main = document.querySelector('#main');
const views = { visit: visitView(poll), inbox: inboxView(), people: peopleView(), engine: engineView() };

/** The last summary, and when it came: the clock runs on from there. */
let latest = { revision: -1, mails: 0, texts: 0, queues: [], paused: [], now: undefined, came: 0 };
let shown = '';

async function route() {
  const [name = '', ...rest] = location.hash.slice(1).split('/');
  const view = Object.hasOwn(views, name) ? name : 'visit';
  for (const link of document.querySelectorAll('nav a')) {
    if (link.dataset.view === view) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  if (shown !== view) show(main, views[view].element);
  shown = view;
  await views[view].open(rest.map(decodeURIComponent).join('/'), latest);
}

async function poll() {
  if (document.hidden) return;
  try {
    const summary = await read('summary');
    const changed =
      ['revision', 'mails', 'texts'].some((name) => summary[name] !== latest[name]) || isOther(summary.paused, latest.paused);
    latest = { ...summary, came: performance.now() };
    setHidden('#offline', true);
    if (!changed) return;
    await countEngine();
    await views[shown]?.refresh(latest);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // that is how fetch says that nobody answers
    setHidden('#offline', false);
    latest.revision = -1;
  }
}

const isOther = (a, b) => a.join() !== b.join();

async function countEngine() {
  setCount('messages', latest.mails + latest.texts);
  const parked = await read('parked');
  setCount(
    'engine',
    parked.length + latest.paused.length,
    [...(parked.length === 0 ? [] : [`${parked.length} parked`]), ...(latest.paused.length === 0 ? [] : ['paused'])].join(', '),
  );
}

function setCount(name, count, text = String(count)) {
  const badge = document.querySelector(`[data-count=${name}]`);
  badge.hidden = count === 0;
  badge.textContent = text;
}

function setHidden(selector, hidden) {
  const element = document.querySelector(selector);
  if (element.hidden !== hidden) element.hidden = hidden;
}

function tick() {
  if (latest.now === undefined) return;
  const now = Date.parse(latest.now) + performance.now() - latest.came;
  const clock = document.querySelector('#now');
  clock.textContent = longTime(now);
  clock.dateTime = new Date(now).toISOString();
  document.querySelector('#ahead').textContent = aheadText(now - Date.now());
}

function aheadText(milliseconds) {
  const minutes = Math.round(milliseconds / 60_000);
  if (minutes < 1) return '';
  const parts = [Math.floor(minutes / 1_440), Math.floor((minutes % 1_440) / 60), minutes % 60];
  return `${parts.flatMap((count, at) => (count > 0 ? `${count} ${['d', 'h', 'min'][at]}` : [])).join(' ')} ahead`;
}

/** Through the visit where it is shown, because it tells what happened meanwhile. */
async function advance(duration, label) {
  const problem = document.querySelector('#duration-problem');
  try {
    if (shown === 'visit') await views.visit.passTime(duration, label);
    else await tell('clock', { advance: duration });
    problem.hidden = true;
  } catch (error) {
    problem.textContent = `${error.message}. For example PT45M, PT2H30M or P3D.`;
    problem.hidden = false;
  }
  await poll();
}

const form = document.querySelector('#clock');
form.addEventListener('submit', (event) => {
  event.preventDefault();
  const duration = new FormData(form).get('duration').trim().toUpperCase() || 'PT2H30M';
  void advance(duration, `${duration} passes`);
});
for (const button of form.querySelectorAll('[data-advance]'))
  button.addEventListener('click', () => void advance(button.dataset.advance, button.dataset.label));
addEventListener('hashchange', () => void route());
document.addEventListener('visibilitychange', () => void poll());

await poll();
await route();
tick();
setInterval(tick, 250);
for (;;) {
  await new Promise((resolve) => setTimeout(resolve, pollEvery));
  await poll().catch((error) => console.error(error));
}
