import { existsSync } from "node:fs";
import { join } from "node:path";
import { makeDebianRoot } from "../package/deb.ts";
import { TinsmithPage } from "../ui/tinsmith-page.ts";
import { expect, test } from "./fixtures.ts";
import { findElectron, launchPacked } from "./launch.ts";
import { putBundles } from "./test-electron/put-bundles.ts";

test("the app of the deb, installed in a root of its own, opens its window, with image sets of the user's own", async ({
  home,
}) => {
  test.setTimeout(300_000);
  const { folder, isTestElectron } = findElectron();
  using host = await makeDebianRoot(folder);
  host.setAppArmor(false);
  await host.dpkg("--install", host.deb);
  if (isTestElectron) await putBundles(join(host.root, "opt/Tinsmith/resources"));
  await using shell = await launchPacked({ home, command: host.commandOf("/usr/bin/tinsmith-desktop") });
  const tinsmith = new TinsmithPage(shell.page);
  await tinsmith.isUsable();
  await expect(tinsmith.library).toContainText(join(home, "images/microcore"));
  expect(existsSync(join(home, "images/tinycore/setup.sh"))).toBe(true);
  // A session starts from the CLI's bundle beside the archive, and gets as far as its own files go.
  await tinsmith.rebuild("worker");
  await expect(tinsmith.build).toContainText("Setup image microcore", { timeout: 60_000 });
});
