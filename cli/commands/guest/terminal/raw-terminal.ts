import { spawnSync } from "node:child_process";

/**
 * Makes the terminal that is stdin pass every key and every output byte unchanged. The former settings are restored
 * when it is disposed, or when this process ends in any way.
 */
export function enterRawMode(): Disposable {
  const enter = () => {
    process.stdin.setRawMode(true);
    // Node's raw mode still turns LF into CR LF, which breaks programs that move the cursor by it. Node restores all
    // settings at the end. Without stty, those programs look wrong.
    spawnSync("stty", ["-opost"], { stdio: ["inherit", "ignore", "ignore"] });
  };
  const leave = () => void process.stdin.setRawMode(false);
  // The shell that stopped this process may have given the terminal other modes.
  const reenter = () => {
    leave();
    enter();
  };
  enter();
  process.on("exit", leave).on("SIGCONT", reenter);
  return {
    [Symbol.dispose]: () => {
      process.off("exit", leave).off("SIGCONT", reenter);
      leave();
    },
  };
}
