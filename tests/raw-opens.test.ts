import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

// A plain open never returns at a named pipe, and reads devices without end. Paths that a person, an image set or a
// folder names are opened by core/files/regular-file.ts alone; who else opens files is listed here, with the reason.

const project = resolve(import.meta.dirname, "..");
const openers = [
  "open",
  "openSync",
  "openAsBlob",
  "readFile",
  "readFileSync",
  "createReadStream",
  "copyFile",
  "copyFileSync",
  "cp",
  "cpSync",
];

const allowed: Readonly<Record<string, string>> = {
  "core/files/regular-file.ts": "it checks what it opens",
  "core/files/text-file.ts": "reads from a descriptor of regular-file.ts",
  "core/files/locks/file-lock.ts": "opens without waiting, and reads from a descriptor",
  "core/files/locks/brief-lock.ts": "opens folders only",
  "core/files/writing/replace-file.ts": "makes a new file, and opens its folder",
  "core/files/writing/temporary-file.ts": "makes new files, and opens leftovers without waiting",
  "core/files/writing/name-new-file.ts": "makes a new file",
  "core/files/logs/log-file.ts": "makes a log in a session's own folder",
  "core/network/fetching/partial-download.ts": "opens for reading and writing, which does not wait",
  "core/files/writing/partial-file.ts": "opens what temporary-file.ts has just made",
  "core/image/archive/partial-folder.ts": "opens a folder that was found to be one",
  "core/image/archive/open-image.ts": "copies layers that it has made, or extract-archive.ts",
  "core/image/archive/extract-archive.ts": "makes new files",
  "core/image/disk/disk-image.ts": "makes a new file",
  "core/file-systems/compressed/spill-file.ts": "makes a new file",
  "core/image/archive/pack-archive.ts": "reads the layer that qemu-img has just made",
  "core/iso/boot/iso-kernel.ts": "makes new files",
  "core/iso/built-iso.ts": "copies the ISO that it has just checked",
  "core/session-record/session-log.ts": "makes a new file",
  "core/session/host-terminal/host-terminal.ts": "makes a log in a session's own folder",
  "core/install-recorder/live/cast-file.ts": "makes a file in a session's own folder",
  "core/install-recorder/live/live-script.ts": "reads the file that cast-file.ts has made",
  "core/recording/write-recording.ts": "copies pictures that it has found to be regular files",
  "core/qemu/text-screen/text-screen.ts": "reads files that QEMU has just made",
  "core/qemu/process/screenshot.ts": "reads the picture that QEMU has just made",
  "core/vm/record-screen.ts": "reads the picture that QEMU has just made",
  "core/builder/working-disk.ts": "copies files that open-image.ts has made",
  "core/builder/replace-guest-tools.ts": "copies guest tools that were checked before",
  "core/vm/save-screenshot.ts": "copies the picture that QEMU has just made",
  "core/session/client/start-session.ts": "makes a file in a new folder",
  "core/image-set/create-image-set.ts": "copies Tinsmith's own image sets",
  "core/storage/installation.ts": "reads and copies what is installed",
  "core/site/site-file.ts": "serves the window's own files",
  "core/doctor/go.ts": "reads the go.mod of the guest tools",
  "core/qemu/keyboard/keyboard-layout.ts": "reads QEMU's own keymaps",
  "core/qemu/process/saved-state.ts": "makes and reads a file in a folder of Tinsmith's own",
  "core/states/settled-guest.ts": "reads the picture that QEMU has just made",
  "core/states/state-key.ts": "reads /proc",
  "core/builder/warm/restored-cd.ts": "writes into the ISO that it has just made",
  "cli/commands/images/record.ts": "copies the recording of its own session",
  "cli/commands/images/verify-warm.ts": "copies the archive that it has just built",
  "core/scenario/save/saved-shell.ts": "reads what openRegularFileSync has opened",
  "core/scenario/perform-action.ts": "reads the file that get-artifact.ts has just made",
  "core/accelerator/accelerator.ts": "reads /proc",
  "core/qemu/hardware/known-qemu.ts": "reads /proc",
  "core/accelerator/kvm-advice.ts": "reads /proc",
  "core/qemu/arguments/resources.ts": "reads /proc and /sys",
  "core/process/own-processes.ts": "reads /proc",
  "core/process/port-owner.ts": "reads /proc",
  "core/process/process-tree.ts": "reads /proc",
  "core/files/locks/file-holder.ts": "reads /proc",
  "core/session/host-terminal/input-watch.ts": "reads /proc",
};

function sources(): readonly string[] {
  return ["core", "cli", "electron"].flatMap((folder) =>
    readdirSync(join(project, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.ts$/.test(name) && !/(\.test|test-[\w-]+)\.ts$/.test(name))
      .map((name) => `${folder}/${name}`),
  );
}

/** The functions of Node that a source uses to open files. */
function openersIn(text: string): readonly string[] {
  const imports = [...text.matchAll(/import\s+(?:type\s+)?([^;]*?)\s+from\s+"(?:node:)?fs(?:\/promises)?"/g)];
  return imports.flatMap(([, names = ""]) =>
    names.includes("{") ? openers.filter((opener) => new RegExp(`[{,\\s]${opener}\\b`).test(names)) : [names],
  );
}

test("imports that can open a file are seen, however they are written", () => {
  expect(openersIn('import { type FileHandle, open } from "node:fs/promises";')).toEqual(["open"]);
  expect(openersIn('import {\n  closeSync,\n  readFileSync as read,\n} from "node:fs";')).toEqual([
    "readFileSync",
  ]);
  expect(openersIn('import * as fs from "fs";')).toEqual(["* as fs"]);
  expect(openersIn('import { opendir, openSyncless, rm } from "node:fs";')).toEqual([]);
});

test("no source opens files by itself, but those that are listed", () => {
  const found = sources().filter((path) => openersIn(readFileSync(join(project, path), "utf8")).length > 0);
  expect(found.sort()).toEqual(Object.keys(allowed).sort());
});
