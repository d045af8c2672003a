import {describeBends} from './support/bends.js';

describeBends(/^(signed-out|handle|no-store|cors|origin|site|type|method|body):/);
