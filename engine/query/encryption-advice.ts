import type { StreamEncryption } from '../../shared/api.ts';
import type { Capture } from '../capture.ts';
import type { Stream } from '../trackers/streams/stream.ts';
import { countOf } from './problems/finding.ts';
import { wantedLine } from './secure-connections.ts';

/** What a stream's encryption comes to, as scripts and the window read it; null where it is plain. */
export function streamEncryption(capture: Capture, stream: Stream): StreamEncryption | null {
  const { encryption } = stream;
  if (encryption === null) return null;
  const { suite, keySource, opening, packetsTried } = encryption;
  if (opening === null) {
    const none = { decrypted: 0, authenticated: 0, replayed: 0 };
    return {
      suite,
      keySource,
      ...none,
      failed: packetsTried,
      state: stateOf(stream),
      advice: keyAdvice(capture, stream),
    };
  }
  const { authenticated, failed, replayed, isUnproved } = opening;
  const decrypted = isUnproved ? stream.packets - failed : authenticated;
  return { suite, keySource, decrypted, authenticated, failed, replayed, state: 'opened', advice: null };
}

function stateOf({ encryption }: Stream): StreamEncryption['state'] {
  if (encryption !== null && encryption.keysInVain > 0) return 'failed';
  return encryption?.evidence === 'payload' ? 'suspected' : 'no-key';
}

/** What a person can do so that a sealed stream opens: a sentence or two. */
export function keyAdvice(capture: Capture, stream: Stream): string {
  const { encryption } = stream;
  if (encryption === null) return '';
  const { keysInVain, packetsTried, keySource, evidence } = encryption;
  if (keysInVain > 0) {
    const keys =
      keysInVain === 1 ? 'The key at hand authenticates' : `None of the ${keysInVain} keys at hand authenticates`;
    const tried = `${keysInVain === 1 ? 'none' : 'any'} of the ${countOf(packetsTried, 'packet')} tried`;
    return `${keys} ${tried}: authentication failed. Enter the SRTP key that its sender used.`;
  }
  if (keySource === 'dtls') return dtlsAdvice(capture, stream);
  if (keySource === 'sdes') {
    return "The SDP that holds its sender's key is not in the capture, or cannot be read: enter that a=crypto key by hand.";
  }
  if (evidence === 'payload') {
    return 'Nothing in the capture announces its key: add a key log of its signalling or its DTLS handshake, or enter its SRTP key by hand.';
  }
  return 'Its signalling names no key: enter its SRTP key by hand.';
}

function dtlsAdvice({ store, dtls }: Capture, { flow }: Stream): string {
  const reverse = store.flows.reverse[flow];
  const isIts = (one: number): boolean => one !== 0 && (one === flow || one === reverse);
  const session = dtls.sessions.find(({ clientFlow, serverFlow }) => isIts(clientFlow) || isIts(serverFlow));
  if (session === undefined) {
    return 'Its keys come from a DTLS handshake that is not in the capture, so no key log opens it: enter its SRTP key by hand.';
  }
  if (session.clientRandom === null || session.serverRandom === null) {
    return 'Its DTLS handshake is only partly in the capture, so no key log opens it: enter its SRTP key by hand.';
  }
  const last = session.finishedFrame < 0 ? '' : ` to #${session.finishedFrame + 1}`;
  return `${wantedLine(session)} The handshake is in #${session.firstFrame + 1}${last}.`;
}
