import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { BrowserContext } from "@playwright/test";

const worker = `
  addEventListener("install", () => skipWaiting());
  addEventListener("activate", (event) => event.waitUntil(clients.claim()));
  addEventListener("fetch", (event) => {
    if (!event.request.url.includes("/cached/"))
      event.respondWith(new Response("by a service worker", { headers: { "Content-Type": "text/html" } }));
  });`;

const registration = `<!doctype html><script>
  navigator.serviceWorker.register("/worker.js").then(() => navigator.serviceWorker.ready)
    .then(() => { document.title = "planted"; });
</script>`;

/**
 * Is a server of somebody else's for a while, which leaves a service worker and an immutable page in the browser, for
 * 127.0.0.1 and for localhost.
 *
 * @returns its port, which is free now
 */
export async function plantPages(context: BrowserContext): Promise<number> {
  const server = createServer(({ url }, response) => {
    if (url === "/worker.js") response.setHeader("Content-Type", "text/javascript").end(worker);
    else if (url?.startsWith("/cached/"))
      response
        .setHeader("Content-Type", "text/html")
        .setHeader("Cache-Control", "max-age=31536000, immutable")
        .end("kept in the cache");
    else response.setHeader("Content-Type", "text/html").end(registration);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const page = await context.newPage();
  for (const host of ["127.0.0.1", "localhost"]) {
    await page.goto(`http://${host}:${port}/cached/page`);
    await page.goto(`http://${host}:${port}/`);
    await page.waitForFunction(() => document.title === "planted");
  }
  await page.close();
  server.close();
  server.closeAllConnections();
  await once(server, "close");
  return port;
}
