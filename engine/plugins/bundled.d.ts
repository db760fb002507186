/** The file with all it imports, as the text of one script (scripts/bundled-text.mjs). */
declare module 'bundled:*' {
  const text: string;
  export default text;
}
