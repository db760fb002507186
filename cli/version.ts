/** As in package.json; written here because the command has to work as a single file. */
export const VERSION = '0.1.0';
