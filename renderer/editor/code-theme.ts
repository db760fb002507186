/** Colours of code and of what pops up beside it, from the window's tokens. */

const CODE_TOKENS: readonly (readonly [token: string, colour: string])[] = [
  ['keyword', '--accent'],
  ['comment', '--text-3'],
  ['comment.doc', '--text-3'],
  ['string', '--l-2xx'],
  ['string.escape', '--l-4xx'],
  ['string.invalid', '--error'],
  ['regexp', '--l-4xx'],
  ['regexp.escape', '--l-4xx'],
  ['regexp.escape.control', '--l-4xx'],
  ['number', '--l-4xx'],
  ['number.float', '--l-4xx'],
  ['number.hex', '--l-4xx'],
  ['number.octal', '--l-4xx'],
  ['number.binary', '--l-4xx'],
  ['type.identifier', '--lane-b'],
  ['identifier', '--text-1'],
  ['delimiter', '--text-2'],
];

/** Tokens of TypeScript end in `.ts`; messages (SIP) use the plain names. */
export const CODE_RULES: readonly (readonly [token: string, colour: string])[] = CODE_TOKENS.map(
  ([token, colour]) => [`${token}.ts`, colour] as const,
);

export const CODE_SURFACES: Readonly<Record<string, string>> = {
  'editorError.foreground': '--error-fill',
  'editorWarning.foreground': '--warning-fill',
  'editorInfo.foreground': '--note-fill',
  'editorBracketMatch.background': '--surface-press',
  'editorBracketMatch.border': '--border-strong',
  'editorBracketHighlight.foreground1': '--text-2',
  'editorBracketHighlight.foreground2': '--text-2',
  'editorBracketHighlight.foreground3': '--text-2',
  'editorBracketHighlight.unexpectedBracket.foreground': '--error',
  'editorIndentGuide.background1': '--border-subtle',
  'editorIndentGuide.activeBackground1': '--border',
  'editorHoverWidget.background': '--surface-raised',
  'editorHoverWidget.foreground': '--text-1',
  'editorHoverWidget.border': '--border-strong',
  'editorHoverWidget.highlightForeground': '--accent',
  'editorSuggestWidget.background': '--surface-raised',
  'editorSuggestWidget.foreground': '--text-1',
  'editorSuggestWidget.border': '--border-strong',
  'editorSuggestWidget.selectedBackground': '--select',
  'editorSuggestWidget.selectedForeground': '--on-select',
  'editorSuggestWidget.selectedIconForeground': '--on-select',
  'editorSuggestWidget.highlightForeground': '--accent',
  'editorSuggestWidget.focusHighlightForeground': '--on-select',
  'list.hoverBackground': '--surface-hover',
  'textLink.foreground': '--accent',
  'textLink.activeForeground': '--accent',
  'textCodeBlock.background': '--surface-inset',
};
