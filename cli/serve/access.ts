import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { socketProtocol, tokenParameter } from "../../shared/contracts/window-access.ts";

/**
 * Decides who may use the served window: the holder of a link that the terminal has shown, from a page of this server's own.
 *
 * A link's token is exchanged once for the secret, which is of no use after this process has ended.
 */
export interface Access {
  /**
   * The window's origin: a name below `localhost` that nobody knew before. Another user's server may have had this port, and
   * its service workers and cached pages stay in the browser for the origins that it had.
   */
  readonly origin: string;
  /** Makes an address to open, with a new token. */
  newLink(): string;
  /** Makes a token. @param onSpent called when it is exchanged, or dropped because too many others were made */
  newToken(onSpent?: () => void): string;
  /** Whether a token could be exchanged. */
  isGood(token: string): boolean;
  /** Exchanges a token for the secret; undefined for a token that was exchanged before, or never was one. */
  exchange(token: string): string | undefined;
  /** Proves to a page that this server knows the secret, without telling it: an HMAC-SHA256, in hexadecimal. */
  prove(challenge: string): string;
  /** Whether a request is for this server by its own name: a page of another origin that leads here says another name. */
  isForUs(request: IncomingMessage): boolean;
  /** As `isForUs`, and from a page of this server's own. */
  isFromOwnPage(request: IncomingMessage): boolean;
  /** As `isFromOwnPage`, and with the secret among the protocols of a WebSocket. */
  isAllowedSocket(request: IncomingMessage): boolean;
}

/** Links that nobody has opened yet; an older one is dropped. */
const maxTokens = 20;

/** @param port on which the server listens */
export function createAccess(port: number): Access {
  const secret = newKey();
  const tokens = new Map<string, () => void>();
  const { host, origin } = new URL(`http://${randomBytes(10).toString("hex")}.localhost:${port}`);
  const find = (given: string) => [...tokens.keys()].find((token) => isEqual(given, token));
  const drop = (token: string) => {
    const onSpent = tokens.get(token);
    tokens.delete(token);
    onSpent?.();
  };
  const newToken: Access["newToken"] = (onSpent = () => {}) => {
    const token = newKey();
    tokens.set(token, onSpent);
    for (const [oldest] of tokens) if (tokens.size > maxTokens) drop(oldest);
    return token;
  };
  const isForUs = ({ headers }: IncomingMessage) => headers.host === host;
  const isFromOwnPage = (request: IncomingMessage) => isForUs(request) && request.headers.origin === origin;
  return {
    origin,
    newToken,
    newLink: () => `${origin}/#${tokenParameter}=${newToken()}`,
    isGood: (token) => find(token) !== undefined,
    exchange: (given) => {
      const token = find(given);
      if (token === undefined) return undefined;
      drop(token);
      return secret;
    },
    prove: (challenge) => createHmac("sha256", secret).update(challenge).digest("hex"),
    isForUs,
    isFromOwnPage,
    isAllowedSocket: (request) =>
      isFromOwnPage(request) && socketSecrets(request).some((given) => isEqual(given, secret)),
  };
}

function socketSecrets({ headers }: IncomingMessage): readonly string[] {
  const protocols = (headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
  return protocols.includes(socketProtocol) ? protocols : [];
}

/** 192 random bits. */
function newKey(): string {
  return randomBytes(24).toString("base64url");
}

/** Compares in a time that does not tell how much of it is right. */
function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
