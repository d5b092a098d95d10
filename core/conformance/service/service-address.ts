import { once } from "node:events";
import { connect } from "node:net";
import { resolve } from "node:path";
import { AppError } from "../../../shared/errors/errors.ts";
import { requireRegularFile } from "../../files/regular-file.ts";

/** The address of a MetaService that is checked. */
export type ServiceAddress =
  | { readonly socketPath: string }
  | { readonly host: string; readonly port: number };

const advice = "Give the unix socket of a MetaService that runs, or its URL, such as http://127.0.0.1:8080/";

/** Milliseconds. */
const connectTime = 10_000;

/**
 * The address that a person gave, at which something listens.
 *
 * @throws AppError `missing-file` or `usage` that says what is there instead; the signal's reason
 */
export async function findService(text: string, signal: AbortSignal): Promise<ServiceAddress> {
  const address = parseAddress(text);
  const socket = connect("socketPath" in address ? { path: address.socketPath } : address);
  try {
    await once(socket, "connect", { signal: AbortSignal.any([signal, AbortSignal.timeout(connectTime)]) });
  } catch (cause) {
    signal.throwIfAborted();
    throw new AppError({ code: "usage", message: `nothing answers at ${text}`, advice }, { cause });
  } finally {
    socket.on("error", () => {}).destroy();
  }
  return address;
}

function parseAddress(text: string): ServiceAddress {
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? URL.parse(text) : undefined;
  if (url === undefined)
    return { socketPath: requireRegularFile(resolve(text), { kinds: ["socket"], advice }) };
  if (url?.protocol === "http:")
    return { host: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port || 80) };
  throw new AppError({ code: "usage", message: `${text} is not an address of HTTP`, advice });
}
