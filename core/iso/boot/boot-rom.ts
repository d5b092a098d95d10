/** The segment that the kernel's real-mode code is copied to, with its parameters behind it: 64 KiB. */
const segment = 0x1000;
/** The offset in that segment at which the stack ends, and the parameters begin. */
export const stackEnd = 0xe000;
/** Bytes of the segment. */
export const segmentBytes = 0x10000;

const romBytes = 512;
const pnpAt = 0x20;
const codeAt = 0x40;
const tableAt = 0x80;
const nameAt = 0xb0;

/**
 * Makes an option ROM that starts a Linux kernel which is in memory already: the BIOS runs it as one of its boot devices,
 * after those that come before it in the boot order. It copies a segment to low memory, and jumps to the kernel's
 * real-mode entry in it (the kernel's boot.rst, "Running the Kernel").
 *
 * The header is from the BIOS Boot Specification 1.01 (3.3, Appendix A) and the PnP BIOS Specification 1.0A
 * (3.2); interrupt 15h, function 87h, moves a block of memory by a table of descriptors.
 *
 * @param source the address of the segment, below 4 GiB
 * @param name the name of the boot device, in ASCII
 */
export function makeBootRom(source: number, name: string): Buffer {
  const rom = Buffer.alloc(romBytes);
  // The signature, the length in units of 512 bytes, and a start that does nothing: retf.
  rom.set([0x55, 0xaa, romBytes / 512, 0xcb]);
  rom.writeUInt16LE(pnpAt, 0x1a);
  rom.write("$PnP", pnpAt, "latin1");
  // Its version, and its length in units of 16 bytes.
  rom.set([1, 2], pnpAt + 4);
  rom.writeUInt16LE(nameAt, pnpAt + 0x10);
  // Mass storage; then the entry that boots.
  rom[pnpAt + 0x12] = 1;
  rom.writeUInt16LE(codeAt, pnpAt + 0x1a);
  rom[pnpAt + 9] = checksum(rom.subarray(pnpAt, pnpAt + 0x20));
  rom.set(code, codeAt);
  rom.set(moveTable(source), tableAt);
  rom.write(name.slice(0, romBytes - nameAt - 2), nameAt, "latin1");
  rom[romBytes - 1] = checksum(rom);
  return rom;
}

const [low, high] = [(value: number) => value & 0xff, (value: number) => value >> 8];

/** Real-mode code for an 8086 and later. The BIOS writes to the table, so that it must be in memory: here at 0:7000. */
const code: readonly number[] = [
  0xfa, // cli
  0xfc, // cld
  ...[0x31, 0xc0], // xor ax, ax
  ...[0x8e, 0xd0], // mov ss, ax
  ...[0xbc, 0x00, 0x7c], // mov sp, 0x7c00
  ...[0x8e, 0xc0], // mov es, ax
  ...[0xbf, 0x00, 0x70], // mov di, 0x7000
  0x57, // push di
  0x0e, // push cs
  0x1f, // pop ds
  ...[0xbe, low(tableAt), high(tableAt)], // mov si, tableAt
  ...[0xb9, 0x18, 0x00], // mov cx, 24
  ...[0xf3, 0xa5], // rep movsw: copies the table
  0x5e, // pop si
  ...[0xb9, 0x00, 0x80], // mov cx, 0x8000: words to move
  ...[0xb4, 0x87], // mov ah, 0x87
  0xfb, // sti
  ...[0xcd, 0x15], // int 0x15: moves the segment
  ...[0x72, 0x16], // jc to the last instruction
  0xfa, // cli
  ...[0xb8, low(segment), high(segment)], // mov ax, segment
  ...[0x8e, 0xd8], // mov ds, ax
  ...[0x8e, 0xc0], // mov es, ax
  ...[0x8e, 0xe0], // mov fs, ax
  ...[0x8e, 0xe8], // mov gs, ax
  ...[0x8e, 0xd0], // mov ss, ax
  ...[0xbc, low(stackEnd), high(stackEnd)], // mov sp, stackEnd
  ...[0xea, 0x00, 0x00, low(segment + 0x20), high(segment + 0x20)], // jmp segment + 0x20 : 0
  ...[0xcd, 0x18], // int 0x18: the next boot device
];

/** The six descriptors of function 87h: only those of the source and the target are filled in. */
function moveTable(source: number): Buffer {
  const table = Buffer.alloc(48);
  for (const [at, address] of [
    [16, source],
    [24, segment * 16],
  ] as const) {
    // The limit, the address in two parts around the access rights of writable data.
    table.writeUInt16LE(0xffff, at);
    table.writeUInt32LE(address, at + 2);
    table[at + 7] = table[at + 5] ?? 0;
    table[at + 5] = 0x93;
  }
  return table;
}

/** The byte that makes the sum of all bytes zero. */
function checksum(bytes: Buffer): number {
  return -bytes.reduce((sum, byte) => sum + byte, 0) & 0xff;
}
