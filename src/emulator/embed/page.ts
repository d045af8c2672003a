import type {SessionAnswer} from '../embed-data-api.js';

export interface PageContext {
  readonly session: SessionAnswer;
  request<T>(path: string, init?: {method?: string; body?: unknown}): Promise<T>;
  navigate(path: string): void;
  /** Says what just happened, visibly and to screen readers. */
  announce(message: string, undo?: () => Promise<void>): void;
}

export interface PageView {
  /** The text of its heading, and of the document's title. */
  readonly title: string;
  readonly content: HTMLElement;
  /** Fetches its data and draws it; called at the start and whenever something has changed. */
  refresh(): Promise<void>;
}
