import 'meshes-workspace';
import {
  afterNextRender,
  Component,
  CUSTOM_ELEMENTS_SCHEMA,
  type ElementRef,
  viewChild,
} from '@angular/core';
import type {MeshesWorkspaceElement} from 'meshes-workspace';

@Component({
  selector: 'app-workspace',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <meshes-workspace
      #workspace
      defer-hydration
      token-endpoint="/api/meshes/session"
      [requestHeaders]="headers"
    >
      <p slot="loading">Getting ready</p>
    </meshes-workspace>
  `,
})
export class Workspace {
  readonly headers = {'X-Requested-With': 'meshes-workspace'};
  readonly workspace = viewChild.required<ElementRef<MeshesWorkspaceElement>>('workspace');

  constructor() {
    // Runs in the browser only, after hydration.
    afterNextRender(() => {
      this.workspace().nativeElement.removeAttribute('defer-hydration');
    });
  }
}
