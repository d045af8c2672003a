export function readTests(root: string): Promise<{file: string; imports: Set<string>}[]>;
