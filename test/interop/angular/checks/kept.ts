import {type ApplicationConfig, Component} from '@angular/core';
import {provideRouter, RouteReuseStrategy, RouterLink, RouterOutlet} from '@angular/router';
import {KeepWorkspace} from '../src/keep-workspace';
import {Workspace} from '../src/workspace';

@Component({selector: 'app-elsewhere', template: '<p>Elsewhere</p>'})
class Elsewhere {}

@Component({
  selector: 'app-kept',
  imports: [RouterLink, RouterOutlet],
  template: `
    <a id="leave" routerLink="/elsewhere">leave</a>
    <a id="return" routerLink="/">return</a>
    <router-outlet />
  `,
})
export class Kept {}

export const keptConfig: ApplicationConfig = {
  providers: [
    provideRouter([
      {path: '', pathMatch: 'full', component: Workspace},
      {path: 'elsewhere', component: Elsewhere},
    ]),
    {provide: RouteReuseStrategy, useClass: KeepWorkspace},
  ],
};
