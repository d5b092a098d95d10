import { createRouterClient } from "@orpc/server";
import { StandardRPCHandler } from "@orpc/server/standard";
import { shell } from "electron";
import { createApp } from "../../core/app/app.ts";
import { endedRecording } from "../../core/builder/by-hand/ended-recording.ts";
import { joinSessionChannel } from "../../core/session/client/session-gate.ts";
import { stopSession } from "../../core/session/client/stop-session.ts";
import { serveCalls } from "../../core/session/serve/serve-calls.ts";
import type { Paths } from "../../core/storage/paths.ts";
import type { Settings } from "../../shared/app/settings.ts";
import type { Channel } from "../../shared/channel/channel.ts";
import type { ImageSet } from "../../shared/library/library.ts";
import type { SessionSummary } from "../../shared/session/session-summary.ts";
import type { SessionProcesses } from "../lifecycle/session-processes.ts";

interface EngineOptions {
  readonly paths: Paths;
  readonly version: string;
  readonly workspace: string;
  readonly processes: SessionProcesses;
}

/** The engine, as the shell serves it to the window. */
export interface Engine {
  /** Serves the app's own channel, or one of a session; closes one that it does not know. */
  serve(path: string, channel: Channel): void;
  /** All sessions, whenever they have changed. */
  watchSessions(): AsyncIterable<readonly SessionSummary[]>;
  /** All image sets, whenever they have changed. */
  watchSets(): AsyncIterable<readonly ImageSet[]>;
  /** The settings that hold, whenever they have changed. */
  watchSettings(): AsyncIterable<Settings>;
}

const sessionPath = /^sessions\/([\w-]+)(\/.*)$/;

/** Runs the engine in this process; its sessions are processes of their own, so that the window never waits for them. */
export function createEngine({ paths, version, workspace, processes }: EngineOptions): Engine {
  const app = createApp({
    paths,
    version,
    workspace,
    startSession: processes.start,
    stopSession: (session, isForced) => stopSession(paths, session, isForced),
    reveal: async (path) => shell.showItemInFolder(path),
    addressOf: (path) => path,
  });
  const calls = new StandardRPCHandler(app);
  const client = createRouterClient(app);
  return {
    serve: (path, channel) => {
      const [, session, target] = sessionPath.exec(path) ?? [];
      if (path === "rpc") serveCalls(calls, channel);
      else if (session && target)
        joinSessionChannel({ paths, session, findRecording: endedRecording }, target, channel);
      else channel.close();
    },
    watchSessions: async function* () {
      yield* await client.sessions.watch();
    },
    watchSets: async function* () {
      for await (const { sets } of await client.library.watch()) yield sets;
    },
    watchSettings: async function* () {
      yield* await client.settings.watch();
    },
  };
}
