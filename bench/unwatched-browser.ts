import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { chromium, type Page } from "@playwright/test";
import { execa } from "execa";
import { z } from "zod";
import { browserOptions } from "../tests/ui/browser.ts";

/** A browser with one page, to which nothing is attached while that is measured. */
export interface UnwatchedBrowser extends AsyncDisposable {
  /** Attaches Playwright to the page for as long as that is used. */
  withPage<Result>(use: (page: Page) => Promise<Result>): Promise<Result>;
  /** Evaluates an expression in the page, and waits for its promise. */
  evaluate(expression: string): Promise<unknown>;
}

const targetsSchema = z.array(z.object({ type: z.string(), webSocketDebuggerUrl: z.url() }));
const answerSchema = z.object({ result: z.object({ result: z.object({ value: z.unknown() }) }) });

/**
 * Starts a browser that can be left alone. While Playwright is attached to a page, the browser copies each message of the
 * page's WebSockets to Playwright: of a long log, that takes half as much time as the window itself.
 */
export async function startUnwatchedBrowser(): Promise<UnwatchedBrowser> {
  const profile = await mkdtemp(join(tmpdir(), "bench-browser-"));
  const { executablePath, args } = browserOptions;
  const own = ["--headless", "--remote-debugging-port=0", `--user-data-dir=${profile}`];
  const browser = execa(executablePath, [...args, ...own, "--window-size=1280,800", "about:blank"], {
    stdio: "ignore",
    reject: false,
  });
  const address = `http://127.0.0.1:${await portOf(profile)}`;
  return {
    withPage: async (use) => {
      const attached = await chromium.connectOverCDP(address);
      try {
        const page = attached.contexts()[0]?.pages()[0];
        if (!page) throw new Error("the browser has no page");
        return await use(page);
      } finally {
        await attached.close();
      }
    },
    evaluate: async (expression) => {
      const targets = targetsSchema.parse(await (await fetch(`${address}/json/list`)).json());
      const socket = new WebSocket(targets.find(({ type }) => type === "page")?.webSocketDebuggerUrl ?? "");
      await once(socket, "open");
      const params = { expression, awaitPromise: true, returnByValue: true };
      socket.send(JSON.stringify({ id: 1, method: "Runtime.evaluate", params }));
      const [{ data }] = await once(socket, "message");
      socket.close();
      return answerSchema.parse(JSON.parse(data)).result.result.value;
    },
    [Symbol.asyncDispose]: async () => {
      browser.kill();
      await browser;
      await rm(profile, { recursive: true });
    },
  };
}

/** The port on which a browser is told what to do, which it writes into its profile. */
async function portOf(profile: string): Promise<string> {
  const file = join(profile, "DevToolsActivePort");
  for (;;) {
    const [port, path] = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
    if (port && path) return port;
    await delay(10);
  }
}
