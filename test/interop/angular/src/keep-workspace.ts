import {type ActivatedRouteSnapshot, BaseRouteReuseStrategy} from '@angular/router';
import {keep} from 'meshes-workspace/instant';
import {Workspace} from './workspace';

export class KeepWorkspace extends BaseRouteReuseStrategy {
  override shouldDetach(route: ActivatedRouteSnapshot): boolean {
    if (route.component === Workspace) keep(document.querySelector('meshes-workspace'));
    return false;
  }
}
