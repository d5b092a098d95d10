import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "./fixtures.ts";

test("a rebuild with nothing changed says so, and builds if the person wants that; after a change it builds at once", async ({
  tinsmith,
  engine,
}) => {
  for (const image of ["setup", "worker"])
    await engine.leaveArchive(join(engine.workspace, `microcore/microcore-${image}.tar.lz4`));
  const slot = tinsmith.slot("microcore", "Worker image");
  await expect(slot).toContainText("Up to date");
  await tinsmith.rebuild("worker");
  await expect(
    tinsmith.page.getByText(
      /^The worker image of microcore is up to date: built just now from the same \d+ inputs\.$/,
    ),
  ).toBeVisible();
  expect(engine.started).toHaveLength(0);
  await tinsmith.page.getByRole("button", { name: "Build anyway" }).click();
  await expect.poll(() => engine.started.length).toBe(1);
  await engine.started[0]?.end();

  appendFileSync(join(engine.workspace, "tinycore/setup.sh"), "# changed\n");
  await expect(slot).toContainText("setup.sh changed");
  await tinsmith.rebuild("worker");
  await expect.poll(() => engine.started.length).toBe(2);
});
