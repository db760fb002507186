/** Error codes of TURN in words: RFC 8656 section 19, RFC 8489 section 14.8, RFC 6062 section 6.3, RFC 8016. */
import type { TurnTransaction } from '../../trackers/turn/turn-transaction.ts';
import type { TurnFacts } from './turn-facts.ts';

interface ErrorWords {
  /** After `Allocate: `. */
  short: string;
  /** After `server answered 437, `. */
  why: string;
  advice: string;
}

const WORDS: Readonly<Record<number, ErrorWords>> = {
  400: {
    short: 'bad request',
    why: 'so it cannot read the request or misses something in it',
    advice: 'Look at the attributes of the request, and at the log of the server.',
  },
  401: {
    short: 'credentials rejected',
    why: 'so the user name or the password is wrong for it',
    advice: 'Compare user name, realm and password with those of the server.',
  },
  403: {
    short: 'forbidden',
    why: 'so its rules do not allow this',
    advice: 'Look at what the server allows this user and these addresses.',
  },
  405: {
    short: 'mobility forbidden',
    why: 'so an allocation cannot move with the client',
    advice: 'Enable mobility at the server, or have the client allocate anew.',
  },
  420: {
    short: 'unknown attribute',
    why: 'so it does not know an attribute that the client demands',
    advice: 'Compare the attributes of the request with what the server supports.',
  },
  437: {
    short: 'allocation mismatch',
    why: 'so what it has for these addresses and ports is not what the client believes',
    advice: 'Have the client start anew from another port, or wait until the old allocation has run out.',
  },
  440: {
    short: 'address family not supported',
    why: 'so it has no relay address of the family asked for',
    advice: 'Give the server a relay address of that family, or have the client ask for the other.',
  },
  441: {
    short: 'wrong credentials',
    why: 'so the allocation was made with another user name or realm',
    advice: 'Have the client use the credentials of its Allocate for the whole life of the allocation.',
  },
  442: {
    short: 'unsupported transport',
    why: 'so it does not relay the transport asked for',
    advice: 'Have the client ask for UDP, or enable TCP relaying (RFC 6062) at the server.',
  },
  443: {
    short: 'peer address family mismatch',
    why: 'so the relayed address and the peer are not both IPv4 or both IPv6',
    advice: 'Have the client allocate a relayed address of the family of the peer too.',
  },
  446: {
    short: 'connection already exists',
    why: 'so there is a connection to this peer already',
    advice: 'Have the client use the connection it has.',
  },
  447: {
    short: 'peer does not connect',
    why: 'so the peer refused the TCP connection or did not answer',
    advice: 'Check that the peer listens, and that the server can reach it by TCP.',
  },
  486: {
    short: 'quota reached',
    why: 'so this user has as many allocations as it may have',
    advice: 'Have clients release what they do not need, or raise the quota of the user at the server.',
  },
  500: {
    short: 'server error',
    why: 'so it failed by itself for now',
    advice: 'Look at the log of the server; have the client try again later.',
  },
  508: {
    short: 'no capacity left',
    why: 'so it has no relay port or bandwidth left, or no such port',
    advice: 'Widen the range of relay ports of the server or add servers.',
  },
};

/** What to do about an error code, a sentence. */
export function errorAdvice(code: number): string {
  return WORDS[code]?.advice ?? 'Look at the log of the server for this request.';
}

/** A refused request as verdict and sentence. */
export function refusalOf(
  facts: TurnFacts,
  transaction: TurnTransaction,
  name: string,
): { verdict: string; message: string } {
  const words = WORDS[transaction.code];
  const error = facts.errorOf(transaction);
  return {
    verdict: words === undefined ? `${name}: refused with ${transaction.code}` : `${name}: ${words.short}`,
    message: `${facts.server} answered ${name} with ${error}, ${words?.why ?? 'so it was not granted'}.`,
  };
}
