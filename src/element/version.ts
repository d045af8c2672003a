/** Version of this package. The build writes it here, from package.json. */
export const VERSION: string = 'unbuilt';
