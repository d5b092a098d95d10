import {
  accessPath,
  challengeParameter,
  otherServer,
  secretSchema,
  socketProtocol,
  tokenElement,
  tokenParameter,
} from "../../shared/contracts/window-access.ts";
import { desktop } from "./desktop.ts";

/** The secret of this tab and its duplicates, and of this server's port alone. */
const storageKey = "tinsmith.secret";

/**
 * Whether this window may use the engine: `refused` without a link that works, or by a server that is not the one that it
 * knew; `replaced` if that is another `tinsmith serve`.
 */
export type AccessStatus = "granted" | "refused" | "replaced" | "unreachable";

/**
 * Exchanges the token of the link that was opened, if there is one, and finds out whether this window may use the engine.
 * On a desktop it always may.
 */
export async function enter(): Promise<AccessStatus> {
  if (desktop()) return "granted";
  // A link that is opened where the window is already changes nothing but the fragment.
  addEventListener("hashchange", () => tokenOfLink() && location.reload());
  const formToken = document.querySelector<HTMLMetaElement>(`meta[name="${tokenElement}"]`)?.content;
  const token = formToken ?? tokenOfLink();
  if (token) {
    const secret = await exchange(token);
    if (secret) sessionStorage.setItem(storageKey, secret);
    if (formToken) {
      // A page that a form has opened can't be loaded again.
      location.replace(location.pathname);
      return await new Promise(() => {});
    }
    history.replaceState(null, "", location.pathname);
  }
  return await checkAccess();
}

/** Whether the server at this window's address is the one whose secret the window has. */
export async function checkAccess(): Promise<AccessStatus> {
  if (desktop()) return "granted";
  const secret = ownSecret();
  if (!secret) return "refused";
  const challenge = crypto.randomUUID();
  const address = `${accessPath}?${new URLSearchParams({ [challengeParameter]: challenge })}`;
  try {
    const response = await fetch(address, { cache: "no-store" });
    const answer = (await response.text()).trim();
    if (answer === (await proofOf(secret, challenge))) return "granted";
    return response.status === otherServer.status && answer === otherServer.text ? "replaced" : "refused";
  } catch {
    return "unreachable";
  }
}

/** The protocols that a WebSocket of this window has to name. */
export function socketProtocols(): string[] {
  return [socketProtocol, ownSecret() ?? []].flat();
}

function ownSecret(): string | undefined {
  return sessionStorage.getItem(storageKey) ?? undefined;
}

function tokenOfLink(): string | undefined {
  return new URLSearchParams(location.hash.slice(1)).get(tokenParameter) ?? undefined;
}

async function exchange(token: string): Promise<string | undefined> {
  const response = await fetch(accessPath, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ token }),
  });
  return response.ok ? secretSchema.parse(await response.json()).secret : undefined;
}

async function proofOf(secret: string, challenge: string): Promise<string> {
  const encode = (text: string) => new TextEncoder().encode(text);
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encode(secret), algorithm, false, ["sign"]);
  const proof = new Uint8Array(await crypto.subtle.sign("HMAC", key, encode(challenge)));
  return Array.from(proof, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
