import 'meshes-workspace';
import 'meshes-workspace/types/preact';
import 'meshes-workspace/types/react';
import 'meshes-workspace/types/solid';
import 'meshes-workspace/types/svelte';
import 'meshes-workspace/types/vue';
import {MeshesEventsClient} from 'meshes-workspace/events';
import {MeshesWorkspace} from 'meshes-workspace/react';

globalThis.found = [MeshesEventsClient, MeshesWorkspace].map(value => typeof value);
