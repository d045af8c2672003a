/** Identifies what a build reads. */
export function hashInputs(root: string): string;
/** Whether dist/ is as a build with these inputs has left it. */
export function isUpToDate(root: string, inputs: string): boolean;
export function recordBuild(root: string, inputs: string): void;
