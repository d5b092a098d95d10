import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Makes a workspace with an image set whose build goes on until it is stopped, without a virtual machine. */
export function makeSlowSet(home: string): void {
  const workspace = join(home, "images");
  const set = join(workspace, "slow");
  mkdirSync(set, { recursive: true });
  writeFileSync(join(set, "machine.json"), "{}\n");
  writeFileSync(
    join(set, "recipe.yaml"),
    "iso:\n  build: [tail, -f, /dev/null]\n  inputs: []\nsize: 1\nmachine: machine.json\ncd: []\n",
  );
  writeFileSync(join(home, "settings.json"), JSON.stringify({ version: 1, workspaces: [workspace] }));
}
