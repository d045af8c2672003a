/** The text of `early.min.js`, to be put into a page as an inline script. The build writes it here. */
export const EARLY_SCRIPT: string = 'unbuilt';
