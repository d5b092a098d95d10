import { dirname } from "node:path/posix";
import type { BootEntry } from "../../../shared/library/iso-facts.ts";
import { stripControls } from "../../../shared/text/strip-controls.ts";
import type { IsoFile } from "../file-system/iso-file.ts";
import type { IsoTree } from "../file-system/iso-tree.ts";
import { readGrubMenu } from "./grub-config.ts";
import { kernelHeadBytes, readKernelHeader } from "./linux-kernel.ts";
import type { MenuEntry, ReadConfig } from "./menu-entry.ts";
import { readSyslinuxMenu } from "./syslinux-config.ts";

/** The paths at which the boot loaders themselves look, and those that distributions use. */
const syslinuxConfigs = [
  "/boot/isolinux/isolinux.cfg",
  "/isolinux/isolinux.cfg",
  "/isolinux.cfg",
  "/boot/syslinux/isolinux.cfg",
  "/syslinux/isolinux.cfg",
  "/boot/syslinux/syslinux.cfg",
  "/syslinux/syslinux.cfg",
  "/syslinux.cfg",
  "/boot/x86_64/loader/isolinux.cfg",
];
const grubConfigs = [
  "/boot/grub/grub.cfg",
  "/boot/grub2/grub.cfg",
  "/EFI/BOOT/grub.cfg",
  "/boot/grub/loopback.cfg",
  "/grub/grub.cfg",
];
/** Configurations and entries of one ISO, and RAM disks of an entry: real ones have a dozen, some fifty, and up to three. */
const maxConfigs = 64;
const maxEntries = 200;
const maxInitrds = 16;
/** Characters of all configurations of one ISO together. */
const maxCharacters = 2 * 1024 ** 2;

/** Finds the Linux kernels that the boot loaders of an ISO offer. Entries that boot the same are one. */
export async function findBootEntries(file: IsoFile, tree: IsoTree): Promise<readonly BootEntry[]> {
  const known = new Set<string>();
  let characters = 0;
  const read: ReadConfig = async (path) => {
    if (known.has(path) || known.size >= maxConfigs) return undefined;
    known.add(path);
    const text = await tree.readText(path).catch(() => undefined);
    characters += text?.length ?? 0;
    return characters > maxCharacters ? undefined : text;
  };
  const found: MenuEntry[] = [];
  for (const path of syslinuxConfigs) {
    const text = await read(path);
    if (text !== undefined) found.push(...(await readSyslinuxMenu(text, dirname(path), read)));
  }
  for (const path of grubConfigs) {
    const text = await read(path);
    if (text !== undefined) found.push(...(await readGrubMenu(text, read)));
  }
  const kernels = new Map<string, boolean>();
  const entries = new Map<string, BootEntry>();
  for (const entry of found.slice(0, maxEntries)) {
    const { kernel, initrds, parameters, isDefault } = entry;
    const isKernel = kernels.get(kernel) ?? (await isLinux(kernel, file, tree));
    kernels.set(kernel, isKernel);
    const key = JSON.stringify([kernel, initrds, parameters]);
    if (!isKernel || entries.has(key) || !(await haveAll(initrds, tree))) continue;
    const hasDefault = [...entries.values()].some((one) => one.isDefault);
    entries.set(key, {
      ...{ kernel, parameters, initrds: [...initrds] },
      title: uniqueTitle(stripControls(entry.title).trim() || kernel, [...entries.values()]),
      isDefault: isDefault && !hasDefault,
    });
  }
  return [...entries.values()];
}

async function isLinux(path: string, file: IsoFile, tree: IsoTree): Promise<boolean> {
  const entry = await tree.find(path);
  if (!entry) return false;
  const head = await file.read(entry.offset, Math.min(entry.size, kernelHeadBytes));
  return readKernelHeader(head) !== undefined;
}

async function haveAll(paths: readonly string[], tree: IsoTree): Promise<boolean> {
  if (paths.length > maxInitrds) return false;
  for (const path of paths) if (!(await tree.find(path))) return false;
  return true;
}

/** A title that no entry before has: the same one is often in several menus. */
function uniqueTitle(title: string, before: readonly BootEntry[]): string {
  const isTaken = (one: string) => before.some((entry) => entry.title === one);
  let unique = title;
  for (let number = 2; isTaken(unique); number++) unique = `${title} (${number})`;
  return unique;
}
