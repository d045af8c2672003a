/** The text of `early.min.js`, for an inline script. The build writes it here. */
export const EARLY_SCRIPT: string = 'unbuilt';
