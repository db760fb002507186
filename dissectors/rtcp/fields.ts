/** What the display filter can ask of RTCP. */
import { ABSENT, fieldLines, type FilterField } from '../../base/filter-field.ts';
import { RtcpRow, type RtcpColumns } from './columns.ts';

export const rtcpFields: readonly FilterField<RtcpColumns>[] = [
  {
    id: 'rtcp.pt',
    label: 'Packet type',
    type: 'number',
    column: (c, row) => (c.kind.get(row) === RtcpRow.Packet ? c.packetType.get(row) : ABSENT),
  },
  ...fieldLines(`
  text rtcp.app.data Application-dependent data
  text rtcp.app.name Name
  number rtcp.app.subtype Subtype
  text rtcp.data Data
  text rtcp.encrypted Encrypted
  text rtcp.fci Feedback control information
  number rtcp.length Length
  number rtcp.mediassrc Media source SSRC
  text rtcp.nack Lost
  boolean rtcp.padding Padding
  number rtcp.padding.count Padding count
  text rtcp.padding.data Padding
  text rtcp.profile-specific-extension Profile-specific extension
  text rtcp.psfb.fir.fci Entry
  number rtcp.psfb.fir.fci.csn Command sequence number
  text rtcp.psfb.fir.fci.reserved Reserved
  number rtcp.psfb.fir.fci.ssrc SSRC
  text rtcp.psfb.fir.sli Lost slice
  number rtcp.psfb.fir.sli.first First macroblock
  number rtcp.psfb.fir.sli.number Number of macroblocks
  number rtcp.psfb.fir.sli.picture_id Picture id
  number rtcp.psfb.fmt Feedback message type
  text rtcp.psfb.remb.fci.bitrate Maximum bit rate
  number rtcp.psfb.remb.fci.br_exp Exponent
  number rtcp.psfb.remb.fci.br_mantissa Mantissa
  number rtcp.psfb.remb.fci.number_ssrcs Number of SSRCs
  number rtcp.psfb.remb.fci.ssrc SSRC
  text rtcp.psfb.remb.identifier Identifier
  text rtcp.psfb.rpsi.bits Reference picture
  text rtcp.psfb.rpsi.p_type Payload type
  text rtcp.psfb.rpsi.pb Padding bits
  number rtcp.rc Reception report count
  number rtcp.rtpfb.fmt Feedback message type
  number rtcp.rtpfb.nack_blp Following lost packets
  number rtcp.rtpfb.nack_pid Packet identifier
  text rtcp.rtpfb.tmmbr.fci Entry
  text rtcp.rtpfb.tmmbr.fci.bitrate Maximum bit rate
  number rtcp.rtpfb.tmmbr.fci.exp Exponent
  number rtcp.rtpfb.tmmbr.fci.mantissa Mantissa
  number rtcp.rtpfb.tmmbr.fci.measuredoverhead Measured overhead
  number rtcp.rtpfb.tmmbr.fci.ssrc SSRC
  number rtcp.rtpfb.transportcc.baseseq Base sequence number
  number rtcp.rtpfb.transportcc.pktchunk Packet chunk
  number rtcp.rtpfb.transportcc.pktcount Feedback packet count
  number rtcp.rtpfb.transportcc.recv_delta Receive delta
  number rtcp.rtpfb.transportcc.recv_delta.padding Padding
  number rtcp.rtpfb.transportcc.reftime Reference time
  number rtcp.rtpfb.transportcc.statuscount Packet status count
  number rtcp.sc Source count
  node rtcp.sdes.chunk Chunk 1
  node rtcp.sdes.item CNAME
  number rtcp.sdes.length Reason length
  number rtcp.sdes.prefix.length Prefix length
  text rtcp.sdes.prefix.string Prefix
  text rtcp.sdes.text Reason for leaving
  number rtcp.sdes.type Type
  number rtcp.sender.octetcount Sender's octet count
  number rtcp.sender.packetcount Sender's packet count
  number rtcp.senderssrc Sender SSRC
  node rtcp.ssrc Source 1
  number rtcp.ssrc.cum_nr Cumulative number of packets lost
  number rtcp.ssrc.discarded Discard rate
  number rtcp.ssrc.dlsr Delay since last SR
  number rtcp.ssrc.ext_high Extended highest sequence number
  number rtcp.ssrc.fraction Fraction lost
  number rtcp.ssrc.high_cycles Sequence number cycles
  number rtcp.ssrc.high_seq Highest sequence number
  number rtcp.ssrc.identifier Sender SSRC
  number rtcp.ssrc.jitter Interarrival jitter
  number rtcp.ssrc.lsr Last SR timestamp
  text rtcp.timestamp.ntp NTP timestamp
  number rtcp.timestamp.ntp.lsw NTP fraction
  number rtcp.timestamp.ntp.msw NTP seconds
  number rtcp.timestamp.rtp RTP timestamp
  text rtcp.trailing Not RTCP
  number rtcp.version Version
  node rtcp.xr VoIP metrics
  number rtcp.xr.beginseq Begin sequence number
  number rtcp.xr.bl Block length
  number rtcp.xr.bs Type specific
  number rtcp.xr.bt Block type
  number rtcp.xr.chunk.bit_vector Bit vector
  number rtcp.xr.chunk.length Run
  text rtcp.xr.chunk.null_terminator Null chunk
  number rtcp.xr.dlrr Delay since last RR
  number rtcp.xr.endseq End sequence number
  number rtcp.xr.lrr Last RR timestamp
  number rtcp.xr.receipt_time_seq Receipt time
  number rtcp.xr.reserved Reserved
  number rtcp.xr.stats.devjitter Deviation of jitter
  number rtcp.xr.stats.devttl Deviation of TTL
  boolean rtcp.xr.stats.dupflag Duplicates reported
  number rtcp.xr.stats.dups Duplicate packets
  boolean rtcp.xr.stats.jitterflag Jitter reported
  number rtcp.xr.stats.lost Lost packets
  boolean rtcp.xr.stats.lrflag Loss reported
  number rtcp.xr.stats.maxjitter Maximum jitter
  number rtcp.xr.stats.maxttl Maximum TTL
  number rtcp.xr.stats.meanjitter Mean jitter
  number rtcp.xr.stats.meanttl Mean TTL
  number rtcp.xr.stats.minjitter Minimum jitter
  number rtcp.xr.stats.minttl Minimum TTL
  number rtcp.xr.stats.ttl TTL or hop limit
  number rtcp.xr.tf Thinning
  text rtcp.xr.timestamp Timestamp
  number rtcp.xr.voipmetrics.burstdensity Burst density
  number rtcp.xr.voipmetrics.burstduration Burst duration
  number rtcp.xr.voipmetrics.esdelay End system delay
  number rtcp.xr.voipmetrics.extrfactor External R factor
  number rtcp.xr.voipmetrics.gapdensity Gap density
  number rtcp.xr.voipmetrics.gapduration Gap duration
  number rtcp.xr.voipmetrics.gmin Gmin
  number rtcp.xr.voipmetrics.jba Jitter buffer adaptation
  number rtcp.xr.voipmetrics.jbabsmax Jitter buffer, absolute maximum
  number rtcp.xr.voipmetrics.jbmax Jitter buffer, maximum
  number rtcp.xr.voipmetrics.jbnominal Jitter buffer, nominal
  number rtcp.xr.voipmetrics.jbrate Jitter buffer rate
  number rtcp.xr.voipmetrics.moscq MOS, conversational quality
  number rtcp.xr.voipmetrics.moslq MOS, listening quality
  number rtcp.xr.voipmetrics.noiselevel Noise level
  number rtcp.xr.voipmetrics.plc Packet loss concealment
  number rtcp.xr.voipmetrics.rerl Residual echo return loss
  number rtcp.xr.voipmetrics.reserved Reserved
  number rtcp.xr.voipmetrics.rfactor R factor
  number rtcp.xr.voipmetrics.rtdelay Round trip delay
  number rtcp.xr.voipmetrics.signallevel Signal level
  text srtcp.auth_tag Key identifier, if any, and authentication tag
  boolean srtcp.e Encrypted
  number srtcp.index SRTCP index
`),
];
