import {installTestWorkspace} from 'meshes-workspace/testing';

installTestWorkspace();
