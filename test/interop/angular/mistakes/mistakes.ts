import 'meshes-workspace';
import {Component, CUSTOM_ELEMENTS_SCHEMA} from '@angular/core';

/** Each line of the template is a mistake, which the compiler has to name. */
@Component({
  selector: 'app-mistakes',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <meshes-workspace (meshes-ready)="take($event.detail.session)" />
    <meshes-workspace (meshes-resize)="take($event.detail.height.path)" />
    <meshes-workspace (meshes-navigate)="take($event.detail.path)" />
    <meshes-workspace #workspace /><button (click)="workspace.restart()"></button>
  `,
})
export class Mistakes {
  readonly take: (path: string) => void = () => {};
}
