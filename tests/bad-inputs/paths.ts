import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

/** Makes what a path can lead to that is not a file, in a folder, which must exist until the result is disposed of. */
export function makeBadPaths(
  folder: string,
): Disposable & { readonly paths: Readonly<Record<string, string>> } {
  const inFolder = (name: string) => join(folder, name);
  const server = createServer().listen(inFolder("socket"));
  execFileSync("mkfifo", [inFolder("pipe")]);
  mkdirSync(inFolder("folder"));
  writeFileSync(inFolder("file"), "");
  symlinkSync("loop", inFolder("loop"));
  symlinkSync("pipe", inFolder("link"));
  symlinkSync("nowhere", inFolder("broken"));
  return {
    paths: {
      "a named pipe": inFolder("pipe"),
      "a link to a named pipe": inFolder("link"),
      "a socket": inFolder("socket"),
      "a folder": inFolder("folder"),
      "a device without end": "/dev/zero",
      "a terminal": "/dev/tty",
      "the memory of a process": "/proc/self/mem",
      "a link to itself": inFolder("loop"),
      "a link that leads nowhere": inFolder("broken"),
      "a path below a file": inFolder("file/below"),
      "nothing at all": inFolder("missing"),
      "a name of 300 characters": inFolder("a".repeat(300)),
      "a path with a zero byte": inFolder("a\0b"),
    },
    [Symbol.dispose]: () => void server.close(),
  };
}
