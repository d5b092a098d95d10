import { request } from "node:http";
import { text } from "node:stream/consumers";
import { test as base, expect } from "@playwright/test";
import { createExchangeRecorder } from "../../core/metaservice/record/exchange-recorder.ts";
import { startMetaService } from "../../core/metaservice/service/meta-service.ts";
import { startGuestClock } from "../../core/time/guest-clock.ts";
import { type OtherSite, startOtherSite } from "./other-site.ts";
import { attackOn, pageAttacks } from "./page-attacks.ts";

interface GuestService {
  /** The address of an endpoint. */
  url(path: string): string;
  /** The statuses of all its replies. */
  readonly statuses: readonly number[];
  /** Fails if anything but guest tools has reached it: the action still waits, and there is no result. */
  expectUntouched(): Promise<void>;
}

const test = base.extend<{ service: GuestService; otherSite: OtherSite }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright finds a fixture's needs in its pattern.
  service: async ({}, use, { outputDir }) => {
    const results: string[] = [];
    const statuses: number[] = [];
    const recorder = createExchangeRecorder({
      report: (event) => {
        if (event.type === "exchange-replied") statuses.push(event.status);
      },
      folder: outputDir,
    });
    await using service = await startMetaService({
      clock: startGuestClock(),

      port: 0,
      task: { env: {}, command: ["make", "test"] },
      log: () => {},
      onResult: ({ result }) => results.push(result),
      recorder,
    });
    const ended = service.actions.listFolder("/waiting").catch(() => {});
    const url = (path: string) => `http://${service.address}/engine/v1/${path}`;
    const expectUntouched = async () => {
      expect(results).toEqual([]);
      expect(await getAsGuestTools(url("poll"))).toContain("/waiting");
    };
    await use({ url, statuses, expectUntouched });
    await service.close();
    await ended;
    await recorder.close();
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright finds a fixture's needs in its pattern.
  otherSite: async ({}, use) => {
    await using site = await startOtherSite();
    await use(site);
  },
});

function getAsGuestTools(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    request(url, (incoming) => resolve(text(incoming)))
      .on("error", reject)
      .end();
  });
}

const paths = ["execute", "poll", "success", "reply?id=1"];

for (const attack of Object.keys(pageAttacks) as (keyof typeof pageAttacks)[])
  test(`a page on another port does nothing to it by ${attack}, be it redirected or not`, async ({
    page,
    service,
    otherSite,
  }) => {
    await page.goto(otherSite.address);
    for (const url of paths.map(service.url)) {
      expect(await page.evaluate(attackOn(url, attack))).not.toBe("open");
      await page.evaluate(attackOn(otherSite.redirectTo(url), attack));
    }
    expect(service.statuses.length).toBeGreaterThanOrEqual(paths.length);
    expect(service.statuses.filter((status) => status !== 400)).toEqual([]);
    await service.expectUntouched();
  });

test("no page sends the browser itself there", async ({ page, service, otherSite }) => {
  await page.goto(otherSite.address);
  await page.evaluate((url) => location.assign(url), service.url("poll"));
  await page.waitForURL(service.url("poll"));
  // As if the person had typed an address that redirects.
  await page.goto(otherSite.redirectTo(service.url("poll")));
  // The browser asks for an icon as well.
  expect(new Set(service.statuses)).toEqual(new Set([400]));
  await service.expectUntouched();
});
