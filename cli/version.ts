/** As in package.json; written here because the command reads no other file to say it. */
export const VERSION = '0.1.0';
