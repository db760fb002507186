import { compileProgram, startProgram } from './program.ts';

const folder = new URL('.', import.meta.url).href;
startProgram(compileProgram(folder), folder);
