export function userDocuments(root: string): string[];
export function llmsFiles(root: string): Record<string, string>;
export function writeLlmsFiles(root: string): void;
