import type { Stats } from "node:fs";
import { expect, test, vi } from "vitest";
import { cdRomArguments } from "./block-arguments.ts";

vi.mock("../../files/regular-file.ts", () => ({
  statusOf: (path: string) => ({ isBlockDevice: () => path === "/dev/sr0" }) as Stats,
}));

test.each([
  ["/iso/boot.iso", "file"],
  ["/dev/sr0", "host_device"],
])("a CD of %s is opened by QEMU's driver %s, and only read", (bootIso, driver) => {
  const [, blockdev] = cdRomArguments({ bootIso });
  expect(blockdev).toContain(`file.driver=${driver},file.filename=${bootIso}`);
  expect(blockdev).toContain("read-only=on");
});
