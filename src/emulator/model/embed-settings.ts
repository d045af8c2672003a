import type {EmbedSettings} from '../emulator-types.js';

export interface EmbedSettingsStore {
  settings(): EmbedSettings;
  change(settings: Partial<EmbedSettings>): EmbedSettings;
  reset(): void;
}

const DEFAULTS: EmbedSettings = {oauth: 'popup', confirm: false};

/** Settings of the embed app, where the contract allows several behaviors. */
export const createEmbedSettings = (): EmbedSettingsStore => {
  let current = DEFAULTS;
  return {
    settings: () => current,
    change(settings) {
      current = {...current, ...settings};
      return current;
    },
    reset() {
      current = DEFAULTS;
    },
  };
};
