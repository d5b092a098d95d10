import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { StandardRPCHandler } from "@orpc/server/standard";
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { createFileAddresses } from "../cli/serve/file-addresses.ts";
import { startUiServer } from "../cli/serve/ui-server.ts";
import { createApp } from "../core/app/app.ts";
import { makePrivateFolder } from "../core/files/private-folder.ts";
import { newHome } from "../core/session/serve/test-session.ts";
import { sessionPaths } from "../core/storage/paths.ts";
import { fetchFromLoopback, lookUpLoopback } from "./fetch-from-loopback.ts";

const notScripted = () => Promise.reject(new Error("the test has no script for this"));

/** A server with a page, and a session with a log. */
export async function startTestServer() {
  const paths = newHome();
  const renderer = join(paths.sessions, "../renderer");
  mkdirSync(renderer, { recursive: true });
  writeFileSync(join(renderer, "index.html"), "<html><head></head>the page</html>");
  const files = sessionPaths(paths, "ended");
  makePrivateFolder(paths.sessions);
  makePrivateFolder(files.folder);
  writeFileSync(files.taskLog, "a log");
  writeFileSync(files.events, "");
  const addresses = createFileAddresses();
  const app = createApp({
    paths,
    version: "0.0.0",
    workspace: "/images",
    startSession: notScripted,
    stopSession: notScripted,
    reveal: notScripted,
    addressOf: addresses.make,
  });
  const server = await startUiServer({
    paths,
    renderer,
    port: 0,
    rpc: new StandardRPCHandler(app),
    addresses,
  });
  onTestFinished(() => server[Symbol.asyncDispose]());
  const { origin } = server;
  const { host } = new URL(origin);
  const postToken = (token: string, headers: Readonly<Record<string, string>> = {}) =>
    fetchFromLoopback(`${origin}/access`, {
      method: "POST",
      headers: { Origin: origin, "Content-Type": "application/json", ...headers },
      body: JSON.stringify({ token }),
    });
  const enter = async () => (await (await postToken(server.newToken())).json()).secret as string;
  const openSocket = (path: string, secret: string) =>
    new WebSocket(`ws://${host}${path}`, ["tinsmith", secret], { origin, lookup: lookUpLoopback });
  return { server, addresses, files, renderer, host, origin, postToken, enter, openSocket };
}

/** Sends bytes and hangs up. @returns the reply */
export async function sendRaw(host: string, bytes: string): Promise<string> {
  const stream = connect(Number(host.split(":")[1]), "127.0.0.1");
  stream.on("error", () => {});
  stream.end(bytes, "latin1");
  return await text(stream).catch(() => "");
}

/** Connects to a server as any user of this host can. */
export async function connectTo(port: number, address = "127.0.0.1") {
  const stream = connect(port, address);
  stream.on("error", () => {});
  const closed = once(stream, "close");
  await once(stream, "connect");
  return { stream, closed };
}
