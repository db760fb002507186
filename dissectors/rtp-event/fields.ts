/** What the display filter can ask of telephone-events and tones. */
import { fieldLines } from '../../base/filter-field.ts';

export const rtpEventFields = fieldLines(`
  protocol rtpevent Telephone event
  text rtpevent.data Data
  number rtpevent.duration Duration
  boolean rtpevent.end_of_event End of event
  number rtpevent.event_id Event
  boolean rtpevent.reserved Reserved
  number rtpevent.volume Volume
`);

export const rtpToneFields = fieldLines(`
  text rtptone.data Data
  number rtptone.duration Duration
  number rtptone.frequency Frequency
  number rtptone.modulation Modulation
  boolean rtptone.thirds Modulation divided by three
  number rtptone.volume Volume
`);
