import { expect, test } from "./fixtures.ts";
import { RunPage } from "./run-page.ts";

test("the request of an exchange is sent again, as an exchange that says so", async ({
  tinsmith,
  engine,
}) => {
  const run = await engine.beginRun();
  run.join({ files: {}, shell: async () => true });
  const view = await RunPage.open(tinsmith, "Run of");
  run.request("POST", "nothing-of-the-kind").end("a body");
  const detail = await view.select(view.rows.filter({ hasText: "404" }));
  await detail.getByRole("button", { name: "Send the request again" }).click();
  await expect(tinsmith.notices).toContainText(
    "The MetaService has answered the repeated request with status 404.",
  );
  const repeated = view.rows.filter({ hasText: /repeats \d+/ });
  await expect(repeated).toHaveCount(1);
  const other = await view.select(repeated);
  await expect(other.getByRole("region", { name: "Request" })).toContainText("a body");
  await other.getByRole("button", { name: /^repeats exchange/ }).click();
  await expect(view.exchanges.getByRole("article")).not.toContainText("repeats exchange");
});
