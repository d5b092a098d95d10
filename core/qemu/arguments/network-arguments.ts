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

/** QEMU's name for the network. */
export const networkId = "network";

/** @throws AppError `path-too-long` when the MetaService's socket has a path that the relay can't be given */
export function networkArguments(network: GuestNetwork, device: string, mac: string): string[] {
  return [
    "-netdev",
    [
      option({
        type: "user",
        id: networkId,
        net: "169.254.0.0/16",
        restrict: network.internet ? "off" : "on",
        guestfwd: `tcp:169.254.169.254:80-cmd:${relayCommand(network)}`,
      }),
      ...(network.forward ?? []).map(forwardOption),
    ].join(","),
    "-device",
    option({ driver: device, id: "network-card", netdev: networkId, mac, bus: "pci.0", addr: "0x5" }),
  ];
}

/** Without an address it leads to the guest's first one by DHCP. */
function forwardOption({ host, guest }: PortForward): string {
  return option({ hostfwd: `tcp:127.0.0.1:${host}-:${guest}` });
}

/** QEMU splits the command as a shell does; these characters have no special meaning to it. */
const plainWord = /^[A-Za-z0-9/_.-]+$/;

function relayCommand({ relay, metaServiceSocket }: GuestNetwork): string {
  checkSocketPath(metaServiceSocket);
  for (const word of relay) assert(plainWord.test(word), `not a word of a relay's command: ${word}`);
  return [...relay, metaServiceSocket].join(" ");
}
