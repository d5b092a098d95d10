import { expect, test } from "vitest";
import { readGrubMenu } from "./grub-config.ts";

async function read(text: string, others: Readonly<Record<string, string>> = {}) {
  return await readGrubMenu(text, async (path) => others[path]);
}

test("each menuentry with a kernel is an entry, also in branches and in menus", async () => {
  const menu = await read(`
set default="1"
if [ "$grub_platform" = "efi" ]; then
  menuentry 'UEFI \\ install' --class debian { # a comment
    set gfxpayload=keep
    linuxefi ($root)/install.amd/vmlinuz vga=788 --- quiet
    initrdefi /install.amd/initrd.gz /extra.gz
  }
fi
submenu "More" {
  menuentry "Say \\"hi\\"" {
    linux /vmlinuz file=\${prefix}/a 'with space' \\
      last
  }
}
menuentry 'Next disk' {
  chainloader +1
}
`);
  expect(menu).toEqual([
    {
      title: "UEFI \\ install",
      kernel: "/install.amd/vmlinuz",
      initrds: ["/install.amd/initrd.gz", "/extra.gz"],
      // Variables stay as they are.
      parameters: "vga=788 --- quiet",
      isDefault: false,
    },
    {
      title: 'More > Say "hi"',
      kernel: "/vmlinuz",
      initrds: [],
      parameters: `file=\${prefix}/a "with space" last`,
      isDefault: true,
    },
  ]);
});

test("a sourced file is read, and the default may be named by its title", async () => {
  const menu = await read("source /boot/grub/more.cfg\nset default='B'\n", {
    "/boot/grub/more.cfg": "menuentry A { linux /k a\n}\nmenuentry B { linux /k b\n}\n",
  });
  expect(menu.map(({ title, isDefault }) => [title, isDefault])).toEqual([
    ["A", false],
    ["B", true],
  ]);
});

test("the title may be behind options, and is without the dots that lead to a menu", async () => {
  const menu = await read(`
function load { insmod gzio
}
submenu --hotkey=a '... Advanced options ...' {
  menuentry --class debian --id x '... Expert install' { linux /k; }
}`);
  expect(menu.map(({ title }) => title)).toEqual(["Advanced options > Expert install"]);
});
