import type { PartitionType } from "./partition-table.ts";

/** Names of the types of an MBR that disks still have. */
const mbrNames: Readonly<Record<number, string>> = {
  1: "FAT12",
  4: "FAT16",
  5: "Extended",
  6: "FAT16",
  7: "NTFS or exFAT",
  11: "FAT32",
  12: "FAT32",
  14: "FAT16",
  15: "Extended",
  17: "Hidden FAT12",
  20: "Hidden FAT16",
  22: "Hidden FAT16",
  23: "Hidden NTFS or exFAT",
  27: "Hidden FAT32",
  28: "Hidden FAT32",
  30: "Hidden FAT16",
  39: "Windows recovery",
  65: "PowerPC PReP boot",
  129: "Minix",
  130: "Linux swap",
  131: "Linux",
  133: "Extended",
  142: "Linux LVM",
  165: "FreeBSD",
  166: "OpenBSD",
  168: "Apple UFS",
  169: "NetBSD",
  171: "Apple boot",
  175: "Apple HFS+",
  218: "Data without a file system",
  234: "Linux extended boot",
  235: "BeOS",
  238: "GPT",
  239: "EFI system",
  251: "VMware VMFS",
  253: "Linux RAID",
};

/** Names of the types of a GPT. */
const gptNames: Readonly<Record<string, string>> = {
  "C12A7328-F81F-11D2-BA4B-00A0C93EC93B": "EFI system",
  "21686148-6449-6E6F-744E-656564454649": "BIOS boot",
  "9E1A2D38-C612-4316-AA26-8B49521E5A8B": "PowerPC PReP boot",
  "0FC63DAF-8483-4772-8E79-3D69D8477DE4": "Linux",
  "0657FD6D-A4AB-43C4-84E5-0933C84B4F4F": "Linux swap",
  "E6D6D379-F507-44C2-A23C-238F2A3DF928": "Linux LVM",
  "A19D880F-05FC-4D3B-A006-743F0F84911E": "Linux RAID",
  "CA7D7CCB-63ED-4C53-861C-1742536059CC": "Linux LUKS",
  "933AC7E1-2EB4-4F13-B844-0E14E2AEF915": "Linux home",
  "3B8F8425-20E0-4F3B-907F-1A25A76F98E8": "Linux server data",
  "4D21B016-B534-45C2-A9FB-5C16E091FD2D": "Linux variable data",
  "8DA63339-0007-60C0-C436-083AC8230908": "Linux reserved",
  "BC13C2FF-59E6-4262-A352-B275FD6F7172": "Linux extended boot",
  "44479540-F297-41B2-9AF7-D131D5F0458A": "Linux root (x86)",
  "4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709": "Linux root (x86-64)",
  "69DAD710-2CE4-4E3C-B16C-21A1D49ABED3": "Linux root (ARM)",
  "B921B045-1DF0-41C3-AF44-4C6F280D3FAE": "Linux root (ARM64)",
  "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7": "Microsoft basic data",
  "E3C9E316-0B5C-4DB8-817D-F92DF00215AE": "Microsoft reserved",
  "DE94BBA4-06D1-4D40-A16A-BFD50179D6AC": "Windows recovery",
  "48465300-0000-11AA-AA11-00306543ECAC": "Apple HFS+",
  "7C3457EF-0000-11AA-AA11-00306543ECAC": "Apple APFS",
  "83BD6B9D-7F41-11DC-BE0B-001560B84F0F": "FreeBSD boot",
  "516E7CB4-6ECF-11D6-8FF8-00022D09712B": "FreeBSD",
  "516E7CB5-6ECF-11D6-8FF8-00022D09712B": "FreeBSD swap",
  "516E7CB6-6ECF-11D6-8FF8-00022D09712B": "FreeBSD UFS",
  "516E7CBA-6ECF-11D6-8FF8-00022D09712B": "FreeBSD ZFS",
  "49F48D5A-B10E-11DC-B99B-0019D1879648": "NetBSD",
  "824CC7A0-36A8-11E3-890A-952519AD3F61": "OpenBSD",
};

/** The type of an MBR's partition. */
export function mbrType(type: number): PartitionType {
  return {
    name: mbrNames[type] ?? "Unknown type",
    code: `0x${type.toString(16).padStart(2, "0")}`,
  };
}

/** The type of a GPT's partition. @param guid in capitals */
export function gptType(guid: string): PartitionType {
  return { name: gptNames[guid] ?? "Unknown type", code: guid };
}
