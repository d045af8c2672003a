import type {ApplicationConfig} from '@angular/core';
import {provideClientHydration, withIncrementalHydration} from '@angular/platform-browser';

export const config: ApplicationConfig = {
  providers: [provideClientHydration(withIncrementalHydration())],
};
