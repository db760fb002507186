import type { editor } from 'monaco-editor/editor';
import { CODE_RULES, CODE_SURFACES } from '../editor/code-theme.ts';

/** A class of text in a message, and the token of its colour. */
const RULES: readonly (readonly [token: string, colour: string, style?: string])[] = [
  ['', '--text-1'],
  ['value', '--text-1'],
  ['method', '--l-request', 'bold'],
  ['version', '--text-3'],
  ['status.provisional', '--l-1xx', 'bold'],
  ['status.success', '--l-2xx', 'bold'],
  ['status.moved', '--l-3xx', 'bold'],
  ['status.refused', '--l-4xx', 'bold'],
  ['status.failed', '--l-5xx', 'bold'],
  ['reason', '--text-1', 'bold'],
  ['header', '--text-3'],
  ['uri', '--accent'],
  ['address', '--accent'],
  ['string', '--text-1'],
  ['parameter', '--text-2'],
  ['tag', '--lane-b'],
  ['branch', '--lane-b'],
  ['delimiter', '--text-3'],
  ['number', '--text-1'],
  ['fault', '--error'],
  ['boundary', '--text-3', 'bold'],
  ['type', '--text-3'],
  ['type.media', '--p-rtp', 'bold'],
  ['media', '--p-rtp', 'bold'],
  ['attribute', '--text-2'],
  ['codec', '--p-rtp'],
  ['direction', '--l-2xx'],
  ['key', '--warning'],
];

const SURFACES: Readonly<Record<string, string>> = {
  'editor.background': '--surface-panel',
  'editor.foreground': '--text-1',
  'editor.lineHighlightBackground': '--surface-hover',
  'editor.selectionBackground': '--select',
  'editor.inactiveSelectionBackground': '--select-idle',
  'editor.findMatchBackground': '--match',
  'editor.findMatchHighlightBackground': '--match',
  'editor.rangeHighlightBackground': '--surface-hover',
  'editor.foldBackground': '--surface-hover',
  'editorCursor.foreground': '--text-1',
  'editorGutter.background': '--surface-panel',
  'editorGutter.foldingControlForeground': '--text-3',
  'editorWidget.background': '--surface-raised',
  'editorWidget.foreground': '--text-1',
  'editorWidget.border': '--border-strong',
  'editorWhitespace.foreground': '--text-disabled',
  'editorLineNumber.foreground': '--text-3',
  'editorLineNumber.activeForeground': '--text-2',
  'input.background': '--surface-inset',
  'input.foreground': '--text-1',
  'input.border': '--border-strong',
  'inputOption.activeBorder': '--focus',
  'inputOption.activeBackground': '--accent-soft',
  'inputOption.activeForeground': '--text-1',
  focusBorder: '--focus',
  'scrollbarSlider.background': '--surface-press',
  'scrollbarSlider.hoverBackground': '--border-strong',
  'scrollbarSlider.activeBackground': '--border-strong',
  'diffEditor.insertedLineBackground': '--ok-soft',
  'diffEditor.removedLineBackground': '--error-soft',
  'diffEditor.border': '--border',
  'diffEditor.diagonalFill': '--border-subtle',
  'diffEditor.unchangedRegionBackground': '--surface-chrome',
  'diffEditor.unchangedRegionForeground': '--text-3',
  'diffEditor.unchangedCodeBackground': '--surface-panel',
};

/** Text that changed inside a line: the severity's colour, thinned so that the text on it stays readable. */
const THINNED: Readonly<Record<string, string>> = {
  'diffEditor.insertedTextBackground': '--ok-fill',
  'diffEditor.removedTextBackground': '--error-fill',
};

/** The editor's theme from the tokens of the theme shown; `colourOf` gives a token's value as `#rrggbb`. */
export function monacoTheme(isLight: boolean, colourOf: (token: string) => string): editor.IStandaloneThemeData {
  const thin = (token: string): string => `${colourOf(token)}55`;
  return {
    base: isLight ? 'vs' : 'vs-dark',
    inherit: false,
    rules: [...RULES, ...CODE_RULES].map(([token, colour, fontStyle]) => ({
      token,
      foreground: colourOf(colour).slice(1),
      ...(fontStyle === undefined ? {} : { fontStyle }),
    })),
    colors: Object.fromEntries([
      ...Object.entries({ ...SURFACES, ...CODE_SURFACES }).map(([name, token]) => [name, colourOf(token)]),
      ...Object.entries(THINNED).map(([name, token]) => [name, thin(token)]),
    ]),
  };
}
