import { expect, test } from "./fixtures.ts";
import { openScriptedScreen } from "./scripted-screen.ts";

test("the text on the screen is shown as it changes, searched, and hidden again", async ({
  tinsmith,
  engine,
}) => {
  const { machine } = await openScriptedScreen(tinsmith, engine);
  const pane = tinsmith.screen.getByRole("region", { name: "The text on the guest's screen" });
  const show = tinsmith.screen.getByRole("button", { name: "Show the text" });
  await show.click();
  await expect(pane).toContainText("The screen shows graphics without text.");
  machine.setText({ kind: "text", columns: 80, lines: ["box login: root", "", "root@box:~#", ""] });
  await expect(pane.locator("pre")).toHaveText("box login: root\n\nroot@box:~#");
  await pane.getByRole("button", { name: "Search the text" }).click();
  await pane.getByRole("textbox", { name: "Search the text" }).fill("ROOT");
  await expect(pane.locator("mark")).toHaveText(["root", "root"]);
  await expect(pane.getByRole("search")).toContainText("1 of 2");
  await tinsmith.page.keyboard.press("Enter");
  await expect(pane.locator("mark[data-current]")).toHaveCount(1);
  await expect(pane.getByRole("search")).toContainText("2 of 2");
  machine.setText({ kind: "text", columns: 80, lines: ["", ""] });
  await expect(pane).toContainText("The screen is empty.");
  await show.click();
  await expect(pane).toBeHidden();
});
