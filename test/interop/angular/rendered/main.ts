import {bootstrapApplication} from '@angular/platform-browser';
import {config} from './config';
import {Page} from './page';

void bootstrapApplication(Page, config);
