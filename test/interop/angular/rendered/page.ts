/** The component of the guide in a page that Angular renders ahead, and hydrates block by block. */
import {
  Component,
  computed,
  CUSTOM_ELEMENTS_SCHEMA,
  effect,
  signal,
  viewChild,
} from '@angular/core';
import {call, record} from '../../page.js';
import {Workspace} from './workspace';

@Component({
  selector: 'app-root',
  imports: [Workspace],
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <button id="refresh" (click)="refresh()">refresh</button>
    <button id="headers" (click)="render.set(render() + 1)">headers</button>
    <div
      (meshes-state-change)="record($event)"
      (meshes-ready)="record($event)"
      (meshes-navigate)="record($event)"
      (meshes-token-refresh)="record($event)"
    >
      @defer (hydrate on idle) {
        <app-workspace />
      }
    </div>
  `,
})
export class Page {
  readonly record = record;
  readonly render = signal(1);
  readonly headers = computed(() => ({'x-render': String(this.render())}));
  readonly content = viewChild(Workspace);

  constructor() {
    effect(() => {
      const content = this.content();
      if (content) Object.assign(content.headers, this.headers());
    });
  }

  refresh(): void {
    call(this.content()!.workspace().nativeElement.refresh());
  }
}
