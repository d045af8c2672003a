// The types of the test helpers alone have to tell the compiler what the tag is: a test of a component may import nothing else.
import {goTo} from 'meshes-workspace/testing';

const workspace = document.createElement('meshes-workspace');
workspace.tokenEndpoint = '/api/meshes/session';
workspace.addEventListener('meshes-error', ({detail}) => detail.code === 'csp_blocked');
goTo(workspace, 'failed', {code: 'endpoint_unauthorized'});
