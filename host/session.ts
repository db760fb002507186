import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const SECRET_BYTES = 32;

/** Who may talk to this host: whoever brings the cookie, which is given once for a token that only the host's user has seen. */
export class Session {
  /**
   * Everything but `/boot` lies below this path. Cookies do not tell ports apart: a cookie for `/` would be sent to every
   * server of this machine that the same browser visits, one for a path that nobody else has is not.
   */
  readonly path = `/${randomBytes(12).toString('hex')}/`;
  private readonly secret = randomBytes(SECRET_BYTES).toString('hex');
  /** Digest of a token → when it ends. Looked up by digest, so that timing tells nothing about a token. */
  private readonly tokens = new Map<string, number>();
  private readonly now: () => number;

  /** `now` in milliseconds; handed in by tests. */
  constructor(now: () => number = () => performance.now()) {
    this.now = now;
  }

  /** A token that is good once, for so long. */
  newToken(lifeMs: number): string {
    const token = randomBytes(SECRET_BYTES).toString('hex');
    this.tokens.set(digestOf(token), this.now() + lifeMs);
    return token;
  }

  /** Whether the token is good; it is not any more afterwards. */
  redeem(token: string): boolean {
    const digest = digestOf(token);
    const end = this.tokens.get(digest);
    this.tokens.delete(digest);
    return end !== undefined && this.now() < end;
  }

  /** The `Set-Cookie` that lets a browser in. The name tells the sessions of several hosts apart. */
  cookie(port: number): string {
    return `${nameOf(port)}=${this.secret}; Path=${this.path}; HttpOnly; SameSite=Strict`;
  }

  /** Whether a `Cookie` header holds the session's cookie. */
  isKnown(header: string | undefined, port: number): boolean {
    const prefix = `${nameOf(port)}=`;
    return (header ?? '').split(';').some((pair) => {
      const text = pair.trim();
      return text.startsWith(prefix) && isSame(text.slice(prefix.length), this.secret);
    });
  }
}

function nameOf(port: number): string {
  return `earshot-${port}`;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function isSame(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}
