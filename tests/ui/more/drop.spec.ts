import { expect, test } from "../fixtures.ts";

test("a file that is dropped on the page in a browser does not take its place, and what to do is said", async ({
  tinsmith,
}) => {
  const { page } = tinsmith;
  const address = page.url();
  const wasPrevented = await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(["x"], "some.iso"));
    const send = (type: string) =>
      !document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
    return ["dragenter", "dragover", "drop"].map(send);
  });
  expect(wasPrevented).toEqual([true, true, true]);
  await expect(tinsmith.errors).toContainText("A browser does not reveal where some.iso is on the host");
  expect(page.url()).toBe(address);
});

test("the window is named after the panel in front", async ({ tinsmith }) => {
  await tinsmith.showTab("Sessions");
  await expect(tinsmith.page).toHaveTitle("Sessions – Tinsmith");
  await tinsmith.showTab("Library");
  await expect(tinsmith.page).toHaveTitle("Library – Tinsmith");
});
