import type { Locator } from "@playwright/test";

/** Drags files and folders of this host over an element, as a file manager does. */
export async function dragFiles(target: Locator, paths: readonly string[]) {
  const page = target.page();
  const box = await target.boundingBox();
  if (!box) throw new Error("the element is not shown");
  const browser = await page.context().newCDPSession(page);
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  const send = (type: "dragEnter" | "dragOver" | "drop") =>
    browser.send("Input.dispatchDragEvent", { type, ...at, data }).then(() => {});
  await send("dragEnter");
  await send("dragOver");
  return { drop: () => send("drop") };
}

/** Drops them there. */
export async function dropFiles(target: Locator, paths: readonly string[]): Promise<void> {
  const { drop } = await dragFiles(target, paths);
  await drop();
}
