import type {MeshesWorkspaceElement} from 'meshes-workspace';
import {controls, isSwitch, type SwitchControl} from '../controls.js';
import type {DemoState} from '../demo-routes.js';
import type {EventLog} from './event-log.js';
import {find} from './find.js';

interface PanelOptions {
  readonly workspace: MeshesWorkspaceElement;
  readonly log: EventLog;
  readonly onState: (state: DemoState) => void;
}

/** Adds listeners to the controls of the page. */
export const startControls = ({workspace, log, onState}: PanelOptions): void => {
  const problem = find('#control-problem');

  const order = async (path: string, body: object = {}): Promise<void> => {
    const response = await fetch(`/demo/${path}`, {
      method: 'POST',
      headers: {'Content-Type': 'application/json'},
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`The demo answered ${response.status}.`);
    const state = (await response.json()) as DemoState;
    show(state);
    onState(state);
  };

  const show = ({faults, account}: DemoState): void => {
    for (const control of controls.filter(isSwitch)) {
      const button = document.querySelector(`[data-switch="${control.name}"]`);
      button?.setAttribute('aria-checked', String(faults[control.name]));
    }
    for (const button of document.querySelectorAll<HTMLElement>('[data-account]')) {
      const isActive = button.dataset.account === account && !faults.signedOut;
      button.setAttribute('aria-pressed', String(isActive));
    }
  };

  const onClick = (selector: string, run: (button: HTMLElement) => Promise<void> | void) => {
    for (const button of document.querySelectorAll<HTMLElement>(selector)) {
      button.addEventListener('click', () => {
        problem.textContent = '';
        Promise.resolve(run(button)).catch((error: unknown) => {
          problem.textContent = error instanceof Error ? error.message : 'The request failed.';
        });
      });
    }
  };

  const apply = (what: SwitchControl['then']['on' | 'off']): void => {
    if (what === 'refresh') void workspace.refresh().catch(ignore);
    if (what === 'reload') void workspace.reload().catch(ignore);
  };

  for (const control of controls) {
    if (isSwitch(control)) {
      onClick(`[data-switch="${control.name}"]`, async button => {
        const on = button.getAttribute('aria-checked') !== 'true';
        log.add('you', `${control.title}: ${on ? 'on' : 'off'}`);
        await order('switch', {name: control.name, on});
        apply(on ? control.then.on : control.then.off);
      });
    } else {
      onClick(`[data-action="${control.name}"]`, () => {
        log.add('you', control.title);
        return control.name === 'reload-frame' ? reloadFrame(workspace) : order(control.name);
      });
    }
  }

  onClick('[data-account]', async ({dataset: {account}, textContent}) => {
    log.add('you', `Account: ${textContent.trim()}`);
    await order('account', {account});
    apply('reload');
  });

  onClick('#reset', async () => {
    await order('reset');
    log.clear();
    workspace.launchPage = null;
    apply('reload');
  });
};

/** Reloads the frame, by loading its launch URL again. */
const reloadFrame = (workspace: MeshesWorkspaceElement): void => {
  const frame = workspace.shadowRoot?.querySelector('iframe');
  if (!frame) throw new Error('There is no frame to reload.');
  frame.contentWindow?.location.replace(frame.src);
};

// The log and the workspace show the error.
const ignore = (): void => {};
