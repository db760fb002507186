/** What the display filter can ask of digits in SIP INFO. */
import { fieldLines } from '../../base/filter-field.ts';

export const sipDtmfFields = fieldLines(`
  protocol sip-dtmf DTMF in SIP INFO
  number sip-dtmf.duration Duration
  text sip-dtmf.line Line
  text sip-dtmf.signal Signal
`);
