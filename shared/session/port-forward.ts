import { limits } from "../limits.ts";

/** A port of this host's loopback that leads to one of the guest. */
export interface PortForward {
  readonly host: number;
  readonly guest: number;
}

/** The form of a forwarded port, for people. */
export const portForwardForm = `HOST:GUEST, two ports from 1 to ${limits.port}, such as 2222:22`;

/** Reads a forwarded port as a person writes it. @returns undefined if it has another form */
export function parsePortForward(text: string): PortForward | undefined {
  const [, ...digits] = /^(\d+):(\d+)$/.exec(text) ?? [];
  const [host = 0, guest = 0] = digits.map(Number);
  const isPort = (port: number) => port >= 1 && port <= limits.port;
  return isPort(host) && isPort(guest) ? { host, guest } : undefined;
}

/** Whether a port of the host leads to two ports of the guest. */
export function repeatsHostPort(all: readonly PortForward[]): boolean {
  return new Set(all.map(({ host }) => host)).size < all.length;
}
