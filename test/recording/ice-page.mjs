// What ice-call.mjs has the pages do. Each function runs in the page, with nothing around it but the page's own names.

/** A connection that notes every change of state, and keeps its candidates until they are asked for. */
export async function connect({ configuration, isCaller, media }) {
  const peer = new RTCPeerConnection(configuration);
  const now = () => (performance.timeOrigin + performance.now()) / 1000;
  const note = (state, value) => timeline.push({ time: now(), state, value });
  Object.assign(globalThis, { peer, now, note, timeline: [], candidates: [], errors: [] });
  const states = {
    signalingstatechange: 'signalingState',
    icegatheringstatechange: 'iceGatheringState',
    iceconnectionstatechange: 'iceConnectionState',
    connectionstatechange: 'connectionState',
  };
  for (const [event, state] of Object.entries(states)) peer.addEventListener(event, () => note(state, peer[state]));
  peer.onicecandidate = ({ candidate }) => candidates.push({ time: now(), candidate: candidate?.toJSON() ?? null });
  peer.onicecandidateerror = ({ address, port, url, errorCode, errorText }) =>
    errors.push({ time: now(), address, port, url, code: errorCode, reason: errorText });
  const watch = (name, dtls) => {
    if (!dtls || dtls.onstatechange) return;
    dtls.onstatechange = () => note(`${name}dtlsTransport`, dtls.state);
    dtls.onerror = ({ error }) => note(`${name}dtlsError`, `${error?.errorDetail} ${error?.message}`);
    dtls.iceTransport.onstatechange = () => note(`${name}iceTransport`, dtls.iceTransport.state);
    const end = (one) => `${one.type} ${one.address}:${one.port}`;
    dtls.iceTransport.onselectedcandidatepairchange = () => {
      const pair = dtls.iceTransport.getSelectedCandidatePair();
      note(`${name}selectedPair`, `${end(pair.local)} → ${end(pair.remote)}`);
    };
  };
  globalThis.watchTransports = () => {
    const [sound] = peer.getTransceivers();
    watch('', sound?.sender.transport);
    watch(sound ? 'data: ' : '', peer.sctp?.transport);
  };
  if (isCaller && media.includes('data'))
    peer.createDataChannel('talk').onopen = ({ target }) => target.send('lantern');
  if (!media.includes('audio')) return;
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  globalThis.stream = stream;
  if (!isCaller) return;
  const sender = peer.addTransceiver(stream.getAudioTracks()[0], { streams: [stream] });
  const { codecs } = RTCRtpReceiver.getCapabilities('audio');
  sender.setCodecPreferences(codecs.filter((codec) => /opus/.test(codec.mimeType)));
}

/** Makes an offer or an answer and gives its text. With `whole` every candidate is in it. */
export async function describe({ kind, whole }) {
  const hasTrack = peer.getSenders().some((one) => one.track);
  if (kind === 'answer' && globalThis.stream && !hasTrack) peer.addTrack(stream.getAudioTracks()[0], stream);
  await peer.setLocalDescription(await (kind === 'offer' ? peer.createOffer() : peer.createAnswer()));
  watchTransports();
  const patience = whole ? 50 : 0;
  for (let tries = 0; tries < patience && peer.iceGatheringState !== 'complete'; tries++)
    await new Promise((resolve) => setTimeout(resolve, 100));
  return peer.localDescription.sdp;
}

export async function take(description) {
  await peer.setRemoteDescription(description);
  watchTransports();
}

export async function takeCandidate(candidate) {
  try {
    await peer.addIceCandidate(candidate ?? undefined);
  } catch (error) {
    note('candidateRefused', String(error));
  }
}

/** What has been noted: changes of state, candidates found, errors in finding them. */
export function noted() {
  const found = ({ time, candidate }) => ({
    time,
    candidate: candidate?.candidate ?? null,
    ufrag: candidate?.usernameFragment,
  });
  return { timeline, candidates: candidates.map(found), errors };
}

/** What getStats says of pairs, candidates, transport and media. */
export async function readStats() {
  const wanted = {
    'candidate-pair':
      'id localCandidateId remoteCandidateId state nominated priority currentRoundTripTime totalRoundTripTime requestsSent requestsReceived responsesSent responsesReceived consentRequestsSent bytesSent bytesReceived packetsSent packetsReceived writable',
    'local-candidate':
      'id address port protocol candidateType priority relatedAddress relatedPort relayProtocol url usernameFragment foundation',
    'remote-candidate':
      'id address port protocol candidateType priority relatedAddress relatedPort usernameFragment foundation',
    transport:
      'id selectedCandidatePairId selectedCandidatePairChanges iceRole iceState iceLocalUsernameFragment dtlsState dtlsRole dtlsCipher srtpCipher tlsVersion bytesSent bytesReceived packetsSent packetsReceived',
    'inbound-rtp': 'id ssrc kind packetsReceived bytesReceived packetsLost',
    'outbound-rtp': 'id ssrc kind packetsSent bytesSent',
    certificate: 'id fingerprint fingerprintAlgorithm',
  };
  const found = {};
  for (const one of (await peer.getStats()).values()) {
    const names = wanted[one.type]?.split(' ').filter((name) => one[name] !== undefined && one[name] !== '');
    if (names) (found[one.type] ??= []).push(Object.fromEntries(names.map((name) => [name, one[name]])));
  }
  return { time: now(), iceConnectionState: peer.iceConnectionState, connectionState: peer.connectionState, ...found };
}
