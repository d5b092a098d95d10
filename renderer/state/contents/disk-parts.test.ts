import { expect, test } from "vitest";
import type { FolderContent } from "../../../shared/contents/folder-content.ts";
import { describePartType, findPart } from "./disk-parts.ts";

test("a partition is known by its path, on a disk in an image or alone", () => {
  const part = { offset: 512, size: 1024, name: "partition1", type: "Linux" };
  const disk: FolderContent = {
    entries: [],
    isCut: false,
    system: { format: "MBR", label: "", notes: [] },
    parts: [{ offset: 0, size: 512 }, part],
  };
  const folders = new Map([["/disk.img", { content: disk }]]);
  expect(findPart({ folders }, "/disk.img/partition1")).toBe(part);
  expect(findPart({ folders }, "/disk.img/partition1/etc")).toBeUndefined();
  expect(findPart({ folders: new Map([["/", { content: disk }]]) }, "/partition1")).toBe(part);
});

test("the file system that is in a partition is named in place of a type that only guesses it", () => {
  const named = (type: string | undefined, format?: string) =>
    describePartType({ ...(type && { type }) }, format === undefined ? undefined : { format });
  expect(named("Hidden NTFS or exFAT", "ISO 9660")).toBe("ISO 9660");
  expect(named("Linux", "ext4")).toBe("ext4");
  expect(named("EFI system", "FAT16")).toBe("EFI system");
  expect(named("Linux swap")).toBe("Linux swap");
  expect(named(undefined)).toBeUndefined();
});
