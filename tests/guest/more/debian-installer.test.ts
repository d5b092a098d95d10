import { copyFileSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { makeIsoIn } from "../../../core/iso/test-iso-files.ts";
import { findPaths, sessionPaths } from "../../../core/storage/paths.ts";
import { eventually } from "../../eventually.ts";
import { makeBuiltWorkshop } from "../built-workshop.ts";
import { tinsmith } from "../tinsmith.ts";

const workshop = makeBuiltWorkshop();
const paths = findPaths({ XDG_STATE_HOME: workshop.folder, XDG_RUNTIME_DIR: workshop.folder });

/** So the installer asks for an address at once, and does not look for one first. */
const parameters = "vga=788 netcfg/disable_autoconfig=true --- quiet";

/** Makes an ISO with the kernel of the Debian package, whose boot loader gives it no serial console. */
function makeInstallerIso(): string {
  const [kernel] = globSync("/usr/lib/debian-installer/images/*/amd64/text/debian-installer/amd64/linux");
  if (kernel === undefined)
    throw new Error("./test.sh guest_more installs the package of Debian's installer");
  const folder = join(workshop.folder, "netboot");
  mkdirSync(folder);
  return makeIsoIn(folder, {
    "isolinux/isolinux.cfg": `label install\nmenu label ^Install\nkernel /linux\nappend ${parameters} initrd=/initrd.gz\n`,
    linux: readFileSync(kernel),
    "initrd.gz": readFileSync(join(dirname(kernel), "initrd.gz")),
  });
}

const iso = makeInstallerIso();

const dialog = (text: string, answer: object) => [{ wait: text }, answer];

const install = [
  { wait: "Select a language", timeout: 240 },
  { keys: "<ret>" },
  // The country is "other", the continent the one before "Indian Ocean".
  ...dialog("Select your location", { keys: "o<ret>" }),
  ...dialog("Continent or region:", { keys: "I<up><ret>" }),
  ...dialog("Andorra", { keys: "<ret>" }),
  ...dialog("default locale settings", { keys: "<ret>" }),
  ...dialog("Configure the keyboard", { keys: "<ret>" }),
  { wait: "IP address:", timeout: 240 },
  { type: "10.0.2.15" },
  // The installer's suggestion for that address.
  { wait: "255.255.255.0" },
  { wait: "power-off" },
];

test.each(["serial", "screen"])("the dialogs of Debian's own installer are answered: %s", async (console) => {
  const set = join(workshop.folder, console);
  mkdirSync(set);
  copyFileSync(join(workshop.imageSet, "machine.json"), join(set, "machine.json"));
  writeFileSync(
    join(set, "recipe.yaml"),
    stringify({
      iso: { path: iso },
      bootEntry: "Install",
      size: 1,
      machine: "machine.json",
      console,
      install,
    }),
  );
  let told = "";
  let end = (_signal: NodeJS.Signals) => {};
  const building = tinsmith(workshop, ["rebuild", "setup", "--recipe", set, "--memory", "1024"], {
    onStderr: (text, interrupt) => {
      told = text;
      end = interrupt;
    },
  });
  const failed = building.then(({ stderr }) => Promise.reject(new Error(stderr)));
  const lastStep = `"install-step-started","index":${install.length - 1}`;
  const hasAnsweredAll = () => {
    const [, session = ""] = /\(session ([\w-]+)\)/.exec(told) ?? [];
    expect(readFileSync(sessionPaths(paths, session).events, "utf8")).toContain(lastStep);
  };
  await Promise.race([failed, eventually(hasAnsweredAll, { timeout: 280_000, interval: 500 })]);
  end("SIGTERM");
  const { stderr } = await building;
  expect(stderr).toContain(`"${parameters} console=tty0 console=ttyS0,115200"`);
  expect(stderr).toContain("error: interrupted");
});
