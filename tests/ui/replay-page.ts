import { expect, type Locator } from "@playwright/test";
import { RunPage } from "./run-page.ts";
import type { TinsmithPage } from "./tinsmith-page.ts";

/** The replay of an ended session, as a person sees it. */
export class ReplayPage {
  readonly view: Locator;
  readonly screen: Locator;
  /** The picture of the screen. */
  readonly picture: Locator;
  readonly serial: Locator;
  readonly log: Locator;
  readonly events: Locator;
  readonly time: Locator;
  /** Notes about the record. */
  readonly notes: Locator;
  /** The times on the axis. */
  readonly labels: Locator;
  /** The last event that has happened. */
  readonly current: Locator;

  constructor({ page }: TinsmithPage) {
    this.view = page.getByRole("region", { name: "Replay" });
    this.screen = this.view.getByRole("region", { name: "Screen" });
    this.picture = this.screen.getByRole("img");
    this.serial = this.view.getByRole("region", { name: "Serial console" });
    this.log = this.view.getByRole("region", { name: "The guest's log" });
    this.events = this.view.getByRole("region", { name: "Events" });
    this.time = this.view.locator("output");
    this.notes = this.view.getByRole("note");
    this.labels = this.view.locator(".replay-ticks .axis-label");
    this.current = this.view.locator("[aria-current]");
  }

  /** Opens the replay of the session that `leaveRecording` has left. */
  static async open(tinsmith: TinsmithPage): Promise<ReplayPage> {
    await RunPage.open(tinsmith, "make test");
    await tinsmith.page.getByRole("button", { name: "Replay" }).click();
    const replay = new ReplayPage(tinsmith);
    await expect(replay.time).toBeVisible();
    return replay;
  }

  button(name: string): Locator {
    return this.view.getByRole("button", { name, exact: true });
  }

  /** The row of an event. */
  event(text: string): Locator {
    return this.view.locator(".replay-happening", { hasText: text });
  }

  /** Goes to a time in seconds since the session's start. */
  async goTo(seconds: number): Promise<void> {
    await this.view.getByLabel("Time in the session").fill(`${seconds * 1000}`);
  }
}
