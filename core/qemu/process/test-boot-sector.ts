/** For tests: what a BIOS boots, from disk or CD; it writes the disk's second sector, and powers the machine off. */
export const writingGuest: readonly number[] = [
  ...[0xb8, 0x01, 0x03], // mov ax, 0x0301: write one sector
  ...[0xb9, 0x02, 0x00], // mov cx, 2: the second of cylinder 0
  ...[0xba, 0x80, 0x00], // mov dx, 0x80: of the first disk
  ...[0xbb, 0x00, 0x7c], // mov bx, 0x7c00: from here
  ...[0xcd, 0x13], // int 0x13
  ...[0xba, 0x04, 0x06], // mov dx, 0x604: the port of the machine's power management
  ...[0xb8, 0x00, 0x20], // mov ax, 0x2000: off
  ...[0xef, 0xf4], // out dx, ax; hlt
];
