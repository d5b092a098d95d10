import { z } from "zod";

/**
 * How a window in a browser proves to `tinsmith serve` that its user may use it. The link that is opened holds a token, which
 * the page exchanges once for a secret; the page keeps the secret in its tab, and sends it when it opens a WebSocket. No
 * cookie is involved: browsers send cookies to every port of a host.
 */

/**
 * Takes a POST with a token and gives the secret. A GET with a challenge gives the HMAC-SHA256 of it with the secret: a page
 * that was open for long sends its secret only to a server that knows it, since another user may have the port by now.
 */
export const accessPath = "/access";
export const challengeParameter = "challenge";

/** The answer of a server to a request for another name, as when it has the port of an earlier server. */
export const otherServer = { status: 421, text: "Open the link that tinsmith serve printed." } as const;

/** The parameter of a link's fragment, and of a form, that holds the token. */
export const tokenParameter = "token";

export const tokenSchema = z.object({ token: z.string() });
export const secretSchema = z.object({ secret: z.string() });

/** The name of the meta element in which the page finds a token that came with a form. */
export const tokenElement = "tinsmith-token";

/** The protocol that a window names when it opens a WebSocket; the other protocol that it names is the secret. */
export const socketProtocol = "tinsmith";
