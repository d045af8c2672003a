import {expect} from '@open-wc/testing';
import {createEndpoint} from '../support/endpoint.js';
import {cleanUp, createWorkspace, sessionAnswer} from '../support/workspace.js';

afterEach(cleanUp);

describe('debug', () => {
  const {debug} = console;
  let lines: unknown[][];

  beforeEach(() => {
    lines = [];
    console.debug = (...values: unknown[]) => lines.push(values);
  });
  afterEach(() => {
    console.debug = debug;
  });

  it('logs a line for each event if debug is set, and nothing otherwise', async () => {
    const endpoint = await createEndpoint([{json: sessionAnswer()}, {status: 410}]);
    const workspace = createWorkspace({tokenEndpoint: endpoint.url, debug: true});
    await workspace.reaches('ready');
    workspace.say({type: 'meshes:token-refresh'});
    await workspace.reaches('expired');
    await workspace.event('meshes-token-expired');
    expect(lines).to.deep.equal(
      workspace.events.map(({type, detail}) => ['[meshes-workspace]', type, detail]),
    );
    expect(lines).to.have.length.greaterThan(6);

    lines.length = 0;
    workspace.element.debug = false;
    await endpoint.script([{json: sessionAnswer()}]);
    await workspace.element.reload();
    expect(lines).to.deep.equal([]);
  });
});
