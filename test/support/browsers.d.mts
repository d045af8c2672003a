import type {LaunchOptions} from 'playwright';

export type Engine = 'chromium' | 'firefox' | 'webkit';

/** `launchOptions` where Playwright drives the engine, `driver` where WebDriver does, with `miniBrowser` for WebKitGTK. */
export interface Browser {
  channel?: string;
  launchOptions?: LaunchOptions;
  driver?: string;
  miniBrowser?: string;
}

export const ENGINES: Engine[];
export function findBrowsers(): Partial<Record<Engine, Browser>>;
export function installBrowsers(engines: Engine[]): void;
export function installAdvice(engines: Engine[]): string;
