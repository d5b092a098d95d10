import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import electron from "electron/package.json" with { type: "json" };

/** The mark of the place of the fuses in Electron's binary: @electron/fuses looks for it. */
const sentinel = "dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX";
const fuseVersion = 1;

/**
 * Makes a folder that stands in for an unpacked Electron if that is not available: the files that electron-builder
 * asks for. Its binary has the fuses as Electron's does, and only prints its name.
 *
 * @param fuses each "0" or "1", in their order: off and on, as Electron comes
 */
export function makeStandInElectron(folder: string, fuses = "101100111"): void {
  mkdirSync(join(folder, "resources"), { recursive: true });
  mkdirSync(join(folder, "locales"));
  const script = "#!/bin/sh\necho 'This stands in for Electron, and is none.' >&2\nexit 1\n";
  const wire = Buffer.concat([
    Buffer.from(sentinel, "latin1"),
    Buffer.from([fuseVersion, fuses.length]),
    Buffer.from(fuses, "latin1"),
  ]);
  writeFileSync(join(folder, "electron"), Buffer.concat([Buffer.from(script), wire, Buffer.from("\n")]));
  chmodSync(join(folder, "electron"), 0o755);
  writeFileSync(join(folder, "chrome-sandbox"), "");
  writeFileSync(join(folder, "locales/en-US.pak"), "");
  writeFileSync(join(folder, "version"), electron.version);
  for (const name of ["LICENSE", "LICENSES.chromium.html"])
    writeFileSync(join(folder, name), `${name} of Electron\n`);
}
