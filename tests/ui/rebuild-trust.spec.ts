import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "./fixtures.ts";

const digestOf = (text: string) => createHash("sha256").update(text).digest("hex");

test("a build that boots a setup image that was not made here starts once its content is accepted; so does a retry", async ({
  tinsmith,
  engine,
}) => {
  const setup = join(engine.workspace, "microcore/microcore-setup.tar.lz4");
  const [first, second] = ["not made here", "something else that was not made here"] as const;
  writeFileSync(setup, first);
  await expect(tinsmith.slot("microcore", "Setup image")).toContainText("Built elsewhere");
  const { dialog } = tinsmith;
  const button = dialog.getByRole("button", { name: "Rebuild worker" });
  const accept = dialog.getByLabel("I trust this archive");
  await tinsmith.rebuild("worker");
  await expect(dialog.getByRole("alert")).toContainText(`${setup} was not made here`);
  await expect(button).toBeDisabled();
  await expect(button).toHaveAccessibleDescription("Accept the archive first");
  const cancel = dialog.getByRole("button", { name: "Cancel" });
  await expect(cancel).toBeFocused();
  await cancel.click();
  await expect(dialog).toBeHidden();

  await tinsmith.rebuild("worker");
  await accept.check();
  writeFileSync(setup, second);
  await button.click();
  await expect(dialog).toContainText("has changed since it was accepted");
  await expect(accept).not.toBeChecked();
  await expect(button).toBeDisabled();
  expect(engine.started).toHaveLength(0);
  await accept.check();
  await button.click();
  await expect(tinsmith.build.getByRole("heading", { name: "Worker image microcore" })).toBeVisible();
  const build = engine.started[0];
  expect(build?.plan).toMatchObject({ image: "worker", trusted: [digestOf(second)] });

  build?.start("guest");
  await build?.fail({ code: "build-failed", message: "it failed" }, ["guest-tools", "data-cd"]);
  await tinsmith.build.getByRole("button", { name: "Retry guest" }).click();
  await accept.check();
  await button.click();
  await expect.poll(() => engine.started.length).toBe(2);
  expect(engine.started[1]?.plan).toMatchObject({
    retry: build?.session.id,
    trusted: [digestOf(second)],
  });
});
