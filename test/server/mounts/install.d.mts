export const mountsFolder: string;
export function installMounts(): void;
