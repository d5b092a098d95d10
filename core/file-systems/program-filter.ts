import { spawn } from "node:child_process";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { hasErrorCode } from "../../shared/errors/system-error.ts";
import { limitedProgramNotFound, limitProgram } from "../process/program-limits.ts";
import { environmentOf, missingTool } from "../process/run-command.ts";
import { damaged } from "./damaged.ts";

/** A program that decompresses from stdin to stdout, and exits with another status than 0 if the data is damaged. */
export interface FilterProgram {
  readonly program: string;
  readonly args: readonly string[];
}

/** Enough for any setting of these programs but the largest of `xz`, and a limit for hostile data. */
const limits = { memory: 512 * 1024 ** 2, seconds: 600 };
/** Characters of its messages that are kept. */
const longestMessage = 1000;

/**
 * Runs bytes through a program in a process with limited memory and time, which is ended when nobody reads on.
 *
 * @param place as an error names it: "the xz data"
 * @throws AppError `damaged-file-system`, `missing-tool`
 */
export async function* filterBytes(
  { program, args }: FilterProgram,
  input: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  place: string,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const [started, ...rest] = limitProgram([program, ...args], limits);
  const child = spawn(started, rest, { env: environmentOf({}), signal });
  let message = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    message = (message + text).slice(0, longestMessage);
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  // Awaited below, also after a failure of the input.
  ended.catch(() => {});
  // It may end before it has read everything: its exit status says why.
  const feeding = pipeline(Readable.from(input), child.stdin).catch((error) => {
    if (!hasErrorCode(error, "EPIPE", "ERR_STREAM_PREMATURE_CLOSE")) throw error;
  });
  feeding.catch(() => child.kill("SIGKILL"));
  try {
    for await (const piece of child.stdout) yield piece;
    await feeding;
    const status = await ended;
    if (status === limitedProgramNotFound) throw missingTool(program);
    if (status !== 0) throw damaged(`${place} can't be decompressed: ${explain(message, program, status)}`);
  } catch (error) {
    if (hasErrorCode(error, "ENOENT")) throw missingTool(started);
    throw error;
  } finally {
    child.kill("SIGKILL");
  }
}

/** `xz: (stdin): Unexpected end of input` -> `xz says “Unexpected end of input”` */
function explain(message: string, program: string, status: number | null): string {
  const line = message.split("\n").find((text) => text.trim() !== "");
  const said = line?.replace(/^\w+: (\(stdin\): )?/, "").replace(/[;.]?\s*$/, "");
  if (said) return `${program} says “${said}”`;
  return status === null ? `${program} took too long` : `${program} failed`;
}

/** Decompresses xz streams, one after the other. */
export const xzProgram: FilterProgram = { program: "xz", args: ["--decompress", "--stdout", "--format=xz"] };
/** Decompresses bzip2 streams, one after the other. */
export const bzip2Program: FilterProgram = { program: "bzip2", args: ["--decompress", "--stdout"] };
