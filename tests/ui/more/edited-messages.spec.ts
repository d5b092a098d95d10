import { addRule, exchange } from "../breakpoints-page.ts";
import { expect, test } from "../fixtures.ts";
import { RunPage } from "../run-page.ts";

test("an exchange shows both sides of its messages that rules have edited or cut", async ({
  tinsmith,
  engine,
}) => {
  const run = await engine.beginRun();
  addRule(run, { name: "edit", when: { endpoint: "reply" }, steps: [{ edit: { text: "for the service" } }] });
  addRule(run, { name: "cut", when: { endpoint: "log" }, steps: [{ cut: { after: 6 } }] });
  addRule(run, {
    name: "fail",
    when: { from: "host", endpoint: "execute" },
    steps: [{ edit: { status: 500 } }],
  });
  await exchange(run, "POST", "reply?id=first", "from the guest");
  await exchange(run, "POST", "log", "012345678901");
  await exchange(run, "GET", "execute");
  const view = await RunPage.open(tinsmith, "Run of");
  await tinsmith.showTab("Action log");
  const side = async (endpoint: string, name: string) => {
    const detail = await view.select(view.rows.filter({ hasText: endpoint }));
    return detail.getByRole("region", { name, exact: true });
  };
  await expect(await side("reply", "Request")).toContainText("from the guest");
  await expect(await side("reply", "Request as the MetaService got it")).toContainText("for the service");
  await expect(await side("log", "Request")).toContainText("12 bytes");
  await expect(await side("log", "Request as the MetaService got it")).toContainText("6 bytes");
  await expect(await side("execute", "Response 500")).toBeVisible();
  await expect(await side("execute", "Response 200 as the MetaService made it")).toContainText("make test");
});
