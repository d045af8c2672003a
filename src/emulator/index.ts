export {createEmulator} from './create-emulator.js';
export {demoCredentials, secondWorkspace} from './credentials.js';
export type {
  EmbedSettings,
  EmittedEvent,
  Emulator,
  EmulatorControl,
  EmulatorCredentials,
  EmulatorOptions,
  EmulatorState,
  Fault,
  FaultRule,
  FaultScope,
  FaultSelector,
  Lifetimes,
  SessionSelector,
  SessionState,
} from './emulator-types.js';
