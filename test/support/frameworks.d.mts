export function foldersWithPackages(parent: string): string[];
export function installFramework(folder: string): Promise<void>;
export function isFrameworkInstalled(folder: string): boolean;
export function installPackage(folders: readonly string[]): void;
export function packPackage(): string;
