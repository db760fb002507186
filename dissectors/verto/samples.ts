/** Messages for tests, in the shapes that mod_verto documents. */
export const SAMPLE_PASSWORD = 'tuppence-a-bag';

const dialogParams = {
  useVideo: false,
  destination_number: '2000',
  caller_id_name: 'Alice “front desk”',
  caller_id_number: '1000',
  callID: 'e0a1c7d2',
};
const sdp = 'v=0\r\no=- 77 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 6000 RTP/AVP 0\r\n';

const json = (message: object): string => JSON.stringify({ jsonrpc: '2.0', ...message });

export const vertoSamples = {
  login: json({ method: 'login', params: { login: '1000@example.com', passwd: SAMPLE_PASSWORD, sessid: 's1' }, id: 1 }),
  loggedIn: json({ id: 1, result: { message: 'logged in', sessid: 's1' } }),
  denied: json({ error: { code: -32_000, message: 'Authentication Required' }, id: 1 }),
  invite: json({ method: 'verto.invite', params: { sdp, dialogParams, sessid: 's1' }, id: 3 }),
  created: json({ id: 3, result: { message: 'CALL CREATED', callID: 'e0a1c7d2', sessid: 's1' } }),
  media: json({ id: 9, method: 'verto.media', params: { callID: 'e0a1c7d2', sdp } }),
  acknowledged: json({ id: 9, result: { method: 'verto.media' } }),
  answer: json({ id: 10, method: 'verto.answer', params: { callID: 'e0a1c7d2' } }),
  bye: json({
    method: 'verto.bye',
    params: { dialogParams, cause: 'NORMAL_CLEARING', causeCode: 16, sessid: 's1' },
    id: 4,
  }),
} as const;
