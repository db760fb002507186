/** Display filters: Wireshark's language for packets, and for calls and streams. */
export { type CheckedFilter, checkFilter, type CheckResult, type FilterTable } from './check.ts';
export { completeFilter } from './complete.ts';
export { filterCalls, filterStreams } from './filter-entries.ts';
export { filterPackets } from './filter-packets.ts';
export { parseFilter } from './syntax/parser.ts';
export type { FilterOptions } from './turns.ts';
