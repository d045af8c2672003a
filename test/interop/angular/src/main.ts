import {bootstrapApplication} from '@angular/platform-browser';
import {Workspace} from './workspace';

void bootstrapApplication(Workspace);
