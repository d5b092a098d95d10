import type { CopyProgress } from "../../shared/contracts/session-contract.ts";
import { escapeName } from "../../shared/text/escape-name.ts";
import { formatBytes } from "../../shared/text/format.ts";
import { progressBar } from "./progress-bar.ts";
import { createLines } from "./terminal-lines.ts";

/** Shows, on a terminal, how much of a file has come; disposing it takes that off the screen. */
export interface TransferProgress extends Disposable {
  update(progress: CopyProgress): void;
}

export function showTransfer(name: string): TransferProgress {
  if (!process.stderr.isTTY) return { update: () => {}, [Symbol.dispose]: () => {} };
  const log = createLines();
  const started = performance.now();
  return {
    update: (progress) => log(transferText(name, progress, performance.now() - started)),
    [Symbol.dispose]: () => log.clear(),
  };
}

/** One line: the file's name, how much of it has come, how fast, and a bar where its size is known. */
export function transferText(name: string, { bytes, total }: CopyProgress, milliseconds: number): string {
  const rate = `${formatBytes((bytes * 1000) / Math.max(1, milliseconds))}/s`;
  const amount = total === undefined ? formatBytes(bytes) : `${formatBytes(bytes)} of ${formatBytes(total)}`;
  const bar = total ? `  ${progressBar(bytes / total)}` : "";
  return `${escapeName(name)}  ${amount}  ${rate}${bar}`;
}
