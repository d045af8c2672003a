export type Language = 'Python with Flask' | 'Python with Django' | 'PHP' | 'Ruby' | 'Go';

export const LANGUAGES: Language[];
export function findLanguage(language: Language): string | undefined;
export function missingLanguages(): string[];
export function installLanguages(): void;
