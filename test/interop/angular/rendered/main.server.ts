import {mergeApplicationConfig} from '@angular/core';
import {bootstrapApplication, type BootstrapContext} from '@angular/platform-browser';
import {provideServerRendering} from '@angular/ssr';
import {config} from './config';
import {Page} from './page';

const onServer = mergeApplicationConfig(config, {providers: [provideServerRendering()]});

export default (context: BootstrapContext) => bootstrapApplication(Page, onServer, context);
