import type { Route } from "@playwright/test";
import type * as Electron from "electron";
import { toElectron } from "./address.ts";

type Handler = Parameters<Electron.Protocol["handle"]>[1];
const handlers = new Map<string, Handler>();
/** Whatever a page has asked for that no scheme of the app's answers. */
export const refused: string[] = [];

export const protocol = {
  registerSchemesAsPrivileged: () => {},
  handle: (scheme, handler) => void handlers.set(scheme, handler),
} satisfies Pick<Electron.Protocol, "handle" | "registerSchemesAsPrivileged">;

/** Answers a page's request as the app's scheme does; nothing else is answered. */
export async function answerRequest(route: Route): Promise<void> {
  const request = route.request();
  const url = toElectron(request.url());
  const handler = handlers.get(new URL(url).protocol.slice(0, -1));
  if (!handler) {
    refused.push(url);
    return await route.abort();
  }
  const response = await handler(new Request(url, { method: request.method() }) as never);
  await route.fulfill({
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: Buffer.from(await response.arrayBuffer()),
  });
}
