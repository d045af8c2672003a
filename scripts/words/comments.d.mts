export function commentsOf(source: string): string;
