import { closeSync, globSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";

/** An image set whose build runs until it is stopped or told to fail, without a virtual machine. */
export interface SlowSet {
  /** Lets its build fail. */
  failBuild(): void;
  /** Lets the session that runs have begun some time ago, in milliseconds. */
  backdate(by: number): void;
}

/** The first output of the build. */
export const slowly = "goes on";

/** Makes it, in a workspace of its own in the home. */
export function makeSlowSet(home: string): SlowSet {
  const workspace = join(home, "images");
  const set = join(workspace, "slow");
  mkdirSync(set, { recursive: true });
  writeFileSync(join(set, "machine.json"), "{}\n");
  writeFileSync(join(set, "build.sh"), `echo '${slowly}'; until [ -e fail ]; do sleep 0.1; done; exit 1\n`);
  writeFileSync(
    join(set, "recipe.yaml"),
    "iso:\n  build: [sh, build.sh]\n  inputs: []\nsize: 1\nmachine: machine.json\ncd: []\n",
  );
  writeFileSync(join(home, "settings.json"), JSON.stringify({ version: 1, workspaces: [workspace] }));
  return {
    failBuild: () => writeFileSync(join(set, "fail"), ""),
    backdate: (by) => {
      const [log = ""] = globSync(join(home, "sessions/*/events.jsonl"));
      const [, before = "", time = ""] = /^(.*?"time":)(\d{13})/.exec(readFileSync(log, "utf8")) ?? [];
      const file = openSync(log, "r+");
      writeSync(file, `${Number(time) - by}`, before.length);
      closeSync(file);
    },
  };
}
