/** The stages of a boot that the serial console tells of, in their order. Before the first one is the firmware's. */
export const bootStages = ["loader", "kernel", "userland"] as const;
export type BootStage = (typeof bootStages)[number];

/** Signs of the beginning of each stage in a line of the serial console. */
const signs: readonly (readonly [stage: BootStage, pattern: RegExp])[] = [
  [
    "loader",
    /^\s*(?:ISOLINUX|SYSLINUX|EXTLINUX|PXELINUX|(?:GNU )?GRUB\b|Welcome to GRUB|LILO\b|Booting from )|^Loading \S*(?:vmlinuz|bzImage|kernel)/i,
  ],
  [
    "kernel",
    /^(?:\[\s*0\.\d{6}\] )?(?:Linux version |Decompressing Linux|Booting the kernel)|^\[\s*0\.\d{6}\] /,
  ],
  [
    "userland",
    /^(?:\[\s*\d+\.\d{6}\] )?(?:Run \S+ as init process|systemd\[1\]: |Freeing (?:unused|initrd) )|^(?:init|INIT): |^BusyBox v.* shell|^Welcome to (?!GRUB)|\blogin: $/,
  ],
];

/** The stage of a boot that a line of the serial console begins, if it is one that this can tell. */
export function stageOfLine(line: string): BootStage | undefined {
  return signs.findLast(([, pattern]) => pattern.test(line))?.[0];
}
