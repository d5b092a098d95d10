import { z } from "zod";
import { AppError } from "../../../shared/errors/errors.ts";
import { isLoopback } from "../../../shared/remotes/address.ts";
import { readBody } from "../../network/fetching/read-body.ts";
import { requireAble } from "../../network/fetching/tries.ts";
import type { SendRequest } from "../../network/http-client.ts";
import type { Credentials } from "./docker-credentials.ts";

/** The value of the header Authorization for the requests to a registry. */
export interface Authorization {
  /** Undefined until the registry has asked for one, and when it is about to expire. */
  current(): string | undefined;
  /** Renews a token that is about to expire, before a body is sent in vain. @throws AppError as `renew` */
  refresh(signal: AbortSignal): Promise<void>;
  /**
   * Answers a registry that refuses a request and says how to authorize it.
   *
   * @returns whether it is of use to send the request again
   * @throws AppError `no-permission` when the credentials are refused
   */
  renew(challenge: string | undefined, signal: AbortSignal): Promise<boolean>;
}

interface AuthorizationOptions {
  readonly registry: string;
  /** As a registry names the rights to a repository: `repository:NAME:pull,push`. */
  readonly scope: string;
  readonly send: SendRequest;
  readonly findCredentials: () => Promise<Credentials | undefined>;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

const tokenSchema = z.looseObject({
  token: z.string().optional(),
  access_token: z.string().optional(),
  /** Seconds. A registry that says nothing means a minute. */
  expires_in: z.number().default(60),
});
const mostReplyBytes = 1024 ** 2;
/** A token is renewed so long before it expires, so that it is valid when the request arrives. Milliseconds. */
const renewBefore = 5_000;

export function createAuthorization(options: AuthorizationOptions): Authorization {
  const { registry, now = Date.now } = options;
  let header: string | undefined;
  let expires = Number.POSITIVE_INFINITY;
  let hadCredentials = false;
  let lastChallenge: string | undefined;
  const current = () => (now() < expires - renewBefore ? header : undefined);
  const authorization: Authorization = {
    current,
    refresh: async (signal) => {
      if (header !== undefined && current() === undefined) await authorization.renew(lastChallenge, signal);
    },
    renew: async (challenge, signal) => {
      lastChallenge = challenge;
      const { scheme, parameters } = parseChallenge(challenge ?? "");
      const credentials = await options.findCredentials();
      if (scheme === "bearer") {
        const { token, seconds } = await fetchToken(options, parameters, credentials, signal);
        header = `Bearer ${token}`;
        expires = now() + seconds * 1000;
        return true;
      }
      // The same credentials are refused again.
      if (scheme !== "basic" || !credentials || !("user" in credentials) || hadCredentials) {
        if (!credentials) return false;
        throw refused(registry, "it refuses the credentials");
      }
      header = basic(credentials);
      hadCredentials = true;
      return true;
    },
  };
  return authorization;
}

/** Reads `Bearer realm="...",service="..."`. */
export function parseChallenge(challenge: string): {
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
} {
  const [, scheme = "", rest = ""] = /^\s*(\w+)\s*(.*)$/s.exec(challenge) ?? [];
  const pairs = [...rest.matchAll(/(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)];
  return {
    scheme: scheme.toLowerCase(),
    parameters: Object.fromEntries(
      pairs.map(([, name = "", quoted, plain]) => [
        name.toLowerCase(),
        quoted?.replaceAll(/\\(.)/g, "$1") ?? plain ?? "",
      ]),
    ),
  };
}

async function fetchToken(
  { registry, scope, send }: AuthorizationOptions,
  { realm = "", service = "" }: Readonly<Record<string, string>>,
  credentials: Credentials | undefined,
  signal: AbortSignal,
): Promise<{ readonly token: string; readonly seconds: number }> {
  const url = URL.parse(realm);
  if (!url || !(url.protocol === "https:" || (url.protocol === "http:" && isLoopback(registry))))
    throw refused(registry, `it sends its users to ${JSON.stringify(realm)} for a token, which is not https`);
  const response =
    credentials && "identityToken" in credentials
      ? await send(url.href, {
          method: "POST",
          headers: { "Content-Type": "application/x-www-form-urlencoded" },
          body: Buffer.from(
            new URLSearchParams({
              grant_type: "refresh_token",
              refresh_token: credentials.identityToken,
              ...{ client_id: "tinsmith", service, scope },
            }).toString(),
          ),
          signal,
        })
      : await send(withQuery(url, { service, scope }), {
          headers: credentials ? { Authorization: basic(credentials) } : {},
          signal,
        });
  requireAble(response);
  const reply = (await readBody(response, mostReplyBytes)).toString();
  if (response.status !== 200)
    throw refused(
      registry,
      credentials
        ? "its token service refuses the credentials"
        : "its token service gives no token to strangers",
    );
  const { token, access_token = token, expires_in } = tokenSchema.parse(JSON.parse(reply));
  if (!access_token) throw refused(registry, "its token service answers without a token");
  return { token: access_token, seconds: expires_in };
}

function withQuery(url: URL, query: Readonly<Record<string, string>>): string {
  const whole = new URL(url);
  for (const [name, value] of Object.entries(query)) if (value) whole.searchParams.set(name, value);
  return whole.href;
}

function basic({ user, password }: Exclude<Credentials, { identityToken: string }>): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

function refused(registry: string, reason: string): AppError {
  return new AppError({
    code: "no-permission",
    message: `the registry ${registry} gives no access: ${reason}`,
    advice: `Use docker login ${registry}, or ask its owner for access.`,
  });
}
