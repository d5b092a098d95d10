import { cpSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { execa } from "execa";
import { isTemplateFile } from "../../core/image-set/create-image-set.ts";

/** The checkout that is tested. */
const project = resolve(import.meta.dirname, "../..");
/** The program that a person runs. */
export const tinsmithProgram = join(project, "tinsmith");

/** A folder with copies of the image sets, and with sessions of its own. */
export interface Workshop {
  readonly folder: string;
  /** Folder of the embedded guest OS's image set. */
  readonly imageSet: string;
  readonly setupImage: string;
  readonly workerImage: string;
}

/** Makes a workshop in a new folder, which the caller removes. */
export function makeWorkshop(): Workshop {
  const folder = mkdtempSync(join(tmpdir(), "ts-"));
  cpSync(join(project, "images"), join(folder, "images"), { recursive: true, filter: isTemplateFile });
  const imageSet = join(folder, "images/microcore");
  return {
    folder,
    imageSet,
    setupImage: join(imageSet, "microcore-setup.tar.lz4"),
    workerImage: join(imageSet, "microcore-worker.tar.lz4"),
  };
}

/** The result of a Tinsmith command. */
export interface Outcome {
  readonly exitStatus: number | undefined;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface CommandOptions {
  /** Variables of its environment besides the usual ones. */
  readonly env?: Readonly<Record<string, string>>;
  /** Called with what the command has printed to stderr so far, each time that more comes. */
  readonly onStderr?: (text: string, interrupt: (signal: NodeJS.Signals) => void) => void;
  /** The same of stdout. */
  readonly onStdout?: (text: string, interrupt: (signal: NodeJS.Signals) => void) => void;
}

/** Runs `./tinsmith` in the workshop. ISOs, which take long to make, are cached as for any user. */
export async function tinsmith(
  workshop: Workshop,
  args: readonly string[],
  { env, onStderr, onStdout }: CommandOptions = {},
): Promise<Outcome> {
  const child = execa(tinsmithProgram, args, {
    cwd: workshop.folder,
    env: { CI: "true", XDG_STATE_HOME: workshop.folder, XDG_RUNTIME_DIR: workshop.folder, ...env },
    encoding: "buffer",
    stripFinalNewline: false,
    reject: false,
    stdin: "ignore",
    maxBuffer: 200_000_000,
  });
  const interrupt = (signal: NodeJS.Signals) => void child.kill(signal);
  follow(child.stderr, (text) => onStderr?.(text, interrupt));
  follow(child.stdout, (text) => onStdout?.(text, interrupt));
  const { exitCode, stdout, stderr } = await child;
  return { exitStatus: exitCode, stdout: Buffer.from(stdout), stderr: Buffer.from(stderr).toString() };
}

function follow(stream: Readable, onText: (text: string) => void): void {
  let text = "";
  stream.on("data", (bytes: Buffer) => {
    text += bytes;
    onText(text);
  });
}
