/* The emulator in a process of its own: in the one that measures it would take its share of the time. */
import {startEmulator} from '../../../demo/emulator/index.js';

const {apiOrigin} = await startEmulator({apiPort: 0, embedPort: 0});
process.send!({apiOrigin});
