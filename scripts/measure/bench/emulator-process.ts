/* The emulator in a process of its own: in the one that measures it would take its share of the time. */
import {createEmulator} from '../../../src/emulator/index.js';

const {apiUrl} = await createEmulator({port: 0});
process.send!({apiOrigin: new URL(apiUrl).origin});
