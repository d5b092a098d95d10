/** Endings of the names of files that hold files: archives, compressed or not, file systems, disks. */
const endings =
  /\.(tar|tgz|txz|tzst|tbz2?|gz|xz|zst|lz4|bz2|cpio|tcz|squashfs|sqfs|sfs|iso|img|raw|qcow2|ext[234]|fat|vfat)$/i;
/** The usual names of the file system that a kernel starts with. */
const initrd = /^init(rd|ramfs)/i;

/** Tinsmith's names for the parts of a disk. */
const partition = /^partition\d+$/;

/** Whether a file of that name is likely to hold files: its content decides. */
export function mayHoldFiles(name: string): boolean {
  return endings.test(name) || initrd.test(name) || partition.test(name);
}
