import { randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/**
 * Who may use the served UI: whoever knows the token that the terminal showed, from a page of this server's own.
 *
 * The token is in the address that is opened first, and is exchanged for a cookie there, so that it stays in no history.
 */
export interface Access {
  /** The path and query to be opened first. */
  readonly entry: string;
  /** Whether a request is for that address; then its reply sets the cookie. */
  isEntry(request: IncomingMessage): boolean;
  /** The value of Set-Cookie. */
  readonly cookie: string;
  /** Whether a request comes from a browser that has the cookie, and is meant for this server. */
  isAllowed(request: IncomingMessage): boolean;
  /** As `isAllowed`, and from a page of this server's own: browsers send cookies with any page's WebSockets. */
  isAllowedSocket(request: IncomingMessage): boolean;
}

/** @param port on which the server listens */
export function createAccess(port: number): Access {
  const token = randomBytes(24).toString("base64url");
  const secret = randomBytes(24).toString("base64url");
  // Cookies don't tell apart the ports of one host.
  const name = `tinsmith-${port}`;
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const isOurs = ({ headers: { host = "" } }: IncomingMessage) => hosts.includes(host);
  const hasCookie = ({ headers: { cookie = "" } }: IncomingMessage) =>
    cookie.split("; ").some((pair) => equal(pair, `${name}=${secret}`));
  const isAllowed = (request: IncomingMessage) => isOurs(request) && hasCookie(request);
  return {
    entry: `/?token=${token}`,
    isEntry: (request) => isOurs(request) && equal(request.url ?? "", `/?token=${token}`),
    cookie: `${name}=${secret}; Path=/; HttpOnly; SameSite=Strict`,
    isAllowed,
    isAllowedSocket: (request) =>
      isAllowed(request) && request.headers.origin === `http://${request.headers.host}`,
  };
}

/** Compares in a time that does not tell how much of it is right. */
function equal(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
