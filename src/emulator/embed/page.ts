import type {SessionAnswer} from '../embed-data-api.js';

export interface PageContext {
  readonly session: SessionAnswer;
  request<T>(path: string, init?: {method?: string; body?: unknown}): Promise<T>;
  navigate(path: string): void;
  /** Announces what has happened, visibly and to screen readers. */
  announce(message: string, undo?: () => Promise<void>): void;
}

export interface PageView {
  /** Text of the heading and of the document's title. */
  readonly title: string;
  readonly content: HTMLElement;
  /** Fetches and renders the data. Called at the start, and after each change. */
  refresh(): Promise<void>;
}
