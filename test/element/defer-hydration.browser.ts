import {expect} from '@open-wc/testing';
import {createEndpoint, type Endpoint} from '../support/endpoint.js';
import {cleanUp, createWorkspace, sessionAnswer} from '../support/workspace.js';

describe('defer-hydration', () => {
  let endpoint: Endpoint;
  beforeEach(async () => {
    endpoint = await createEndpoint([{json: sessionAnswer()}]);
  });
  afterEach(async () => {
    cleanUp();
    await endpoint.dispose();
  });

  it('requests nothing while defer-hydration is set, then starts with the latest properties', async () => {
    const {element, states, types, reaches} = createWorkspace({}, {connect: false});
    element.setAttribute('defer-hydration', '');
    element.setAttribute('token-endpoint', endpoint.url);
    document.body.append(element);
    await element.updateComplete;
    element.launchPage = 'events';
    await element.updateComplete;
    expect(element.state).to.equal('idle');
    expect(types()).to.deep.equal([]);
    expect(await endpoint.requests()).to.deep.equal([]);

    element.requestHeaders = {'x-late': 'yes'};
    element.removeAttribute('defer-hydration');
    await reaches('ready');
    expect(states()).to.deep.equal(['minting', 'loading', 'ready']);
    const [request, ...more] = await endpoint.requests();
    expect(more).to.deep.equal([]);
    expect(request!.headers['x-late']).to.equal('yes');
    expect(JSON.parse(request!.body)).to.deep.equal({launch_page: 'events'});
    element.remove();
  });

  it('reports no missing configuration while defer-hydration is set', async () => {
    const {element, event} = createWorkspace({deferHydration: true});
    await element.updateComplete;
    expect(element.state).to.equal('idle');
    element.deferHydration = false;
    expect((await event('meshes-error')).detail.code).to.equal('config_invalid');
  });

  it('delays reload() until defer-hydration is removed', async () => {
    const {element, reaches} = createWorkspace({
      deferHydration: true,
      tokenEndpoint: endpoint.url,
    });
    await element.updateComplete;
    const reloaded = element.reload();
    expect(await endpoint.requests()).to.deep.equal([]);
    element.deferHydration = false;
    await reloaded;
    await reaches('ready');
    expect(await endpoint.requests()).to.have.length(1);
  });
});
