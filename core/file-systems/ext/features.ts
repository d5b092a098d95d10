/** The features of an ext file system, as the three bit masks of its superblock. */
export interface Features {
  readonly compatible: number;
  readonly incompatible: number;
  readonly readOnly: number;
}

/** Bits of features that a writer may ignore. */
const compatible = { has_journal: 0x4, sparse_super2: 0x200 } as const;

/** Bits of features without which nobody can read the file system. The names are those of `mke2fs -O`. */
const incompatible = {
  compression: 0x1,
  filetype: 0x2,
  needs_recovery: 0x4,
  journal_dev: 0x8,
  meta_bg: 0x10,
  extent: 0x40,
  "64bit": 0x80,
  mmp: 0x100,
  flex_bg: 0x200,
  ea_inode: 0x400,
  dirdata: 0x1000,
  metadata_csum_seed: 0x2000,
  large_dir: 0x4000,
  inline_data: 0x8000,
  encrypt: 0x10000,
  casefold: 0x20000,
} as const;

/** Bits of features that a reader may ignore, but for those that change the meaning of a field. */
const readOnly = { sparse_super: 0x1, large_file: 0x2, btree_dir: 0x4, huge_file: 0x8 } as const;

/** Features that this reader doesn't know: compressed files, a journal by itself, folders of Lustre. */
const unreadable: readonly (keyof typeof incompatible)[] = ["compression", "journal_dev", "dirdata"];

/** Whether a file system has an incompatible feature. */
export function hasFeature(features: Features, name: keyof typeof incompatible): boolean {
  return (features.incompatible & incompatible[name]) !== 0;
}

/** Whether it has only two copies of the superblock. */
export function hasTwoBackups(features: Features): boolean {
  return (features.compatible & compatible.sparse_super2) !== 0;
}

/** Whether the copies of the superblock are only in some groups. */
export function hasFewBackups(features: Features): boolean {
  return (features.readOnly & readOnly.sparse_super) !== 0;
}

/** Whether the counts of blocks in inodes have 48 bits. */
export function hasHugeFiles(features: Features): boolean {
  return (features.readOnly & readOnly.huge_file) !== 0;
}

/** The names of the features without which the file system can't be read, and that this reader doesn't know. */
export function unreadableFeatures({ incompatible: bits }: Features): readonly string[] {
  const names: string[] = [];
  for (let bit = 0; bit < 32; bit++) {
    const mask = (1 << bit) >>> 0;
    if ((bits & mask) === 0) continue;
    const known = (Object.keys(incompatible) as (keyof typeof incompatible)[]).find(
      (name) => incompatible[name] === mask,
    );
    // An unknown one has the name that debugfs prints.
    if (!known) names.push(`FEATURE_I${bit}`);
    else if (unreadable.includes(known)) names.push(known);
  }
  return names;
}

/** The name of the file system: the oldest version that knows all of its features, as blkid has it. */
export function formatOf(features: Features): "ext2" | "ext3" | "ext4" {
  const oldIncompatible =
    incompatible.filetype | incompatible.needs_recovery | incompatible.meta_bg | incompatible.journal_dev;
  const oldReadOnly = readOnly.sparse_super | readOnly.large_file | readOnly.btree_dir;
  if ((features.incompatible & ~oldIncompatible) !== 0 || (features.readOnly & ~oldReadOnly) !== 0)
    return "ext4";
  return (features.compatible & compatible.has_journal) !== 0 ? "ext3" : "ext2";
}
