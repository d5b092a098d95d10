/**
 * A program for an otherwise empty PC, in place of its firmware: it does what every boot needs of a processor (real
 * mode, protected mode, `iret`, string instructions, `cpuid`, paging, code in RAM), then ends QEMU through
 * `isa-debug-exit` with status 85. A KVM that can't do one of these stops on the way.
 */

const romSize = 0x10000;
/** The address at which a PC maps the ROM. */
const romBase = 0xf0000;

/** Offsets in the ROM. */
const place = {
  realMode: 0x000,
  protectedMode: 0x040,
  afterReturn: 0x080,
  paged: 0x100,
  segments: 0x200,
  segmentsPointer: 0x240,
  /** The address at which a processor starts: 16 bytes below the end. */
  reset: 0xfff0,
};

/** Addresses in RAM. */
const pageDirectory = 0x1000;
const pagedCode = 0x7000;
const stackTop = 0x8000;

/** Selects a segment: its offset in the table. */
const codeSegment = 0x08;
const dataSegment = 0x10;

/** Port of `isa-debug-exit`; QEMU exits with twice what is written there, plus 1. */
export const exitPort = 0xf4;
const exitValue = 0x2a;
export const goodExitStatus = exitValue * 2 + 1;

/** One instruction a line, in the AT&T assembler's words. */
type Code = readonly (readonly number[])[];

const realMode: Code = [
  [0xfa], // cli
  [0x2e, 0x66, 0x0f, 0x01, 0x16, ...word(place.segmentsPointer)], // lgdtl %cs:segmentsPointer
  [0x0f, 0x20, 0xc0], // mov %cr0, %eax
  [0x0c, 0x01], // or $1, %al: protection on
  [0x0f, 0x22, 0xc0], // mov %eax, %cr0
  [0x66, 0xea, ...long(romBase + place.protectedMode), ...word(codeSegment)], // ljmpl to protectedMode
];

const protectedMode: Code = [
  [0x66, 0xb8, ...word(dataSegment)], // mov $dataSegment, %ax
  [0x8e, 0xd8], // mov %ax, %ds
  [0x8e, 0xc0], // mov %ax, %es
  [0x8e, 0xd0], // mov %ax, %ss
  [0xbc, ...long(stackTop)], // mov $stackTop, %esp
  ...returnTo(romBase + place.afterReturn),
];

/** "Returns" from an interrupt that never was: a KVM that has to emulate this instruction may fail on it. */
function returnTo(address: number): Code {
  return [
    [0x9c], // pushf
    [0x6a, codeSegment], // push $codeSegment
    [0x68, ...long(address)], // push $address
    [0xcf], // iret
  ];
}

const pagingOn: Code = [
  [0x0f, 0x20, 0xc0], // mov %cr0, %eax
  [0x0d, ...long(0x8000_0000)], // or $0x80000000, %eax: paging on
  [0x0f, 0x22, 0xc0], // mov %eax, %cr0
  [0xeb, 0x00], // jmp to the next instruction
];
const returnLength = returnTo(0).flat().length;
const paged: Code = [
  ...pagingOn,
  ...returnTo(pagedCode + pagingOn.flat().length + returnLength),
  [0xb0, exitValue], // mov $exitValue, %al
  [0xe6, exitPort], // out %al, $exitPort
  [0xf4], // hlt
];

const afterReturn: Code = [
  [0x60], // pusha
  [0xbf, ...long(pageDirectory)], // mov $pageDirectory, %edi
  [0xb9, ...long(1024)], // mov $1024, %ecx
  [0x31, 0xc0], // xor %eax, %eax
  [0xfc], // cld
  [0xf3, 0xab], // rep stosl: clears the page directory
  [0x61], // popa
  [0x31, 0xc0], // xor %eax, %eax
  [0x0f, 0xa2], // cpuid
  [0x0f, 0x20, 0xe0], // mov %cr4, %eax
  [0x83, 0xc8, 0x10], // or $0x10, %eax: pages of 4 MiB on
  [0x0f, 0x22, 0xe0], // mov %eax, %cr4
  [0xc7, 0x05, ...long(pageDirectory), ...long(0x83)], // movl $0x83, pageDirectory: the first 4 MiB, writable
  [0xb8, ...long(pageDirectory)], // mov $pageDirectory, %eax
  [0x0f, 0x22, 0xd8], // mov %eax, %cr3
  [0xbe, ...long(romBase + place.paged)], // mov $paged, %esi
  [0xbf, ...long(pagedCode)], // mov $pagedCode, %edi
  [0xb9, ...long(paged.flat().length)], // mov $length of paged, %ecx
  [0xf3, 0xa4], // rep movsb: copies paged to RAM
  [0xb8, ...long(pagedCode)], // mov $pagedCode, %eax
  [0xff, 0xe0], // jmp *%eax
];

/** Both segments are all 4 GiB of memory; the first entry is unused by definition. */
const segments = [
  ...[0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00],
  ...[0xff, 0xff, 0x00, 0x00, 0x00, 0x9b, 0xcf, 0x00], // codeSegment
  ...[0xff, 0xff, 0x00, 0x00, 0x00, 0x93, 0xcf, 0x00], // dataSegment
];
const segmentsPointer = [...word(segments.length - 1), ...long(romBase + place.segments)];

const reset: Code = [
  [0xea, ...word(place.realMode), ...word(romBase >> 4)], // ljmp to realMode
];

/** The program as a ROM of 64 KiB, for QEMU's `-bios`. */
export function probeRom(): Uint8Array {
  const rom = new Uint8Array(romSize);
  rom.set(realMode.flat(), place.realMode);
  rom.set(protectedMode.flat(), place.protectedMode);
  rom.set(afterReturn.flat(), place.afterReturn);
  rom.set(paged.flat(), place.paged);
  rom.set(segments, place.segments);
  rom.set(segmentsPointer, place.segmentsPointer);
  rom.set(reset.flat(), place.reset);
  return rom;
}

/** Two bytes, the lower one first. */
function word(value: number): number[] {
  return [value & 0xff, (value >> 8) & 0xff];
}

/** Four bytes, the lowest one first. */
function long(value: number): number[] {
  return [...word(value), ...word(value >> 16)];
}
