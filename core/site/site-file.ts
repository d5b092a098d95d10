import { createReadStream } from "node:fs";
import { extname, join, normalize } from "node:path";
import { Readable } from "node:stream";
import { statusOf } from "../files/regular-file.ts";
import { type Paths, sessionPaths } from "../storage/paths.ts";
import { securityHeaders } from "./security-headers.ts";

/** The source of a window's files. */
export interface Site {
  readonly paths: Paths;
  /** The folder of the built renderer. */
  readonly renderer: string;
}

/** A file, as a window gets it. */
export interface SiteFile {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Opens its content. A file that grows meanwhile is read as far as its headers promise. */
  open(): Readable;
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
  ".log": "text/plain; charset=utf-8",
  ".times": "text/plain; charset=utf-8",
  ".jsonl": "text/plain; charset=utf-8",
};

/** The files of a session that a window may ask for. */
const sessionFiles = [
  "screen.png",
  "events.jsonl",
  "serial.log",
  "serial.times",
  "task.log",
  "task.times",
  "host.log",
  "qemu.log",
];
/**
 * More of the bodies of its exchanges: see `exchangeBodyFile`. Their content is the guest's: nothing may run it. And
 * the pictures of its guest's screen.
 */
const furtherFile = /^(?:bodies\/\d+\.(?:request|reply)|screens\/[0-9a-f]+\.png)$/;
const sessionFilePath = /^\/sessions\/([\w-]+)\/files\/([\w./]+)$/;

/**
 * Finds the file for an address's path: a file of the renderer's bundle, or one that a session left; undefined when
 * there is none.
 */
export function findSiteFile({ paths, renderer }: Site, path: string): SiteFile | undefined {
  return findSessionFile(paths, path) ?? fileOf(renderer, path === "/" ? "index.html" : path.slice(1));
}

/** Finds a file that a session left, and that a window may ask for, by its address's path; undefined when there is none. */
export function findSessionFile(paths: Paths, path: string): SiteFile | undefined {
  const [, session = "", name = ""] = sessionFilePath.exec(path) ?? [];
  if (!sessionFiles.includes(name) && !furtherFile.test(name)) return undefined;
  return fileOf(sessionPaths(paths, session).folder, name);
}

function fileOf(folder: string, name: string): SiteFile | undefined {
  const path = join(folder, normalize(`/${name}`));
  const status = statusOf(path);
  if (!status?.isFile()) return undefined;
  const { size } = status;
  return {
    path,
    headers: {
      ...securityHeaders,
      "Content-Type": types[extname(path)] ?? "application/octet-stream",
      "Content-Length": `${size}`,
      // The bundle's names change with their content; all else may change at any time.
      "Cache-Control": name.startsWith("assets/") ? "max-age=31536000, immutable" : "no-store",
    },
    open: () => (size === 0 ? Readable.from([]) : createReadStream(path, { end: size - 1 })),
  };
}
