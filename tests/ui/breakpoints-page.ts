import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { expect, type Locator } from "@playwright/test";
import { type RuleInput, ruleSchema } from "../../shared/rules/rule.ts";
import type { ScriptedRun } from "./scripted-run.ts";
import type { TinsmithPage } from "./tinsmith-page.ts";

/** The breakpoints of a session as a person sees them. */
export class BreakpointsPage {
  readonly part: Locator;
  /** The rows of the queue. */
  readonly held: Locator;
  /** The selected message. */
  readonly message: Locator;
  readonly editor: Locator;
  readonly rules: Locator;

  constructor({ page }: TinsmithPage) {
    this.part = page.getByRole("region", { name: "Breakpoints" }).locator(".breakpoints");
    this.held = this.part.getByRole("listbox", { name: "Held messages" }).getByRole("option");
    this.message = this.part.getByRole("article");
    this.editor = this.message.getByRole("textbox", { name: "Body" });
    this.rules = this.part.getByRole("list", { name: "Rules" }).getByRole("listitem");
  }

  /** Opens the breakpoints of the session in front. */
  static async open(tinsmith: TinsmithPage): Promise<BreakpointsPage> {
    await tinsmith.command("Breakpoints");
    const page = new BreakpointsPage(tinsmith);
    await expect(page.part).toBeVisible();
    return page;
  }

  button(name: string | RegExp): Locator {
    return this.part.getByRole("button", { name });
  }

  /** Adds a breakpoint. */
  async breakOn(choices: Readonly<Record<string, string>>): Promise<void> {
    await this.button("Break on…").click();
    for (const [label, option] of Object.entries(choices))
      await this.part.getByLabel(label, { exact: true }).selectOption(option);
    await this.button("Add breakpoint").click();
    await expect(this.button("Add breakpoint")).toHaveCount(0);
  }
}

/** Adds a rule to a run, as the CLI does. */
export function addRule({ session }: ScriptedRun, rule: RuleInput): void {
  session.rules.rules.add([ruleSchema.parse(rule)]);
}

/** Sends a request of the guest tools. @returns its response; null for its status if the connection was cut */
export async function exchange(
  run: ScriptedRun,
  method: string,
  path: string,
  body = "",
): Promise<{ readonly status: number | null | undefined; readonly body: string }> {
  try {
    const headers: Record<string, string> = /^[{[]/.test(body) ? { "Content-Type": "application/json" } : {};
    const [reply] = (await once(run.request(method, path, headers).end(body), "response")) as [
      IncomingMessage,
    ];
    return { status: reply.statusCode, body: await text(reply) };
  } catch {
    return { status: null, body: "" };
  }
}
