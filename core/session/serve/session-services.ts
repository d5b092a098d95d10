import { StandardRPCHandler } from "@orpc/server/standard";
import {
  consoleChannelPath,
  consoleChannelQuerySchema,
  hostChannelPath,
  screenChannelPath,
  shellChannelPath,
  shellChannelQuerySchema,
  taskLogChannelPath,
} from "../../../shared/channel/byte-channel.ts";
import type { Channel } from "../../../shared/channel/channel.ts";
import { sendErrors } from "../../../shared/contracts/calls.ts";
import type { GrowingFile } from "../../files/logs/growing-file.ts";
import { createAnsweringViewers } from "../console/answering-viewer.ts";
import { type Console, fileOutput, relayConsole } from "../console/console-relay.ts";
import { createKeptShells } from "../console/kept-shells.ts";
import { relayScreen } from "../console/screen-relay.ts";
import { relayShell } from "../console/shell-relay.ts";
import { serveCalls } from "./serve-calls.ts";
import { createSessionApi, type SessionApiSource } from "./session-api.ts";

/**
 * A service of a session on a channel: calls of shared/contracts/session-contract.ts, or the bytes of a byte channel.
 */
export interface SessionService {
  readonly kind: "calls" | "bytes";
  readonly serve: (channel: Channel) => void;
}

/** A console whose output is in a file. */
interface FileConsole extends Pick<Console, "type"> {
  readonly output: GrowingFile;
}

export interface SessionServicesSource extends SessionApiSource {
  readonly serial: FileConsole;
  /** The console of the host's own commands. */
  readonly host: FileConsole;
  readonly taskLog: GrowingFile;
}

/**
 * Finds the service of a session for a target, which is a path with a query; else the error that says why there is
 * none.
 */
export type FindService = (target: string) => SessionService | "not-found" | "bad-request";

/** All services of a session, over any kind of channel. */
export function createSessionServices(source: SessionServicesSource): FindService {
  const calls = new StandardRPCHandler(createSessionApi(source), { clientInterceptors: [sendErrors] });
  const serial = consoleOf(source.serial);
  const host = consoleOf(source.host);
  const shells = createKeptShells(source.guest);
  return (target) => {
    const url = URL.parse(target, "http://session");
    const query = Object.fromEntries(url?.searchParams ?? []);
    switch (url?.pathname) {
      case "/rpc":
        return { kind: "calls", serve: (channel) => serveCalls(calls, channel) };
      case consoleChannelPath:
        return consoleService(serial, query);
      case hostChannelPath:
        return consoleService(host, query);
      case taskLogChannelPath:
        return consoleService(consoleOf({ output: source.taskLog }), query);
      case shellChannelPath: {
        const { data } = shellChannelQuerySchema.safeParse(query);
        if (!data) return "bad-request";
        const { keep, command, tty, purpose } = data;
        if (keep === undefined)
          return bytes((channel) => relayShell(channel, { command, tty, purpose }, source.guest));
        return tty ? bytes((channel) => shells.serve(channel, keep, data)) : "bad-request";
      }
      case screenChannelPath:
        return bytes((channel) => relayScreen(channel, source.machine));
      default:
        return "not-found";
    }
  };
}

function consoleOf({ output, type }: FileConsole): Console {
  return { output: fileOutput(output), type, viewers: createAnsweringViewers() };
}

function consoleService(console: Console, query: object): SessionService | "bad-request" {
  const { data } = consoleChannelQuerySchema.safeParse(query);
  return data ? bytes((channel) => relayConsole(channel, data, console)) : "bad-request";
}

function bytes(relay: (channel: Channel) => Promise<void>): SessionService {
  // A relay that fails, as when a log can't be read, is over for its client alone.
  return { kind: "bytes", serve: (channel) => void relay(channel).catch(channel.close) };
}
