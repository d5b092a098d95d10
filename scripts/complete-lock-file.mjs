// Adds to package-lock.json the packages for other platforms that npm left out because its registry had none of
// them: `npm ci` refuses a lock file without them, even where they are not wanted. Run after `npm install`.
import { readFileSync, writeFileSync } from "node:fs";

const systems = [
  "aix",
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
];
const processors = [
  "arm",
  "arm64",
  "ia32",
  "loong64",
  "mips64el",
  "ppc64",
  "riscv64",
  "s390x",
  "wasm32",
  "x64",
];

const path = new URL("../package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(path, "utf8"));
for (const parent of Object.values(lock.packages)) {
  for (const [name, range] of Object.entries(parent.optionalDependencies ?? {})) {
    const words = name.split(/[/-]/);
    lock.packages[`node_modules/${name}`] ??= {
      version: range.replace(/^[~^]/, ""),
      ...named("cpu", processors, words),
      ...(parent.dev && { dev: true }),
      optional: true,
      ...named("os", systems, words),
    };
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);

/** The part of a package's name that says what it runs on; fsevents is for macOS without saying so. */
function named(key, known, words) {
  const found = words.flatMap((word) => known.find((one) => word.replace(/eabi(hf)?$/, "") === one) ?? []);
  if (key === "os" && words.includes("fsevents")) found.push("darwin");
  return found.length > 0 ? { [key]: found } : {};
}
