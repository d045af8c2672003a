import 'meshes-workspace';
import {Component, CUSTOM_ELEMENTS_SCHEMA, signal} from '@angular/core';

@Component({
  selector: 'app-workspace',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <p>You are at {{ path() }} <button (click)="workspace.reload()">Start over</button></p>
    <meshes-workspace
      #workspace
      defer-hydration
      [attr.defer-hydration]="null"
      [subject]="user()"
      token-endpoint="/api/meshes/session"
      [requestHeaders]="headers"
      (meshes-navigate)="path.set($event.detail.path)"
    >
      <p slot="loading">Getting ready</p>
    </meshes-workspace>
  `,
})
export class Workspace {
  /** Who is signed in. */
  readonly user = signal('ada');
  readonly headers = {'X-Requested-With': 'meshes-workspace'};
  readonly path = signal<string | null>('/');
}
