// A page must never import this entry: it works with the secret key.
import {createMeshesServer} from 'meshes-workspace/server';

globalThis.found = typeof createMeshesServer;
