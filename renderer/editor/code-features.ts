/**
 * What writing code needs of Monaco beside what reading messages does. Loaded with the editor itself: the services some of these bring are
 * taken up only until the first editor is made, whichever that is.
 */
import 'monaco-editor/features/bracketMatching/register';
import 'monaco-editor/features/comment/register';
import 'monaco-editor/features/cursorUndo/register';
import 'monaco-editor/features/gotoError/register';
import 'monaco-editor/features/hover/register';
import 'monaco-editor/features/indentation/register';
import 'monaco-editor/features/linesOperations/register';
import 'monaco-editor/features/multicursor/register';
import 'monaco-editor/features/parameterHints/register';
import 'monaco-editor/features/snippet/register';
import 'monaco-editor/features/toggleTabFocusMode/register';
import 'monaco-editor/features/wordOperations/register';
// `features/suggest/register` brings suggestions of whole lines alone.
import 'monaco-editor/editor/contrib/suggest/browser/suggestController';
