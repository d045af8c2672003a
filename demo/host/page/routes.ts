import {changeRoute} from './change-route.js';
import {find} from './find.js';
import {showStates} from './show-states.js';

showStates();

const SESSION_PATH = '/api/meshes/session';

const outlet = find('#outlet');
const keeps = find('#keeps') as HTMLInputElement;
const buttons = [...document.querySelectorAll<HTMLButtonElement>('button[data-route]')];
/** Time at which the current visit started. */
let since = 0;
/** Name of the next visit. */
let opening = 'First visit';

/** Returns the number of token requests since a time. */
const requestsSince = (start: number): number =>
  performance
    .getEntriesByType('resource')
    .filter(({name, startTime}) => startTime >= start && new URL(name).pathname === SESSION_PATH)
    .length;

const show = (name: string): void => {
  since = performance.now();
  const isKept = changeRoute(outlet, name, keeps.checked);
  if (name === 'settings') opening = isKept ? 'Return, kept' : 'Return, not kept';
  for (const button of buttons) {
    button.setAttribute('aria-pressed', String(button.dataset.route === name));
  }
};

for (const button of buttons) {
  button.addEventListener('click', () => {
    if (button.getAttribute('aria-pressed') !== 'true') show(button.dataset.route!);
  });
}

outlet.addEventListener('meshes-ready', () => {
  const row = document.createElement('tr');
  for (const text of [
    opening,
    `${Math.round(performance.now() - since)} ms`,
    String(requestsSince(since)),
  ]) {
    row.append(Object.assign(document.createElement('td'), {textContent: text}));
  }
  find('#visits').prepend(row);
});

show('workspace');
