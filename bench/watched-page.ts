import type { Page } from "@playwright/test";

/** The values that a page reports while it is measured. */
interface Watched {
  /** Milliseconds; 0 when no task took longer than 50. */
  longestTask: number;
  /** Bytes of output that it has acknowledged on its byte channels. */
  consumedBytes: number;
  reset(): void;
  figures(): { readonly longestTask: number; readonly consumedBytes: number };
}

declare global {
  interface Window {
    readonly watched: Watched;
  }
}

/** Lets a page that is opened next watch itself. */
export async function watchPage(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const watched: Watched = {
      longestTask: 0,
      consumedBytes: 0,
      reset: () => {
        watched.longestTask = 0;
        watched.consumedBytes = 0;
      },
      figures: () => ({ longestTask: watched.longestTask, consumedBytes: watched.consumedBytes }),
    };
    Object.assign(window, { watched });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries())
        watched.longestTask = Math.max(watched.longestTask, duration);
    }).observe({ type: "longtask" });
    const { send } = WebSocket.prototype;
    WebSocket.prototype.send = function (message) {
      // See shared/guest/shell-codec.ts: an Ack has type 1, for a stream, of so many bytes.
      if (message instanceof Uint8Array && message[0] === 1)
        watched.consumedBytes += new DataView(message.buffer, message.byteOffset).getUint32(2);
      send.call(this, message);
    };
  });
}

/** Bytes that a page's scripts use when all garbage is collected. */
export async function collectedHeap(page: Page): Promise<number> {
  const tools = await page.context().newCDPSession(page);
  await tools.send("HeapProfiler.collectGarbage");
  const { usedSize } = await tools.send("Runtime.getHeapUsage");
  await tools.detach();
  return usedSize;
}
