import { protocolLimits } from "../limits.ts";
import type { FormedMessage } from "./message-forms.ts";

/**
 * For how long guest tools wait for the response to a request, from its beginning; undefined where that has no limit. Of a shell:
 * for how long they wait for a message of the host's. Milliseconds.
 */
export function guestPatience({ endpoint, action, message }: FormedMessage): number | undefined {
  if (message !== undefined) return protocolLimits.shellPongTimeout;
  if (endpoint === "poll") return protocolLimits.pollPatience;
  // They take as long as there is data.
  if (endpoint === "log" || action === "get-artifact") return undefined;
  return endpoint === "other" ? undefined : protocolLimits.requestPatience;
}
