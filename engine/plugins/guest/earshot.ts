/** What `import … from 'earshot'` gives a plugin. Its types are shipped as resources/plugins/earshot.d.ts. */
export type { Column } from '../../../base/columns.ts';
export { ABSENT, type FilterField, type FilterType, fieldLines, UNKNOWN } from '../../../base/filter-field.ts';
export { Octets } from '../../../base/octets.ts';
export {
  type Claim,
  type ColumnSpec,
  Confidence,
  type DescribeContext,
  type DissectContext,
  type Dissector,
  type FieldValue,
  type Rows,
  type Transport,
  type TreeBuilder,
  Verdict,
} from '../../../dissectors/dissector.ts';
export type {
  CallMessage,
  CallRow,
  CaptureInfo,
  PacketRow,
  Party,
  StreamRow,
} from '../../../shared/api.ts';
export type { IceRow } from '../../../shared/ice.ts';
export type {
  CaptureView,
  Check,
  DissectedRow,
  Export,
  FoundProblem,
  Plugin,
  Problem,
  SipMessage,
} from '../contract.ts';
