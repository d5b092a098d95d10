import type { HeldMessage } from "../../../shared/rules/held-message.ts";

/** Names a held message by its kind, as in "poll response 200". */
export function nameOfHeld({ endpoint, from, status, message }: HeldMessage): string {
  if (message !== undefined) return `shell ${message}`;
  return from === "guest" ? `${endpoint} request` : `${endpoint} response ${status ?? ""}`.trim();
}

/** Names the sender of a held message. */
export function senderOf({ from }: Pick<HeldMessage, "from">): string {
  return from === "guest" ? "From the guest tools" : "From the MetaService";
}
