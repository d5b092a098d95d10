import { RPCHandler } from "@orpc/server/ws";
import { sendErrors } from "../../shared/api-calls.ts";
import {
  consoleChannelPath,
  consoleChannelQuerySchema,
  hostChannelPath,
  screenChannelPath,
  shellChannelPath,
  shellChannelQuerySchema,
  taskLogChannelPath,
} from "../../shared/byte-channel.ts";
import type { Channel } from "../../shared/channel.ts";
import type { GrowingFile } from "../files/growing-file.ts";
import { type Console, relayConsole } from "./console-relay.ts";
import { relayScreen } from "./screen-relay.ts";
import { serveCalls } from "./serve-calls.ts";
import { createSessionApi, type SessionApiSource } from "./session-api.ts";
import { relayShell } from "./shell-relay.ts";

/** What a session serves on a channel: calls of shared/api.ts, or the bytes of a byte channel. */
export interface SessionService {
  readonly kind: "calls" | "bytes";
  readonly serve: (channel: Channel) => void;
}

export interface SessionServicesSource extends SessionApiSource {
  readonly serial: Console;
  /** Where the host's own commands run. */
  readonly host: Console;
  readonly taskLog: GrowingFile;
}

/** Finds what a target, a path with a query, names at a session; why there is nothing to serve when there is not. */
export type FindService = (target: string) => SessionService | "not-found" | "bad-request";

/** All that a session serves, whatever the channels are made of. */
export function createSessionServices(source: SessionServicesSource): FindService {
  const calls = new RPCHandler(createSessionApi(source), { clientInterceptors: [sendErrors] });
  return (target) => {
    const url = URL.parse(target, "http://session");
    const query = Object.fromEntries(url?.searchParams ?? []);
    switch (url?.pathname) {
      case "/rpc":
        return { kind: "calls", serve: (channel) => serveCalls(calls, channel) };
      case consoleChannelPath:
        return consoleService(source.serial, query);
      case hostChannelPath:
        return consoleService(source.host, query);
      case taskLogChannelPath:
        return consoleService({ output: source.taskLog }, query);
      case shellChannelPath: {
        const { data } = shellChannelQuerySchema.safeParse(query);
        return data ? bytes((channel) => relayShell(channel, data, source.guest)) : "bad-request";
      }
      case screenChannelPath:
        return bytes((channel) => relayScreen(channel, source.machine));
      default:
        return "not-found";
    }
  };
}

function consoleService(console: Console, query: object): SessionService | "bad-request" {
  const { data } = consoleChannelQuerySchema.safeParse(query);
  return data ? bytes((channel) => relayConsole(channel, data.from, console)) : "bad-request";
}

function bytes(relay: (channel: Channel) => Promise<void>): SessionService {
  return { kind: "bytes", serve: (channel) => void relay(channel) };
}
