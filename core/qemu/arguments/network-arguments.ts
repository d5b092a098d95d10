import assert from "node:assert/strict";
import type { PortForward } from "../../../shared/session/port-forward.ts";
import { checkSocketPath } from "../../metaservice/http/guest-network.ts";
import { option } from "./option.ts";

/** A network of the guest's own: DHCP, the MetaService at 169.254.169.254:80, and little else. */
export interface GuestNetwork {
  /** Unix socket of the MetaService. */
  readonly metaServiceSocket: string;
  /**
   * Program and arguments to which the socket's path is added, as `findRelay` finds them: QEMU runs it once for
   * each connection, joined to its stdin and stdout.
   */
  readonly relay: readonly string[];
  /** Lets the guest reach the internet, and with it services on the host's loopback. */
  readonly internet: boolean;
  /** QEMU listens on 127.0.0.1 for these; the guest gains nothing but the connections that come from there. */
  readonly forward?: readonly PortForward[] | undefined;
}

/** QEMU's names for the network, its port of the hub, and the card's: packets pass the last one even after the network was renewed. */
export const networkId = "network";
export const networkPort = "network-port";
export const cardPort = "card-port";

/** A part of a network, by the names of its options; one that may be given many times has a list. */
type NetworkPart = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/**
 * The network and its port of the hub, in this order. The hub between it and the card lets it be replaced while the virtual
 * machine runs.
 *
 * @throws AppError `path-too-long` when the MetaService's socket has a path that the relay can't be given
 */
export function networkParts(network: GuestNetwork): readonly NetworkPart[] {
  const user = {
    type: "user",
    id: networkId,
    net: "169.254.0.0/16",
    restrict: !network.internet,
    guestfwd: [`tcp:169.254.169.254:80-cmd:${relayCommand(network)}`],
    hostfwd: (network.forward ?? []).map(forwarding),
  };
  return [user, { type: "hubport", id: networkPort, hubid: 0, netdev: networkId }];
}

/** @throws as `networkParts` does */
export function networkArguments(network: GuestNetwork, device: string, mac: string): string[] {
  const parts = [...networkParts(network), { type: "hubport", id: cardPort, hubid: 0 }];
  return [
    ...parts.flatMap((part) => ["-netdev", asOption(part)]),
    "-device",
    option({ driver: device, id: "network-card", netdev: cardPort, mac, bus: "pci.0", addr: "0x5" }),
  ];
}

function asOption(part: NetworkPart): string {
  return Object.entries(part)
    .flatMap(([name, values]) => [values].flat().map((value) => option({ [name]: asText(value) })))
    .join(",");
}

function asText(value: string | number | boolean): string | number {
  return typeof value === "boolean" ? (value ? "on" : "off") : value;
}

/** Without an address it leads to the guest's first one by DHCP. */
function forwarding({ host, guest }: PortForward): string {
  return `tcp:127.0.0.1:${host}-:${guest}`;
}

/** QEMU splits the command as a shell does; these characters have no special meaning to it. */
const plainWord = /^[A-Za-z0-9/_.-]+$/;

function relayCommand({ relay, metaServiceSocket }: GuestNetwork): string {
  checkSocketPath(metaServiceSocket);
  for (const word of relay) assert(plainWord.test(word), `not a word of a relay's command: ${word}`);
  return [...relay, metaServiceSocket].join(" ");
}
