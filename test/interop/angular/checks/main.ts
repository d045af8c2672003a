import type {ApplicationRef} from '@angular/core';
import {createApplication} from '@angular/platform-browser';
import {mountable} from '../../page.js';
import {Checks} from './checks';

mountable(() => {
  let application: ApplicationRef | undefined;
  void createApplication().then(created => {
    application = created;
    const host = document.createElement('div');
    document.querySelector('#app')!.append(host);
    created.bootstrap(Checks, host);
  });
  return () => application?.destroy();
});
