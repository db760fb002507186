/** The only list of built-in dissectors. A plugin is added to it at run time by whoever opens a capture. */
import type { Dissector } from './dissector.ts';
import { hep } from './hep/hep.ts';
import { http } from './http/http.ts';
import { rtcp } from './rtcp/rtcp.ts';
import { rtpEvent } from './rtp-event/rtp-event.ts';
import { rtpTone } from './rtp-event/rtp-tone.ts';
import { rtp } from './rtp/rtp.ts';
import { sdp } from './sdp/sdp.ts';
import { sip } from './sip/sip.ts';
import { sipDtmf } from './sip-dtmf/sip-dtmf.ts';
import { stun } from './stun/stun.ts';
import { dtls } from './tls/dtls.ts';
import { tls } from './tls/tls.ts';
import { udpEncap } from './udp-encap/udp-encap.ts';
import { verto } from './verto/verto.ts';
import { websocket } from './websocket/websocket.ts';

/** Every protocol that Earshot knows by itself. RTCP stands before RTP, which it is told apart from. */
export const builtIns: readonly Dissector[] = [
  sip,
  sdp,
  sipDtmf,
  rtcp,
  rtp,
  rtpEvent,
  rtpTone,
  tls,
  dtls,
  stun,
  hep,
  http,
  websocket,
  verto,
  udpEncap,
];
