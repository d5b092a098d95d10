import type { Page } from "./pages.ts";

/** A command as a page shows it, with what the page says that it prints. */
export interface ShownCommand {
  readonly command: string;
  /** None when the page leaves the output out. */
  readonly output: readonly string[];
}

/** How a block is run; said in an HTML comment before it, which readers don't see. */
export type BlockPlan =
  | { readonly kind: "not-run"; readonly reason: string }
  | {
      readonly kind: "run";
      /** It needs an image, and boots it. */
      readonly onGuest: boolean;
      /** It waits for longer than a unit test may. */
      readonly takesLong: boolean;
      readonly exitStatus: number;
      /**
       * Set for a block that keeps running beside the later blocks of its section, which begin when it has printed
       * this.
       */
      readonly backgroundUntil: string | undefined;
      /** It is interrupted when the section is over; else it has to end by itself. */
      readonly thenInterrupted: boolean;
    };

/** A block of commands. */
export interface CommandBlock {
  /** Page and line, for people. */
  readonly place: string;
  readonly plan: BlockPlan;
  readonly commands: readonly ShownCommand[];
}

/** The blocks below one heading: they are run in their order, in one folder. */
export interface Section {
  readonly page: string;
  readonly title: string;
  readonly blocks: readonly CommandBlock[];
}

/** Languages of blocks that are not for a shell. */
const otherLanguages: readonly string[] = ["text", "json", "yaml", "http", "python"];
const fence = /^( *)```(\w*)$/;

/** Finds the blocks of commands in a page. @throws Error for a block of which one can't tell what it is. */
export function findSections({ path, text }: Page): readonly Section[] {
  const sections: { page: string; title: string; blocks: CommandBlock[] }[] = [];
  const lines = text.split("\n");
  let title = path;
  let comment = "";
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    const place = `${path}:${index + 1}`;
    const [, indent, language = ""] = fence.exec(line) ?? [];
    if (/^ {4,}\$ /.test(line)) throw new Error(`${place}: commands belong into a block with \`\`\`console`);
    title = /^##? (.*)/.exec(line)?.[1] ?? title;
    if (indent !== undefined) {
      const end = lines.indexOf(`${indent}\`\`\``, index + 1);
      const content = lines.slice(index + 1, end).map((one) => one.slice(indent.length));
      index = end;
      if (otherLanguages.includes(language)) continue;
      const section = sections.at(-1);
      const block = {
        place,
        plan: readPlan(comment, place),
        commands: readCommands(content, language, place),
      };
      if (section?.title === title) section.blocks.push(block);
      else sections.push({ page: path, title, blocks: [block] });
    }
    if (line.trim()) comment = line;
  }
  return sections;
}

/** Whether a section needs an image that boots. */
export function needsGuest({ blocks }: Section): boolean {
  return blocks.some(({ plan }) => plan.kind === "run" && plan.onGuest);
}

/** Whether a section takes longer than a unit test may. */
export function takesLong({ blocks }: Section): boolean {
  return blocks.some(({ plan }) => plan.kind === "run" && plan.takesLong);
}

/** The instructions that a comment before a block may give for running it. */
const wishes =
  /^(on a guest|takes long|in the background(?: until "(.+)")?|then interrupted|exit status (\d+))$/;

function readPlan(comment: string, place: string): BlockPlan {
  const [, reason] = /^ *<!-- not run: (.+) -->$/.exec(comment) ?? [];
  if (reason !== undefined) return { kind: "not-run", reason };
  const [, text] = /^ *<!-- run: (.+) -->$/.exec(comment) ?? [];
  const found = text?.split(", ").map((wish) => {
    const match = wishes.exec(wish);
    if (!match) throw new Error(`${place}: no way to run a block: ${wish}`);
    return match;
  });
  const find = (start: string) => found?.find(([wish]) => wish.startsWith(start));
  const background = find("in the background");
  return {
    kind: "run",
    onGuest: find("on a guest") !== undefined,
    takesLong: find("takes long") !== undefined,
    exitStatus: Number(find("exit status")?.[3] ?? 0),
    backgroundUntil: background && (background[2] ?? ""),
    thenInterrupted: find("then interrupted") !== undefined,
  };
}

function readCommands(lines: readonly string[], language: string, place: string): ShownCommand[] {
  // Scripts, which are shown whole.
  if (language === "sh") return [{ command: lines.join("\n"), output: [] }];
  if (language !== "console")
    throw new Error(`${place}: a block in no known language: ${language || "none"}`);
  const commands: { command: string; output: string[] }[] = [];
  for (const line of lines) {
    const last = commands.at(-1);
    if (line.startsWith("$ ")) commands.push({ command: line.slice(2), output: [] });
    else if (last?.command.endsWith("\\") && last.output.length === 0) last.command += `\n${line}`;
    else if (last) last.output.push(line);
    else throw new Error(`${place}: a block of commands begins with $`);
  }
  return commands;
}
