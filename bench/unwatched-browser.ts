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

const targetSchema = z.object({ type: z.string().optional(), webSocketDebuggerUrl: z.url() });
type Target = z.infer<typeof targetSchema>;
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
      const targets = z.array(targetSchema).parse(await (await fetch(`${address}/json/list`)).json());
      const page = targets.find(({ type }) => type === "page");
      const params = { expression, awaitPromise: true, returnByValue: true };
      return answerSchema.parse(await command(page, "Runtime.evaluate", params)).result.result.value;
    },
    [Symbol.asyncDispose]: async () => {
      // Debian starts it by a script: a signal would end that alone.
      const version = await (await fetch(`${address}/json/version`)).json();
      await Promise.race([command(targetSchema.parse(version), "Browser.close"), browser]);
      await browser;
      // Processes of its own may end a little later.
      await rm(profile, { recursive: true, maxRetries: 10 });
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

/** Gives a command to the browser or one of its pages. @returns its answer */
async function command(target: Target | undefined, method: string, params: object = {}): Promise<unknown> {
  if (!target) throw new Error("the browser has no page");
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  await once(socket, "open");
  socket.send(JSON.stringify({ id: 1, method, params }));
  const [{ data }] = await once(socket, "message");
  socket.close();
  return JSON.parse(data);
}
