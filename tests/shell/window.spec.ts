import { expect, test } from "./fixtures.ts";

test("the window shows the library, which comes over its port", async ({ tinsmith }) => {
  await expect(tinsmith.library).toContainText("microcore");
  await expect(tinsmith.page.getByRole("contentinfo")).toContainText("0 running");
});

test("a page that is loaded anew gets a port of its own", async ({ tinsmith }) => {
  await tinsmith.page.reload();
  await tinsmith.isUsable();
  await expect(tinsmith.library).toContainText("microcore");
});
