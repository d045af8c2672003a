import type {ApplicationRef} from '@angular/core';
import {createApplication} from '@angular/platform-browser';
import {keeps, mountable} from '../../page.js';
import {Checks} from './checks';
import {Kept, keptConfig} from './kept';

mountable(() => {
  let application: ApplicationRef | undefined;
  void createApplication(keeps ? keptConfig : undefined).then(created => {
    application = created;
    const host = document.createElement('div');
    document.querySelector('#app')!.append(host);
    created.bootstrap(keeps ? Kept : Checks, host);
  });
  return () => application?.destroy();
});
