import type {EmbedSettings} from '../emulator-types.js';

export interface EmbedSettingsStore {
  settings(): EmbedSettings;
  change(settings: Partial<EmbedSettings>): EmbedSettings;
  reset(): void;
}

const DEFAULTS: EmbedSettings = {oauth: 'popup', confirm: false};

/** How the embed app behaves where the contract allows several ways. */
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
