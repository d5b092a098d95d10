import { expect, test } from "vitest";
import { readSyslinuxMenu } from "./syslinux-config.ts";

async function read(text: string, others: Readonly<Record<string, string>> = {}) {
  const left = { ...others };
  return await readSyslinuxMenu(text, "/isolinux", async (path) => {
    const content = left[path];
    delete left[path];
    return content;
  });
}

test("each label with a kernel is an entry; paths begin at the folder of the configuration", async () => {
  const menu = await read(`
DEFAULT install
APPEND quiet
LABEL install
  MENU LABEL ^Graphical install
  KERNEL linux
  INITRD /boot/a.gz,b.gz
LABEL rescue
  linux /boot/vmlinuz
  append initrd=c.gz,/d.gz rescue/enable=true --- 
label clean
  kernel k
  append -
label disk
  localboot 0x80
`);
  expect(menu).toEqual([
    {
      title: "Graphical install",
      kernel: "/isolinux/linux",
      initrds: ["/boot/a.gz", "/isolinux/b.gz"],
      parameters: "quiet",
      isDefault: true,
    },
    {
      title: "rescue",
      kernel: "/boot/vmlinuz",
      initrds: ["/isolinux/c.gz", "/d.gz"],
      parameters: "rescue/enable=true ---",
      isDefault: false,
    },
    { title: "clean", kernel: "/isolinux/k", initrds: [], parameters: "", isDefault: false },
  ]);
});

test("included files are read where they are included, menus in menus are named, and help is not read", async () => {
  const menu = await read("path\ninclude menu.cfg\ndefault vesamenu.c32\n", {
    "/isolinux/menu.cfg": `
menu include /isolinux/std.cfg Standard
text help
label not-one
endtext
menu begin advanced
  menu label ^Advanced options
  menu title Advanced options
  label expert
    menu label ^Expert install
    menu default
    kernel /vmlinuz
menu end
label auto
  kernel /vmlinuz
`,
    "/isolinux/std.cfg": "label first\nkernel /first\n",
  });
  expect(menu.map(({ title, isDefault }) => [title, isDefault])).toEqual([
    ["first", false],
    ["Advanced options > Expert install", true],
    ["auto", false],
  ]);
});

test("without a default, the entry that boots after the time-out is the default", async () => {
  const menu = await read("ontimeout b\nlabel a\nkernel /k\nlabel b\nkernel /k\n");
  expect(menu.map(({ isDefault }) => isDefault)).toEqual([false, true]);
});
