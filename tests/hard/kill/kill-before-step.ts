import fs from "node:fs";
import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";

// Preloaded into a process that is to be killed: it kills itself before the step of that number, from 0, in which it
// makes a folder, or gives anything a name, or removes it.

let stepsLeft = Number(process.env.KILL_BEFORE_STEP);

const beforeStep = <Args extends unknown[], Result>(step: (...args: Args) => Result) => {
  return (...args: Args): Result => {
    if (stepsLeft === 0) process.kill(process.pid, "SIGKILL");
    stepsLeft -= 1;
    return step(...args);
  };
};

Object.assign(promises, {
  link: beforeStep(promises.link),
  mkdir: beforeStep(promises.mkdir),
  rename: beforeStep(promises.rename),
  rm: beforeStep(promises.rm),
  rmdir: beforeStep(promises.rmdir),
});
Object.assign(fs, {
  linkSync: beforeStep(fs.linkSync),
  mkdirSync: beforeStep(fs.mkdirSync),
  renameSync: beforeStep(fs.renameSync),
  rmSync: beforeStep(fs.rmSync),
});
syncBuiltinESMExports();
