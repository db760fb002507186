import { beginReading } from './begin-reading.ts';
import { compileProgram, startProgram } from './program.ts';

const folder = new URL('.', import.meta.url).href;
// First, as the thread that reads starts while the program does.
const begun = beginReading(folder, process.argv.slice(2));
startProgram(compileProgram(folder), folder, begun);
