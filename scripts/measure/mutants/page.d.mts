import type {ScoreRecord} from './scores.mjs';

export function renderPage(record: ScoreRecord): Promise<string>;
