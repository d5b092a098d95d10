import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { allCommands, type NamedCommand } from "./all-commands.ts";
import { project } from "./pages.ts";

// The last part of docs/cli.md is made here: UPDATE_DOCS=1 npx vitest run --project unit tests/docs/cli.test.ts

const page = join(project, "docs/cli.md");
const border = "<!-- From here on made by tests/docs/cli.test.ts -->\n";

function describe({ name, command }: NamedCommand): string {
  const help = command.createHelp();
  const rows = [
    ...help.visibleArguments(command).map((one) => row(`${one.name()}`, help.argumentDescription(one))),
    ...help
      .visibleOptions(command)
      .filter(({ long }) => long !== "--help")
      .map((one) => row(one.flags, help.optionDescription(one))),
  ];
  const table = rows.length > 0 ? ["", "| | |", "|---|---|", ...rows] : [];
  return [
    "",
    `### ${name}`,
    "",
    `\`tinsmith ${name} ${command.usage()}\``,
    "",
    command.description(),
    ...table,
  ].join("\n");
}

function row(term: string, description: string): string {
  return `| \`${term}\` | ${description.replaceAll("|", "\\|")} |`;
}

test("the page has all commands with all their options, in the words of --help", async () => {
  const commands = await allCommands();
  const made = `${border}${commands.map(describe).join("\n")}\n`;
  const [head] = readFileSync(page, "utf8").split(border);
  if (process.env.UPDATE_DOCS) writeFileSync(page, `${head}${made}`);
  expect(readFileSync(page, "utf8"), "make it anew: see this test's first lines").toBe(`${head}${made}`);
});

test("these are the commands that the program has", async () => {
  const { stdout } = await execa(join(project, "tinsmith"), ["--help"]);
  const listed = [...stdout.matchAll(/^ {2}([a-z-]+) /gm)]
    .map(([, name]) => name)
    .filter((name) => name !== "help");
  const known = new Set((await allCommands()).map(({ name }) => name.split(" ")[0]));
  expect(listed.sort()).toEqual([...known].sort());
});
