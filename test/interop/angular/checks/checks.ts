import 'meshes-workspace';
import {
  Component,
  computed,
  CUSTOM_ELEMENTS_SCHEMA,
  signal,
  viewChild,
  type ElementRef,
} from '@angular/core';
import type {MeshesWorkspaceElement} from 'meshes-workspace';
import {call, record} from '../../page.js';

@Component({
  selector: 'app-checks',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <button id="toggle" (click)="shown.set(!shown())">toggle</button>
    <button id="reorder" (click)="items.set(items().toReversed())">reorder</button>
    <button id="refresh" (click)="call(element().refresh())">refresh</button>
    <button id="reload" (click)="call(element().reload())">reload</button>
    <button id="debug-true" (click)="debug.set(true)">debug-true</button>
    <button id="debug-false" (click)="debug.set(false)">debug-false</button>
    <button id="debug-unset" (click)="debug.set(undefined)">debug-unset</button>
    <button id="headers" (click)="render.set(render() + 1)">headers</button>
    @for (item of items(); track item) {
      <div>
        @if (item === 'note') {
          <p id="note">A note</p>
        } @else if (shown()) {
          <meshes-workspace
            #workspace
            subject="ada"
            token-endpoint="/api/meshes/session"
            refresh-endpoint="/api/meshes/session/refresh"
            [debug]="debug()"
            [requestHeaders]="headers()"
            (meshes-state-change)="record($event)"
            (meshes-ready)="record($event)"
            (meshes-navigate)="record($event)"
            (meshes-resize)="record($event)"
            (meshes-token-refresh)="record($event)"
            (meshes-token-expired)="record($event)"
            (meshes-error)="record($event)"
            (meshes-warning)="record($event)"
          >
            <p slot="loading">Getting ready</p>
            <p slot="error">That did not work</p>
          </meshes-workspace>
        }
      </div>
    }
  `,
})
export class Checks {
  readonly call = call;
  readonly record = record;
  readonly shown = signal(true);
  readonly items = signal(['workspace', 'note']);
  readonly debug = signal<boolean | undefined>(false);
  readonly render = signal(1);
  readonly headers = computed(() => ({'x-render': String(this.render())}));
  readonly workspace = viewChild.required<ElementRef<MeshesWorkspaceElement>>('workspace');
  readonly element = () => this.workspace().nativeElement;
}
