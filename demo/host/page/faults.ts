import {MeshesWorkspaceElement} from 'meshes-workspace';
import {codeParts} from '../code-parts.js';
import {faultCases, faultTag, type FaultCase} from '../fault-cases.js';
import {find} from './find.js';
import {reportProblems} from './report-problems.js';
import {showStates} from './show-states.js';

showStates();

const show = (fault: FaultCase): void => {
  for (const link of document.querySelectorAll('.fault-list a')) {
    if (link.getAttribute('href') === `#${fault.name}`) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
  find('#fault-title').textContent = fault.title;
  find('#fault-text').textContent = fault.text;
  find('#tag code').replaceChildren(
    ...codeParts(faultTag(fault)).map(({text, kind}) => {
      const part = document.createElement('span');
      part.className = kind;
      part.textContent = text;
      return part;
    }),
  );
};

const report = (code: string, details: string): void => {
  find('#report-code').textContent = code;
  find('#report-details').textContent = details;
};

const start = (fault: FaultCase): void => {
  const workspace = new MeshesWorkspaceElement();
  for (const [name, value] of Object.entries(fault.attributes)) workspace.setAttribute(name, value);
  report('none', 'none');
  reportProblems(workspace, report);
  find('#stage').replaceChildren(workspace);
  if (fault.refreshes) {
    workspace
      .whenReady()
      .then(() => workspace.refresh())
      .catch(() => {});
  }
};

const chosen = (): FaultCase =>
  faultCases.find(({name}) => `#${name}` === location.hash) ?? faultCases[0]!;

const change = () => {
  const fault = chosen();
  show(fault);
  start(fault);
};
addEventListener('hashchange', () => {
  change();
  // The list is longer than a screen, and on a small screen the card is below it.
  const card = find('.workspace-card');
  const {top} = card.getBoundingClientRect();
  if (top < 0 || top > innerHeight / 2) card.scrollIntoView();
});
change();
